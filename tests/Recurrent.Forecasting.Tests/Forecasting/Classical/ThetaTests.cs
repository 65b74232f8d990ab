using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>The Theta methods and complex smoothing: against R where it has them, and what must hold of each.</summary>
[TestFixture]
public sealed class ThetaTests
{
    private static IEnumerable<RCase> Cases() => RCase.All();

    private static readonly Func<int?, LocalForecaster>[] Methods =
    [
        season => new Theta(season), season => new OptimizedTheta(season), season => new ComplexSmoothing(null, season),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Theta_is_that_of_the_reference(RCase series)
    {
        FixtureNode reference = series.Node("theta");
        double[] mean = [.. reference.Doubles("mean")];
        double[] forecast = ThetaModel.Fit(series.X, series.Season).Forecast(mean.Length);
        Assert.That(forecast, Is.EqualTo(mean).Within(1e-4 * mean.Max()));
    }

    [Test]
    public void Optimised_theta_follows_a_line_and_a_season()
    {
        double[] line = [.. Enumerable.Range(0, 30).Select(t => 5 + (2.0 * t))];
        OptimizedThetaModel model = OptimizedThetaModel.Fit(line);
        Assert.That(model.Forecast(3), Is.EqualTo(new[] { 65.0, 67, 69 }).Within(1e-6));
        double[] seasonal = [.. Enumerable.Range(0, 40).Select(t => (50 + t) * (t % 4 == 2 ? 1.5 : 1))];
        model = OptimizedThetaModel.Fit(seasonal, 4);
        Assert.That(model.IsSeasonal);
        Assert.That(model.Forecast(4)[2], Is.EqualTo(92 * 1.5).Within(2));
    }

    [Test]
    public void Methods_scale_with_the_series([Values(0, 1, 2)] int which)
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(t =>
            (80 + (0.3 * t) + (5 * Math.Sin(3 * t * t))) * (1 + (0.3 * Math.Sin(Math.PI * t / 6))))];
        LocalForecaster method = Methods[which](12);
        double[] forecast = method.Forecast(values, 14);
        foreach (double factor in new[] { 1e-150, 0.5, 1e150 })
        {
            LocalFit fit = method.FitSeries(new LocalTask(Array.ConvertAll(values, value => value * factor), 12));
            QuantileGrid grid = fit.Predict(14, []);
            double[] other = [.. grid.Point.ToArray().Select(value => value / factor)];
            Assert.That(other, Is.EqualTo(forecast).Within(0.05));
            Assert.That(grid.Quantile(13, 0.975), Is.GreaterThan(grid.Quantile(13, 0.025)));
        }
    }

    [Test]
    public void Constant_short_and_negative_series_have_forecasts([Values(0, 1, 2)] int which)
    {
        LocalForecaster method = Methods[which](12);
        foreach (int count in new[] { 1, 2, 3, 5, 13, 25, 50 })
        {
            double[] constant = new double[count];
            Array.Fill(constant, -7.0);
            QuantileGrid grid = method.FitSeries(new LocalTask(constant, 12)).Predict(14, []);
            Assert.That(grid.Point.ToArray(), Is.All.EqualTo(-7).Within(1e-3), $"{count}");
            double[] wild = [.. Enumerable.Range(0, count).Select(t => 10 * Math.Sin(t * t * 2.3))];
            Assert.That(method.Forecast(wild, 14), Is.All.InRange(-200, 200), $"{count}");
            Assert.That(method.Forecast(new double[count], 3), Is.All.Zero);
        }
    }

    [Test]
    public void An_update_carries_the_state_on([Values(0, 1, 2)] int which)
    {
        double[] values = [.. Enumerable.Range(0, 70).Select(t =>
            (80 + (0.3 * t) + (5 * Math.Sin(3 * t * t))) * (1 + (0.3 * Math.Sin(Math.PI * t / 6))))];
        LocalFit fit = Methods[which](12).FitSeries(new LocalTask(values[..60], 12));
        LocalFit whole = fit.Update(values.AsSpan(60), []);
        LocalFit steps = values[60..].Aggregate(fit, (one, value) => one.Update([value], []));
        Assert.That(steps.Predict(5, []).Point.ToArray(), Is.EqualTo(whole.Predict(5, []).Point.ToArray()).Within(1e-9));
        Assert.That(fit.Fitted.Length, Is.EqualTo(60));
        Assert.That(fit.Residuals[20], Is.EqualTo(values[20] - fit.Fitted[20]).Within(1e-9));
        Assert.That(whole.Predict(1, []).Point[0], Is.Not.EqualTo(fit.Predict(1, []).Point[0]));
    }

    [Test]
    public void Any_series_has_forecasts()
    {
        var random = new SeededRandom(7);
        LocalForecaster[] methods =
        [
            new NaiveForecast(), new Naive2(), new MeanForecast(), new ExponentialSmoothing(), new Theta(), new OptimizedTheta(),
            new ExponentialSmoothing(initial: EtsInitial.Simple, damped: true, average: true), new ComplexSmoothing(),
        ];
        for (int round = 0; round < 60; round++)
        {
            int season = new[] { 1, 4, 7, 12, 24, 30 }[random.NextInt(6)];
            double unit = Math.Pow(10, random.NextInt(301) - 150), walk = 0;
            var values = new double[2 + random.NextInt(70)];
            for (int t = 0; t < values.Length; t++)
            {
                walk += random.NextDouble() - 0.5;
                values[t] = unit * (round % 6) switch
                {
                    0 => walk,
                    1 => Math.Exp(walk),
                    2 => random.NextInt(3) == 0 ? 1 : 0,
                    3 => Math.Pow(10, random.NextInt(40) - 20),
                    4 => (t % season) + 1,
                    _ => random.NextInt(10) == 0 ? 1e6 : 1 + (0.01 * t),
                };
            }

            double largest = values.Max(Math.Abs);
            foreach (LocalForecaster method in methods)
            {
                string what = $"{method.Name}, kind {round % 6}, {values.Length} values, season {season}, unit {unit:E0}";
                LocalFit fit = method.FitSeries(new LocalTask(values, season));
                Assert.That(fit.Predict(20, []).Point.ToArray(), Is.All.InRange(-1e4 * largest, 1e4 * largest), what);
                Assert.That(() => fit.Update(values.AsSpan(0, 2), []).Predict(3, []), Throws.Nothing, what);
                Assert.That(fit.Simulate(3, 2, 1, [])[1], Is.All.InRange(double.MinValue, double.MaxValue), what);
            }
        }
    }

    [Test]
    public void Seasons_are_tested_as_competitions_do() => Assert.Multiple(() =>
    {
        Assert.That(ClassicalDecomposition.IsSeasonal([.. Enumerable.Range(0, 48).Select(t => Math.Sin(Math.PI * t / 6))], 12));
        double[] noise = [.. Enumerable.Range(0, 48).Select(t => Math.Sin(t * t * 1.3))];
        Assert.That(ClassicalDecomposition.IsSeasonal(noise, 12), Is.False);
        Assert.That(ClassicalDecomposition.IsSeasonal(new double[48], 12), Is.False);
        Assert.That(ClassicalDecomposition.Seasons([1, 3, 1, 3, 1, 3, 1, 3], 2, true),
            Is.EqualTo(new[] { 0.5, 1.5 }).Within(1e-12));
        Assert.That(ClassicalDecomposition.Seasons([1, 2, 6, 4, 5, 9, 7, 8, 12], 3, false),
            Is.EqualTo(new[] { -1.0, -1, 2 }).Within(1e-12));
    });
}
