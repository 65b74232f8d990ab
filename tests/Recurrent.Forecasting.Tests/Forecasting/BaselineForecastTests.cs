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
    public void Scores_are_those_of_the_reference(LocalForecaster method, double mase, double smape, double rmse)
    {
        (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(Horizon);
        double[] forecast = method.Forecast(training.Values, Horizon);
        var score = ForecastScore.Of(method.Name, heldOut.Values, forecast, training.Values, Season);
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
        Assert.That(() => new Drift().Forecast([1], 1), Throws.ArgumentException.With.Message.Contains("at least 2 values"));
        Assert.That(() => new MovingAverage(4).Forecast([1, 2], 1),
            Throws.ArgumentException.With.Message.Contains("needs as many, but there are 2"));
        Assert.That(() => new MovingAverage(0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SeasonalNaiveWithGrowth(12, new StandardScaler([1, 2])), Throws.ArgumentException);
        Assert.That(() => new Croston(alpha: 0), Throws.ArgumentException.With.Message.Contains("alpha must be above 0"));
        Assert.That(() => new Croston(beta: 0.2), Throws.ArgumentException.With.Message.Contains("belongs to the variant Tsb"));
        Assert.That(() => new Croston().Forecast([1, 0, -2], 1), Throws.ArgumentException.With.Message.Contains("value 2 is -2"));
        Assert.That(() => new NaiveForecast().Forecast([1], 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new SeasonalNaive(0), Throws.InstanceOf<ArgumentException>().With.Message.Contains("at least 1 step"));
    });

    [Test]
    public void Simple_methods_are_what_their_formulas_say() => Assert.Multiple(() =>
    {
        Assert.That(new Drift().Forecast([1, 5, 2, 7], 2), Is.EqualTo(new[] { 9.0, 11 }).Within(1e-12));
        Assert.That(new MeanForecast().Forecast([1, 2, 6], 2), Is.EqualTo(new[] { 3.0, 3 }).Within(1e-12));
        Assert.That(new MovingAverage(2).Forecast([9, 1, 2], 2), Is.EqualTo(new[] { 1.5, 1.5 }));
        Assert.That(new MovingAverage(season: 3).Forecast([9, 1, 2, 6], 1), Is.EqualTo(new[] { 3.0 }));

        // Differences 4, -3, 5 around their mean 2: the drift's errors have the root mean square of 2, -5 and 3.
        QuantileGrid grid = new Drift().FitSeries(new LocalTask([1, 5, 2, 7])).Predict(2, []);
        double sigma = Math.Sqrt((4 + 25 + 9) / 3.0), z = 1.2815515655446004;
        Assert.That(grid.Quantile(1, 0.9) - grid.Point[1], Is.EqualTo(z * sigma * Math.Sqrt(2 * (1 + (2 / 3.0)))).Within(1e-9));
        grid = new MeanForecast().FitSeries(new LocalTask([1, 2, 6])).Predict(1, []);
        Assert.That(grid.Quantile(0, 0.9) - 3, Is.EqualTo(z * Math.Sqrt(7) * Math.Sqrt(4 / 3.0)).Within(1e-9));
        grid = new NaiveForecast().FitSeries(new LocalTask([1, 3, 1, 3])).Predict(4, []);
        Assert.That(grid.Quantile(3, 0.9) - 3, Is.EqualTo(z * 2 * 2).Within(1e-9));
        double[] seasonal = [.. Enumerable.Range(0, 24).Select(t => (t % 4 == 0 ? 0.5 : t % 4 == 2 ? 1.5 : 1) * (10 + (t / 12)))];
        Assert.That(new Naive2(4).Forecast(seasonal, 4), Is.EqualTo(new[] { 5.5, 11, 16.5, 11 }).Within(0.4));
        Assert.That(new Naive2(1).Forecast(seasonal, 2), Is.EqualTo(new[] { 11.0, 11 }));
    });

    [Test]
    public void Intermittent_demand_is_smoothed_by_size_and_interval() => Assert.Multiple(() =>
    {
        // Demands 4, 8, 2 at steps 2, 4, 5: sizes 4, 4.4, 4.16; intervals 2, 2, 1.9.
        double[] demand = [0, 4, 0, 8, 2, 0];
        Assert.That(new Croston().Forecast(demand, 2), Is.All.EqualTo(4.16 / 1.9).Within(1e-12));
        Assert.That(new Croston(CrostonVariant.Sba).Forecast(demand, 1)[0], Is.EqualTo(0.95 * 4.16 / 1.9).Within(1e-12));
        double chance = 0.5;
        foreach (double value in demand)
        {
            chance += 0.2 * ((value > 0 ? 1 : 0) - chance);
        }

        LocalForecaster tsb = new Croston(CrostonVariant.Tsb, 0.1, 0.2);
        Assert.That(tsb.Forecast(demand, 1)[0], Is.EqualTo(4.16 * chance).Within(1e-12));
        LocalFit later = tsb.FitSeries(new LocalTask(demand)).Update([0, 0, 0], []);
        Assert.That(later.Predict(1, []).Point[0], Is.EqualTo(4.16 * chance * 0.512).Within(1e-12));
        Assert.That(new Croston().Forecast([0, 0, 0], 2), Is.All.Zero);
        LocalFit fit = new Croston().FitSeries(new LocalTask(demand));
        Assert.That(fit.Fitted.ToArray()[..3], Is.EqualTo(new[] { 0, 0, 2.0 }));
        Assert.That(fit.Predict(1, []).Quantile(0, 0.4), Is.Zero);
        Assert.That(fit.Predict(1, []).Quantile(0, 0.99), Is.GreaterThan(4.16));
        Assert.That(fit.Simulate(1, 4000, 1, []).Count(path => path[0] > 0) / 4000.0, Is.EqualTo(1 / 1.9).Within(0.03));
        Assert.That(Forecasters.Registry.Create("sba").Name, Is.EqualTo("SBA"));
        Assert.That(Forecasters.Registry.Create("tsb").Name, Is.EqualTo("TSB"));
    });

    [TestCaseSource(nameof(All))]
    public void Files_and_updates_carry_every_simple_method_on(LocalForecaster method)
    {
        TimeSeries series = TestData.AirPassengers();
        method.Fit(series.Slice(0, 120));
        method.Update(series.Slice(120, 24));
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");
        method.Save(path);
        Forecaster again = Forecaster.Load(path);
        File.Delete(path);
        Assert.That(again.Predict(15).Quantile(0.9), Is.EqualTo(method.Predict(15).Quantile(0.9)));
        Assert.That(again.GetConfig(), Is.EqualTo(method.GetConfig()));
        LocalFit fit = method.FitSeries(new LocalTask(series.Values[..120].ToArray(), 12));
        LocalFit steps = series.Values[120..].ToArray().Aggregate(fit, (one, value) => one.Update([value], []));
        Assert.That(steps.Predict(15, []).Point.ToArray(), Is.EqualTo(again.Predict(15).Point.ToArray()).Within(1e-9));
        Assert.That(fit.Fitted.Length, Is.EqualTo(120));
        Assert.That(fit.Residuals[100], Is.EqualTo(series.Values[100] - fit.Fitted[100]).Within(1e-9));
    }

    [TestCaseSource(nameof(All))]
    public void Simple_methods_scale_with_the_series(LocalForecaster method)
    {
        if (method.GetConfig().Any(entry => entry is { Key: "transform", Value: "box_cox" }))
        {
            // The power of 1 more or less is not the power of the scale.
            return;
        }

        double[] values = TestData.AirPassengers().Values[..60].ToArray();
        QuantileGrid grid = method.FitSeries(new LocalTask(values, 12)).Predict(14, []);
        foreach (double factor in new[] { 1e-150, 7, 1e150 })
        {
            QuantileGrid scaled = method.FitSeries(new LocalTask(Array.ConvertAll(values, value => value * factor), 12))
                .Predict(14, []);
            Assert.That(scaled.Point[13] / factor, Is.EqualTo(grid.Point[13]).Within(1e-6).Percent);
            Assert.That(scaled.Quantile(13, 0.8) / factor, Is.EqualTo(grid.Quantile(13, 0.8)).Within(1e-6).Percent);
        }
    }

    private static IEnumerable<TestCaseData> All() => new LocalForecaster[]
    {
        new NaiveForecast(), new Naive2(), new Drift(), new MeanForecast(), new MovingAverage(), new MovingAverage(3),
        new SeasonalNaive(), new SeasonalNaiveWithGrowth(), new SeasonalNaiveWithGrowth(null, new LogTransform()),
        new SeasonalNaiveWithGrowth(12, new SquareRootTransform()), new SeasonalNaiveWithGrowth(12, new BoxCoxTransform(0.3)),
        new Croston(), new Croston(CrostonVariant.Sba), new Croston(CrostonVariant.Tsb, 0.2, 0.1),
    }.Select((method, i) => new TestCaseData(method).SetArgDisplayNames($"{i} {method.Name}"));
}
