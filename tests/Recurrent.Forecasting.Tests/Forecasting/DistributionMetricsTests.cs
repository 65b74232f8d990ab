using FsCheck;
using FsCheck.Fluent;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed class DistributionMetricsTests
{
    private static readonly double[] Training = [1, 2, 4, 7];

    [Test]
    public void Errors_are_those_of_pencil_and_paper() => Assert.Multiple(() =>
    {
        // Seasonal differences at lag 2 are 3 and 5: mean square 17, mean 4.
        Assert.That(ForecastMetrics.Rmsse([10, 20], [12, 16], Training, 2), Is.EqualTo(Math.Sqrt(10 / 17.0)).Within(1e-12));
        Assert.That(ForecastMetrics.Wmape([10, -30], [12, -24]), Is.EqualTo(100 * 8 / 40.0).Within(1e-12));

        // The first lies inside an interval of 4; the second 1 above one of 2, which costs 2 + 2 / .05 · 1.
        Assert.That(ForecastMetrics.Msis([2, 9], [0, 6], [4, 8], Training, 2), Is.EqualTo((4 + 2 + 40) / 2.0 / 4).Within(1e-9));
        Assert.That(ForecastMetrics.Owa(9, 2, 18, 2.5), Is.EqualTo((0.5 + 0.8) / 2).Within(1e-12));
    });

    [TestCase(0, 1)]
    [TestCase(1.3, 1)]
    [TestCase(-4, 2.5)]
    public void The_score_of_a_normal_distribution_is_the_closed_form(double error, double sigma)
    {
        double z = error / sigma;
        double density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        double exact = sigma * ((z * ((2 * MathNet.Numerics.SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2) - 1))
            + (2 * density) - (1 / Math.Sqrt(Math.PI)));
        Assert.That(ForecastMetrics.Crps([5 + error], QuantileGrid.Normal([5], [sigma])),
            Is.EqualTo(exact).Within(0.005 * exact));
    }

    [Test]
    public void The_score_of_a_certain_forecast_is_the_absolute_error() =>
        Assert.That(ForecastMetrics.Crps([5, 2], QuantileGrid.Normal([3, 3], [0, 0])), Is.EqualTo(1.5).Within(1e-12));

    [Test]
    public void Missing_values_are_passed_over()
    {
        double nan = double.NaN;
        double[] actual = [10, nan, 30];
        double[] forecast = [12, 1e9, 33];
        QuantileGrid grid = QuantileGrid.Normal(forecast, [1, 1, 1]);
        Assert.Multiple(() =>
        {
            Assert.That(ForecastMetrics.Mae(actual, forecast), Is.EqualTo(2.5));
            Assert.That(ForecastMetrics.Rmse(actual, forecast), Is.EqualTo(Math.Sqrt(6.5)).Within(1e-12));
            Assert.That(ForecastMetrics.Smape(actual, forecast), Is.EqualTo(((400 / 22.0) + (600 / 63.0)) / 2).Within(1e-12));
            Assert.That(ForecastMetrics.Coverage(actual, [9, 0, 31], [13, 0, 34]), Is.EqualTo(0.5));
            Assert.That(ForecastMetrics.Pinball(actual, forecast, 0.5), Is.EqualTo(1.25));
            Assert.That(ForecastMetrics.Msis(actual, [9, 0, 29], [13, 0, 34], Training, 2), Is.EqualTo(4.5 / 4).Within(1e-9));
            Assert.That(ForecastMetrics.Crps(actual, grid), Is.EqualTo(
                ForecastMetrics.Crps([10, 30], QuantileGrid.Normal([12, 33], [1, 1]))));
            Assert.That(ForecastMetrics.MaseScale([1, 2, nan, 7, 9], 2), Is.EqualTo(5));
            Assert.That(() => ForecastMetrics.Mae([nan], [1]), Throws.ArgumentException.With.Message.Contains("missing"));
            Assert.That(() => ForecastMetrics.Mae([1], [nan]), Throws.ArgumentException);
            Assert.That(() => ForecastMetrics.Mae([double.PositiveInfinity], [1]), Throws.ArgumentException);
        });
    }

    [Test]
    public void Scaled_scores_do_not_depend_on_the_unit_however_large_or_small()
    {
        double[] units = [1, 1e-300, 1e-150, 1e150, 1e290];
        double[] y = [10, 20, 31];
        double[] f = [12, 16, 30];
        foreach (double unit in units)
        {
            double[] Scaled(params double[] values) => [.. values.Select(value => value * unit)];
            double[] training = Scaled(Training);
            Assert.That(ForecastMetrics.Rmsse(Scaled(y), Scaled(f), training, 2),
                Is.EqualTo(ForecastMetrics.Rmsse(y, f, Training, 2)).Within(1e-9), $"{unit}");
            Assert.That(ForecastMetrics.Wmape(Scaled(y), Scaled(f)), Is.EqualTo(ForecastMetrics.Wmape(y, f)).Within(1e-9));
            Assert.That(ForecastMetrics.Msis(Scaled(y), Scaled(9, 15, 32), Scaled(14, 19, 40), training, 2),
                Is.EqualTo(ForecastMetrics.Msis(y, [9, 15, 32], [14, 19, 40], Training, 2)).Within(1e-9));
        }
    }

    [Test]
    public void The_right_distribution_scores_best() => Prop.ForAll(
        ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<NormalFloat>(), (spread, shift) =>
    {
        double sigma = 0.2 + (spread.Item % 50 / 10.0);
        double mean = shift.Item % 5;
        double[] truth = [.. Enumerable.Range(1, 399).Select(i => QuantileGrid.Normal([0], [1]).Quantile(0, i / 400.0))];
        double Score(double m, double s)
        {
            double[] points = [.. truth.Select(_ => m)];
            return ForecastMetrics.Crps(truth, QuantileGrid.Normal(points, [.. truth.Select(_ => s)]));
        }

        return Score(0, 1) <= Score(mean, sigma) + 1e-3;
    }).Check(Config.QuickThrowOnFailure.WithReplay(20261126UL, 1UL));
}
