using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed class ForecastMetricsTests
{
    private static readonly double[] Actual = [10, 20, 30];
    private static readonly double[] Forecast = [12, 16, 30];

    [Test]
    public void Errors_are_those_of_pencil_and_paper() => Assert.Multiple(() =>
    {
        Assert.That(ForecastMetrics.Mae(Actual, Forecast), Is.EqualTo((2 + 4 + 0) / 3.0));
        Assert.That(ForecastMetrics.Rmse(Actual, Forecast), Is.EqualTo(Math.Sqrt((4 + 16 + 0) / 3.0)));
        Assert.That(ForecastMetrics.Smape(Actual, Forecast),
            Is.EqualTo(((200 * 2 / 22.0) + (200 * 4 / 36.0) + 0) / 3).Within(1e-12));

        // The training part 1 2 4 7 has seasonal differences, at lag 2, of 3 and 5: the scale is 4.
        Assert.That(ForecastMetrics.MaseScale([1, 2, 4, 7], 2), Is.EqualTo(4));
        Assert.That(ForecastMetrics.Mase(Actual, Forecast, [1, 2, 4, 7], 2), Is.EqualTo(0.5));

        // Quantile .9: 10 lies 2 below its forecast, which costs .1 · 2; 20 lies 4 above, which costs .9 · 4.
        Assert.That(ForecastMetrics.Pinball(Actual, Forecast, 0.9), Is.EqualTo((0.2 + 3.6) / 3).Within(1e-12));
        Assert.That(ForecastMetrics.Coverage(Actual, [9, 21, 30], [11, 25, 30]), Is.EqualTo(2.0 / 3));
    });

    [Test]
    public void The_pinball_loss_of_the_median_is_half_the_absolute_error() => Assert.That(
        ForecastMetrics.Pinball(Actual, Forecast, 0.5), Is.EqualTo(ForecastMetrics.Mae(Actual, Forecast) / 2));

    [Test]
    public void Two_zeros_agree_perfectly() => Assert.That(ForecastMetrics.Smape([0, 1], [0, 1]), Is.Zero);

    [Test]
    public void What_has_no_answer_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => ForecastMetrics.Mae([1, 2], [1]),
            Throws.ArgumentException.With.Message.Contains("2 actual values but 1 forecasts"));
        Assert.That(() => ForecastMetrics.Rmse([], []), Throws.ArgumentException.With.Message.Contains("at least one"));
        Assert.That(() => ForecastMetrics.MaseScale([1, 2, 1, 2], 2),
            Throws.ArgumentException.With.Message.Contains("repeats itself"));
        Assert.That(() => ForecastMetrics.MaseScale([1, 2], 2),
            Throws.ArgumentException.With.Message.Contains("at least 3 values, but there are 2"));
        Assert.That(() => ForecastMetrics.MaseScale([1, 2], 0),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("at least 1 step"));
        Assert.That(() => ForecastMetrics.Pinball([1], [1], 1),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("above 0 and below 1"));
    });
}
