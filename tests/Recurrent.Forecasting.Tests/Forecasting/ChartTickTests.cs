using Recurrent.Drawing;
using Recurrent.Forecasting;

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

    [TestCase("1949-01-01", "1960-12-01", "1950 1952 1954 1956 1958 1960")]
    [TestCase("1956-12-01", "1960-12-01", "1957 Jul 57 1958 Jul 58 1959 Jul 59 1960 Jul 60")]
    [TestCase("1749-01-01", "2013-09-01", "1750 1800 1850 1900 1950 2000")]
    [TestCase("2024-02-20", "2024-03-05", "20 Feb 22 Feb 24 Feb 26 Feb 28 Feb 1 Mar 3 Mar 5 Mar")]
    [TestCase("2024-02-20 06:00:00", "2024-02-21 18:00:00", "06:00 12:00 18:00 21 Feb 06:00 12:00 18:00")]
    public void Dates(string low, string high, string labels) => Assert.That(
        string.Join(' ', DateTicks.Between(Date(low), Date(high), most: 11).Select(tick => tick.Label)), Is.EqualTo(labels));

    private static DateTime Date(string text) => DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
