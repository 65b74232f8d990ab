using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>Quantiles and tails of Student's t, against the numbers of printed tables and closed forms.</summary>
[TestFixture]
public sealed class StudentTTests
{
    [TestCase(3, 0.975, 3.182446305283708)]
    [TestCase(5, 0.9, 1.475884048824480)]
    [TestCase(10, 0.95, 1.812461122811676)]
    [TestCase(30, 0.975, 2.042272456301238)]
    [TestCase(30, 0.025, -2.042272456301238)]
    [TestCase(7, 0.5, 0)]
    public void Quantiles_are_those_of_tables(double freedom, double probability, double expected) =>
        Assert.That(StudentT.Quantile(probability, freedom), Is.EqualTo(expected).Within(1e-9));

    [Test]
    public void Quantiles_and_tails_are_those_of_closed_forms([Values(0.005, 0.1, 0.45, 0.6, 0.995)] double p)
    {
        double one = Math.Tan(Math.PI * (p - 0.5));
        double two = (2 * p - 1) * Math.Sqrt(1 / (2 * p * (1 - p)));
        Assert.Multiple(() =>
        {
            Assert.That(StudentT.Quantile(p, 1), Is.EqualTo(one).Within(1e-9 * Math.Abs(one)));
            Assert.That(StudentT.Quantile(p, 2), Is.EqualTo(two).Within(1e-9 * Math.Abs(two)));
            Assert.That(StudentT.TwoSided(two, 2), Is.EqualTo(2 * Math.Min(p, 1 - p)).Within(1e-12));
        });
    }

    [Test]
    public void Much_freedom_makes_it_normal() =>
        Assert.That(StudentT.Quantile(0.9, 1e7), Is.EqualTo(Gaussian.Quantile(0.9)).Within(1e-6));
}
