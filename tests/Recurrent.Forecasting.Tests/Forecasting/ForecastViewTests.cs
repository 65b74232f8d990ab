using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>What can be read off forecasts, backtests and methods that consist of others.</summary>
[TestFixture]
public sealed class ForecastViewTests
{
    private static TimeSeries Series(string name, int count, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        return new(name, [.. Enumerable.Range(0, count)
            .Select(t => 50 + (10 * Math.Sin(t * Math.PI / 6)) + random.NextUniform(-1, 1))]);
    }

    [Test]
    public void Scores_by_series_are_those_of_each_series_alone()
    {
        TimeSeries a = Series("a", 60, 1);
        TimeSeries b = Series("b", 70, 2);
        Forecaster[] methods = [new SeasonalNaive(12), new SeasonalNaive(1)];
        var options = new BacktestOptions(6) { Folds = 3 };
        BacktestResult both = Backtest.Run(new SeriesPanel([a, b]), methods, options);
        IReadOnlyList<BacktestScore> bySeries = both.BySeries();
        Assert.That(bySeries.Select(score => (score.Method, score.Series)), Is.EqualTo(
            both.Methods.SelectMany(method => new[] { (method, "a"), (method, "b") })));
        foreach (TimeSeries series in new[] { a, b })
        {
            BacktestResult alone = Backtest.Run(series, methods, options);
            Assert.That(bySeries.Where(score => score.Series == series.Name).Select(score => score.Mase),
                Is.EqualTo(alone.Scores.Select(score => score.Mase)), series.Name);
        }
    }

    [Test]
    public void A_verdict_names_what_a_method_is_compared_with()
    {
        BacktestResult result = Backtest.Run(
            Series("y", 120, 4), [new SeasonalNaive(12), new SeasonalNaive(1), new ExponentialSmoothing(season: 12)],
            new(12) { Folds = 3 });
        Comparison verdict = result.Verdicts.Single();
        Assert.That((verdict.Method, verdict.Other), Is.EqualTo((result.Methods[2], result.Methods[0])));
        Assert.That(verdict.OtherScore, Is.EqualTo(result.Scores[0].Mase).Within(1e-12));
    }

    [Test]
    public void Quantiles_of_a_prediction_are_those_of_the_forecast()
    {
        var method = new SeasonalNaive(12);
        method.Fit(Series("y", 60, 5));
        double[][] quantiles = method.PredictQuantiles(4, [0.1, 0.5, 0.9]);
        Forecast forecast = method.Predict(4);
        Assert.That(quantiles, Is.EqualTo(new[] { forecast.Quantile(0.1), forecast.Quantile(0.5), forecast.Quantile(0.9) }));
        Assert.That(quantiles[0][3], Is.LessThan(quantiles[2][3]));
    }

    [Test]
    public void Paths_say_how_many_they_are()
    {
        var method = new SeasonalNaive(12);
        method.Fit(Series("y", 60, 6));
        SamplePaths paths = method.Sample(horizon: 5, count: 7, seed: 1);
        Assert.That((paths.Count, paths.Horizon, paths.Series), Is.EqualTo((7, 5, "y")));
        Assert.That(paths.Variables, Is.EqualTo(method.Predict(1).Variables));
        Assert.That(paths[6], Has.Count.EqualTo(5));
    }

    [Test]
    public void The_first_steps_of_a_distribution_are_its_own()
    {
        var grid = QuantileGrid.Normal([3, -1, 8], [2, 0.5, 1]);
        QuantileGrid first = grid.Take(2);
        Assert.That(first.Horizon, Is.EqualTo(2));
        Assert.That(first.Quantile(1, 0.9), Is.EqualTo(grid.Quantile(1, 0.9)));
    }

    [Test]
    public void Methods_of_methods_show_what_they_consist_of()
    {
        TimeSeries series = Series("y", 72, 7);
        var naive = new SeasonalNaive(12);
        var ensemble = new Ensemble([naive, new SeasonalNaive(1)]);
        var conformal = new Conformal(naive, 3);
        Assert.That(ensemble.Members, Has.Count.EqualTo(2));
        Assert.That(conformal.Method, Is.SameAs(naive));
        ensemble.Fit(series);
        conformal.Fit(series);
        Assert.That(ensemble.Members.Select(member => member.Predict(1).Point[0]),
            Is.EqualTo(new[] { series.Values[60], series.Values[71] }));
        Assert.That(conformal.Method.Predict(1).Point[0], Is.EqualTo(series.Values[60]));
    }

    [Test]
    public void Residuals_are_described_by_number_mean_and_deviation()
    {
        double[] errors = [3, -1, 4, -1, 5, -9, 2, -6, 5, -3];
        ResidualDiagnostics found = ResidualDiagnostics.Of(errors);
        Assert.Multiple(() =>
        {
            Assert.That(found.Count, Is.EqualTo(10));
            Assert.That(found.Mean, Is.EqualTo(-0.1).Within(1e-12));
            Assert.That(found.Deviation, Is.EqualTo(Math.Sqrt(20.7)).Within(1e-12));
            Assert.That(found.Autocorrelations, Has.Count.EqualTo(3).And.All.InRange(-1.0, 1.0));
            Assert.That(found.Autocorrelations[0], Is.EqualTo(1));
            Assert.That(found.JarqueBera!.PValue, Is.InRange(0.0, 1.0));
        });

        var method = new SeasonalNaive(12);
        method.Fit(Series("y", 60, 8));
        Assert.That(ResidualDiagnostics.Of(method.FitOf(), season: 12).Count, Is.EqualTo(60 - 12));
    }
}
