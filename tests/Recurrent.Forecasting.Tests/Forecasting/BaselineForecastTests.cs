using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>Baselines, among others against scores that were measured with other software on the same series and split.</summary>
[TestFixture]
public sealed class BaselineForecastTests
{
    private const int Horizon = 24;
    private const int Season = 12;

    // MASE, sMAPE and RMSE of the last 24 months of air passengers, computed in R.
    private static IEnumerable<TestCaseData> AirPassengers() =>
    [
        new TestCaseData(new NaiveForecast(), 4.033, 27.751, 137.3).SetArgDisplayNames("naive"),
        new TestCaseData(new SeasonalNaive(Season), 2.494, 17.013, 76.995).SetArgDisplayNames("seasonal naive"),
        new TestCaseData(new SeasonalNaiveWithGrowth(Season, new LogTransform()), 0.465, 2.964, 17.016)
            .SetArgDisplayNames("with mean growth"),
    ];

    [TestCaseSource(nameof(AirPassengers))]
    public void Scores_are_those_of_the_reference(object method, double mase, double smape, double rmse)
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(Horizon);
        (string name, double[] forecast) = method is LocalForecaster local
            ? (local.Name, local.Forecast(training.Values, Horizon))
            : (((BaselineForecast)method).Name, ((BaselineForecast)method).Forecast(training.Values, Horizon));
        var score = ForecastScore.Of(name, heldOut.Values, forecast, training.Values, Season);
        Assert.Multiple(() =>
        {
            Assert.That(ForecastMetrics.MaseScale(training.Values, Season), Is.EqualTo(28.5741).Within(5e-5));
            Assert.That(score.Mase, Is.EqualTo(mase).Within(5e-4));
            Assert.That(score.Smape, Is.EqualTo(smape).Within(5e-4));
            Assert.That(score.Rmse, Is.EqualTo(rmse).Within(rmse > 100 ? 0.05 : 5e-4));
        });
    }

    [Test]
    public void On_its_own_scale_growth_is_a_sum()
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.Co2().HoldOut(Horizon);
        double[] forecast = new SeasonalNaiveWithGrowth(Season).Forecast(training.Values, Horizon);
        Assert.That(ForecastMetrics.Mase(heldOut.Values, forecast, training.Values, Season), Is.EqualTo(0.403).Within(5e-4));
    }

    [Test]
    public void Seasons_repeat_beyond_the_first()
    {
        Assert.That(new SeasonalNaive(3).Forecast([9, 9, 1, 2, 3], 7), Is.EqualTo(new[] { 1, 2, 3, 1, 2, 3, 1 }));
        Assert.That(new NaiveForecast().Forecast([1, 2], 2), Is.EqualTo(new[] { 2, 2 }));

        // Seasonal differences 3 and 5 of lag 2: a mean growth of 4 for each season ahead.
        Assert.That(new SeasonalNaiveWithGrowth(2).Forecast([1, 2, 4, 7], 5), Is.EqualTo(new[] { 8, 11, 12, 15, 16 }));
    }

    [Test]
    public void What_is_too_short_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new SeasonalNaive(3).Forecast([1, 2], 1),
            Throws.ArgumentException.With.Message.Contains("at least 3 values, but there are 2"));
        Assert.That(() => new SeasonalNaiveWithGrowth(2).Forecast([1, 2], 1),
            Throws.ArgumentException.With.Message.Contains("at least 3 values"));
        Assert.That(() => new NaiveForecast().Forecast([], 1), Throws.ArgumentException);
        Assert.That(() => new NaiveForecast().Forecast([1], 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SeasonalNaive(0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("at least 1 step"));
    });
}
