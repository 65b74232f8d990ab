using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed class BacktestTests
{
    private static readonly BacktestOptions Options = new(6) { Folds = 4, Step = 3 };

    [Test]
    public void Origins_roll_and_scores_are_those_of_the_forecasts()
    {
        TimeSeries series = Series("y", 60, 1);
        BacktestResult result = Backtest.Run(series, [new SeasonalNaive(1), new SeasonalNaive(12)], Options);
        Assert.That(result.Forecasts.Select(f => f.Training.Count).Take(4), Is.EqualTo(new[] { 45, 48, 51, 54 }));
        double[] errors = [.. result.Forecasts.Take(4).Select(f =>
            ForecastMetrics.Mase(f.Actual.Values, f.Forecast.Point, f.Training.Values, 1))];
        Assert.That(result.Scores[0].Mase, Is.EqualTo(errors.Average()).Within(1e-12));
        Assert.That(result.Scores[0].Count, Is.EqualTo(24));
        BacktestScore third = result.ByStep().Single(score => score.Method == result.Methods[0] && score.Step == 3);
        double[] steps = [.. result.Forecasts.Take(4).Select(f => Math.Abs(f.Actual.Values[2] - f.Forecast.Point[2]))];
        Assert.That(third.Mae, Is.EqualTo(steps.Average()).Within(1e-12));
        Assert.That(third.Count, Is.EqualTo(4));
        Assert.That(third.Rmse, Is.EqualTo(Math.Sqrt(steps.Average(e => e * e))).Within(1e-12));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Nothing_leaks_from_what_comes_later(bool refit)
    {
        SeriesPanel panel = new([Series("a", 60, 1), Series("b", 50, 2)]);
        SeriesPanel changed = panel.Map(series => series.With(series.Variables[0],
            [.. series.Values.ToArray().Select((y, t) => t < series.Count - 9 ? y : 1000 - y)]));
        Forecaster[] methods = [new SeasonalNaive(4), new Conformal(new SeasonalNaive(1), 3)];
        BacktestOptions options = Options with { Refit = refit };
        BacktestResult before = Backtest.Run(panel, methods, options);
        BacktestResult after = Backtest.Run(changed, methods, options);

        // The third origin is 9 steps before the end: up to it nothing has changed.
        foreach ((BacktestForecast x, BacktestForecast y) in before.Forecasts.Zip(after.Forecasts).Where(pair =>
            pair.First.Fold < 3))
        {
            Assert.That(y.Forecast.Quantile(0.9), Is.EqualTo(x.Forecast.Quantile(0.9)), $"{x.Forecast} {x.Fold}");
        }

        Assert.That(after.Forecasts.Last(f => f.Fold == 3).Forecast.Quantile(0.9),
            Is.Not.EqualTo(before.Forecasts.Last(f => f.Fold == 3).Forecast.Quantile(0.9)));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        SeriesPanel panel = new([.. Enumerable.Range(0, 5).Select(i => Series($"s{i}", 50 + i, i))]);
        double[][] Quantiles(int threads) => [.. Backtest.Run(panel, [new SeasonalNaive(4), new SeasonalNaive(1)],
            Options with { Run = new() { Threads = threads } }).Forecasts.Select(f => f.Forecast.Quantile(0.8))];
        Assert.That(Quantiles(7), Is.EqualTo(Quantiles(1)));
    }

    [Test]
    public void Without_refitting_state_is_carried_on()
    {
        TimeSeries series = Series("y", 60, 3);
        var counting = new Counting();
        BacktestResult result = Backtest.Run(series, [counting], Options with { Refit = false });
        Assert.That(result.Forecasts.Select(f => f.Forecast.Point[0]), Is.EqualTo(new double[] { 45, 48, 51, 54 }));
        Assert.That(counting.Fits.Count, Is.EqualTo(1));
        _ = Backtest.Run(series, [counting], Options);
        Assert.That(counting.Fits.Count, Is.EqualTo(5));
    }

    [Test]
    public void The_verdict_is_plain()
    {
        // A season of 12 that a method without one misses.
        TimeSeries series = Series("y", 120, 4);
        BacktestResult result = Backtest.Run(series, [new SeasonalNaive(12), new Counting(), new Right(series)],
            new(12) { Folds = 4 });
        Assert.That(result.SimpleMethods, Is.EqualTo(new[] { "Seasonal naive" }));
        Comparison bad = result.Verdicts.Single(verdict => verdict.Method == "Counting");
        Assert.That(bad.Verdict, Does.Contain("does not beat the simple method Seasonal naive")
            .And.Contain("The simple method is the one to use."));
        Comparison good = result.Verdicts.Single(verdict => verdict.Method == "Right");
        Assert.That(good.Verdict, Does.Contain("Right beats the simple method").And.Contain("more than chance"));
        Assert.That(good.Test!.PValue, Is.LessThan(0.01));
    }

    [Test]
    public void Missing_outcomes_are_passed_over_and_bad_input_teaches()
    {
        TimeSeries series = Series("y", 60, 1);
        double[] values = series.Values.ToArray();
        values[57] = double.NaN;
        BacktestResult result = Backtest.Run(new TimeSeries("y", values), [new SeasonalNaive(1)], Options);
        Assert.That(result.Scores[0].Count, Is.EqualTo(23));
        Assert.That(() => Backtest.Run(series, [new SeasonalNaive(1)], new(40)),
            Throws.ArgumentException.With.Message.Contains("202"));
        Assert.That(() => Backtest.Run(series, [new SeasonalNaive(50)], Options),
            Throws.ArgumentException.With.Message.Contains("origin 1 of 4"));
        Assert.That(() => Backtest.Run(series, [], Options), Throws.ArgumentException);
        Assert.That(() => Backtest.Run(series, [new SeasonalNaive(1)], new(0)), Throws.InstanceOf<ArgumentException>());
        TimeSeries flat = new("flat", [.. Enumerable.Repeat(3.0, 40)]);
        BacktestScore score = Backtest.Run(flat, [new SeasonalNaive(1)], Options).Scores[0];
        Assert.That((score.Mae, score.Mase), Is.EqualTo((0, double.NaN)));
    }

    [Test]
    public void Errors_with_something_left_in_them_are_told_from_noise()
    {
        var random = new SeededRandom(7);
        double[] noise = new double[200];
        double[] walk = new double[200];
        for (int t = 0; t < noise.Length; t++)
        {
            noise[t] = random.NextNormal();
            walk[t] = (t == 0 ? 0 : 0.8 * walk[t - 1]) + noise[t];
        }

        Assert.That(ResidualDiagnostics.Of(noise).Verdict, Does.Contain("No dependence"));
        Assert.That(ResidualDiagnostics.Of(walk).Verdict, Does.Contain("depend on those before"));
        Assert.That(ResidualDiagnostics.Of([double.NaN, 1, 2]).LjungBox, Is.Null);
        Assert.That(() => ResidualDiagnostics.Of([]), Throws.ArgumentException);
    }

    private static TimeSeries Series(string name, int count, int seed)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, 9));
        var values = new double[count];
        for (int t = 0; t < count; t++)
        {
            values[t] = 50 + (10 * Math.Sin(t * Math.PI / 6)) + random.NextNormal();
        }

        return new TimeSeries(name, values);
    }

    /// <summary>Forecasts how many values it has seen.</summary>
    private sealed class Counting : LocalForecaster
    {
        public Counting()
            : base(null)
        {
        }

        public List<int> Fits { get; init; } = [];

        public override string ClassName => "Counting";

        public override Forecaster Unfitted() => new Counting { Fits = Fits };

        public override LocalFit FitSeries(LocalTask task)
        {
            lock (Fits)
            {
                Fits.Add(task.Values.Length);
            }

            return new Count(task.Values.Length);
        }

        protected internal override LocalFit ReadFit(ConfigReader state) => throw new NotSupportedException();
    }

    private sealed class Count(int count) : LocalFit
    {
        public override Config State => [];

        public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors) => QuantileGrid.Normal(
            Enumerable.Repeat((double)count, horizon).ToArray(), new double[horizon]);

        public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors) =>
            new Count(count + newer.Length);

        public override string Describe() => "count";
    }

    /// <summary>Knows the season without its noise.</summary>
    private sealed class Right(TimeSeries all) : LocalForecaster(null)
    {
        public override string ClassName => "Right";

        public override Forecaster Unfitted() => new Right(all);

        public override LocalFit FitSeries(LocalTask task) => new Season(task.Values.Length);

        protected internal override LocalFit ReadFit(ConfigReader state) => throw new NotSupportedException();
    }

    private sealed class Season(int count) : LocalFit
    {
        public override Config State => [];

        public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors) => QuantileGrid.Normal(
            [.. Enumerable.Range(count, horizon).Select(t => 50 + (10 * Math.Sin(t * Math.PI / 6)))],
            Enumerable.Repeat(1.0, horizon).ToArray());

        public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors) =>
            new Season(count + newer.Length);

        public override string Describe() => "season";
    }
}
