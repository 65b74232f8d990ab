using Recurrent.Drawing;

namespace Recurrent.Tests.Forecasting;

/// <summary>Marks on axes are round, few, and inside.</summary>
[TestFixture]
public sealed class ChartTickTests
{
    [TestCase(80, 660, 7, "100 200 300 400 500 600")]
    [TestCase(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [TestCase(-0.03, 0.03, 4, "−0.02 0.00 0.02")]
    [TestCase(0, 25000, 5, "0 5,000 10,000 15,000 20,000 25,000")]
    [TestCase(5, 5, 5, "5")]
    [TestCase(-0.4, 0.4, 2, "0.0")]
    [TestCase(1e20, 3e20, 4, "1e20 1.5e20 2e20 2.5e20 3e20")]
    [TestCase(-2e-9, 2e-9, 2, "−2e−9 0e0 2e−9")]
    public void Numbers(double low, double high, int most, string labels) =>
        Assert.That(string.Join(' ', NumberTicks.Between(low, high, most).Select(tick => tick.Label)), Is.EqualTo(labels));
}
