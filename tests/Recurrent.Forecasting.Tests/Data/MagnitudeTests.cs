using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Data;

/// <summary>Numbers near the ends of a double's range: where the result is a number, it is found.</summary>
[TestFixture]
public sealed class MagnitudeTests
{
    private const double Most = 1.7e308;

    [TestCase(1e200)]
    [TestCase(1)]
    [TestCase(1e-200)]
    [TestCase(5e307)]
    [TestCase(1e-309)]
    public void Scores_and_scalers_do_not_depend_on_the_unit(double unit)
    {
        double[] values = [unit, 2 * unit, 3 * unit];
        double[] zeros = [0, 0, 0];
        var standard = new StandardScaler(values);
        Assert.Multiple(() =>
        {
            Assert.That(standard.Mean, Is.EqualTo(2 * unit).Within(1e-6).Percent);
            Assert.That(standard.StandardDeviation, Is.EqualTo(Math.Sqrt(2.0 / 3) * unit).Within(1e-6).Percent);
            Assert.That(standard.Transform(values), Is.EqualTo(new[] { -Math.Sqrt(1.5), 0, Math.Sqrt(1.5) }).Within(1e-9));
            Assert.That(standard.Inverse(standard.Transform(values)), Is.EqualTo(values).Within(1e-6).Percent);
            Assert.That(new MinMaxScaler(values).Transform(values), Is.EqualTo(new[] { 0, 0.5, 1 }).Within(1e-9));
            Assert.That(ForecastMetrics.Rmse(values, zeros), Is.EqualTo(Math.Sqrt(14.0 / 3) * unit).Within(1e-6).Percent);
            Assert.That(ForecastMetrics.Mae(values, zeros), Is.EqualTo(2 * unit).Within(1e-6).Percent);
            Assert.That(ForecastMetrics.Smape(values, zeros), Is.EqualTo(200));
            Assert.That(ForecastMetrics.Smape([unit], [3 * unit]), Is.EqualTo(100).Within(1e-6));
            Assert.That(ForecastMetrics.Mase(values, zeros, [unit, 3 * unit], 1), Is.EqualTo(1).Within(1e-6));
            Assert.That(ForecastMetrics.Pinball(values, zeros, 0.25), Is.EqualTo(0.5 * unit).Within(1e-6).Percent);
        });
    }

    [TestCase(1e200)]
    [TestCase(-1.7e308)]
    [TestCase(3e-320)]
    public void The_rmse_of_one_error_is_that_error(double error) =>
        Assert.That(ForecastMetrics.Rmse([error], [0]), Is.EqualTo(Math.Abs(error)));

    [Test]
    public void A_range_beyond_the_largest_double_is_scaled()
    {
        double[] values = [-Most, .. Enumerable.Repeat(Most, 99)];
        double[] errors = [Most, -Most];
        var standard = new StandardScaler(values);
        var minMax = new MinMaxScaler(values, -1, 1);
        Assert.Multiple(() =>
        {
            Assert.That(standard.Mean, Is.EqualTo(0.98 * Most).Within(1e-9).Percent);
            Assert.That(standard.Transform(-Most), Is.EqualTo(-Math.Sqrt(99)).Within(1e-9));
            Assert.That(standard.Inverse(standard.Transform(-Most)), Is.EqualTo(-Most).Within(1e-9).Percent);
            Assert.That(new StandardScaler(errors).Transform(errors), Is.EqualTo(new[] { 1.0, -1 }));
            Assert.That(minMax.Transform([-Most, 0, Most]), Is.EqualTo(new[] { -1.0, 0, 1 }));
            Assert.That(minMax.Inverse([-1, 0, 0.5, 1]), Is.EqualTo(new[] { -Most, 0, Most / 2, Most }).Within(1e-12).Percent);

            // Errors of twice the largest double have no number; their ratio has.
            Assert.That(ForecastMetrics.Mase(errors, [-Most, Most], errors, 1), Is.EqualTo(1));
            Assert.That(ForecastMetrics.Smape(errors, [-Most, Most]), Is.EqualTo(200));
            Assert.That(ForecastMetrics.Mae([1e308, 1e308, 1e308], [0, 0, 0]), Is.EqualTo(1e308));
            Assert.That(new SeasonalNaiveWithGrowth(1).Forecast([Most, -Most, 0], 1), Is.EqualTo(new[] { -Most / 2 })
                .Within(1e-9).Percent);
        });
    }

    [TestCase(541, 20.1)]
    [TestCase(541, -20.1)]
    [TestCase(3, 0.1)]
    [TestCase(100_000, 1e-300)]
    [TestCase(7, 1.7e308)]
    public void A_constant_is_found_exactly(int count, double value)
    {
        var scaler = new StandardScaler([.. Enumerable.Repeat(value, count)]);
        Assert.Multiple(() =>
        {
            Assert.That(scaler.Transform(value), Is.Zero);
            Assert.That(scaler.Transform(value + 1), Is.EqualTo(value + 1 - value));
            Assert.That(scaler.Inverse(0), Is.EqualTo(value));
        });
    }

    [Test]
    public void A_small_spread_beside_a_large_mean_is_no_constant()
    {
        var scaler = new StandardScaler([1e15, 1e15 + 1, 1e15 + 2]);
        Assert.That(scaler.Transform([1e15, 1e15 + 1, 1e15 + 2]),
            Is.EqualTo(new[] { -Math.Sqrt(1.5), 0, Math.Sqrt(1.5) }).Within(1e-9));
    }

    [Test]
    public void Logarithms_reach_to_the_ends() => Assert.Multiple(() =>
    {
        var transform = new LogTransform(Most);
        Assert.That(transform.Transform(Most), Is.EqualTo(Math.Log(Most) + Math.Log(2)).Within(1e-12));
        Assert.That(transform.Inverse(transform.Transform(Most)), Is.EqualTo(Most).Within(1e-9).Percent);
    });

    [Test]
    public void Scores_of_what_is_no_number_are_refused() => Assert.That(
        () => ForecastMetrics.Rmse([1, 2], [1, double.NaN]), Throws.ArgumentException.With.Message.StartsWith("Value 1 is NaN"));
}
