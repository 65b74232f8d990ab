using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>What ARIMA models, autoregressions and STL make of odd series: short, flat, periodic, tiny, huge, far from
/// 0.</summary>
[TestFixture]
public sealed class ArimaSeriesTests
{
    private static IEnumerable<TestCaseData> Series()
    {
        (string Name, double[] Values, int Season)[] all =
        [
            ("one", [5], 1),
            ("two", [5, 7], 1),
            ("three", [5, 7, 4], 12),
            ("five", [1, 2, 1, 2, 5], 4),
            ("all equal", ArimaTests.Repeat(60, _ => 7.3), 12),
            ("all zero", ArimaTests.Repeat(60, _ => 0), 4),
            ("huge and equal", ArimaTests.Repeat(40, _ => 1e300), 4),
            ("straight line", ArimaTests.Repeat(50, t => 3.1 + (0.7 * t)), 12),
            ("parabola", ArimaTests.Repeat(50, t => 3.1 + (0.7 * t) + (0.3 * t * t)), 1),
            ("purely periodic", ArimaTests.Repeat(48, t => (t % 4 * 3.3) + 1.7), 4),
            ("periodic with a trend", ArimaTests.Repeat(60, t => (t % 12 * 3.3) + (0.1 * t)), 12),
            ("a step", ArimaTests.Repeat(60, t => t < 30 ? 1 : 2), 1),
            ("one outlier", ArimaTests.Repeat(60, t => t == 30 ? 1e6 : 1), 12),
            ("alternating", ArimaTests.Repeat(60, t => t % 2), 1),
            ("alternating and seasonal", ArimaTests.Repeat(60, t => t % 2), 12),
            ("mostly zero", ArimaTests.Repeat(80, t => t % 13 == 0 ? 3 : 0), 12),
            ("tiny", ArimaTests.Noise(80, 1e-300), 12),
            ("huge", ArimaTests.Noise(80, 1e300), 12),
            ("far from zero", [.. ArimaTests.Noise(80, 1e-3).Select(value => value + 1e9)], 12),
            ("exponential", ArimaTests.Repeat(80, t => Math.Exp(0.3 * t)), 4),
            ("random walk", ArimaTests.Walk(200), 12),
            ("near unit root", ArimaTests.Autoregressive(300, 0.9999), 1),
            ("noise with a season as long as itself", ArimaTests.Noise(24, 1), 24),
            ("a season of 365", ArimaTests.Repeat(800, t => Math.Sin(t * 2 * Math.PI / 365) + (t % 7)), 365),
            ("a season of 1440", ArimaTests.Noise(3000, 1), 1440),
            ("a season of 48", ArimaTests.Repeat(300, t => (t % 48) + Math.Sin(t * t)), 48),
            ("noise with a season of two", ArimaTests.Noise(50, 1), 2),
        ];
        return all.Select(series => new TestCaseData(series.Values, series.Season).SetArgDisplayNames(series.Name));
    }

    [TestCaseSource(nameof(Series))]
    public void Any_series_gets_finite_forecasts_and_intervals(double[] values, int season)
    {
        LocalForecaster[] methods =
        [
            new AutoArima(), new AutoArima(stepwise: false, maxOrder: 2), new StlForecaster(), new Autoregression(),
            new Autoregression(method: "burg"),
        ];
        foreach (LocalForecaster method in methods)
        {
            LocalFit fit = method.FitSeries(new LocalTask(values, season));
            QuantileGrid grid = fit.Predict(30, []);
            double[][] paths = fit.Simulate(10, 3, 5, []);
            Assert.Multiple(() =>
            {
                Assert.That(grid.Point.ToArray(), Is.All.Matches<double>(double.IsFinite), fit.Describe());
                Assert.That(paths.SelectMany(path => path), Is.All.Matches<double>(double.IsFinite), fit.Describe());
                Assert.That(fit.Fitted.Length, Is.EqualTo(values.Length));
            });
            LocalFit later = fit.Update(values, []);
            Assert.That(later.Predict(3, []).Point.ToArray(), Is.All.Matches<double>(double.IsFinite));
        }
    }

    [Test]
    public void What_repeats_itself_goes_on_without_doubt()
    {
        foreach ((double[] values, int season, Func<int, double> truth) in new (double[], int, Func<int, double>)[]
        {
            (ArimaTests.Repeat(60, _ => 7.3), 12, _ => 7.3),
            (ArimaTests.Repeat(50, t => 3.1 + (0.7 * t)), 12, t => 3.1 + (0.7 * t)),
            (ArimaTests.Repeat(48, t => (t % 4 * 3.3) + 1.7), 4, t => (t % 4 * 3.3) + 1.7),
            (ArimaTests.Repeat(60, t => (t % 12 * 3.3) + (0.1 * t)), 12, t => (t % 12 * 3.3) + (0.1 * t)),
        })
        {
            LocalFit fit = new AutoArima().FitSeries(new LocalTask(values, season));
            QuantileGrid grid = fit.Predict(20, []);
            (double[] low, double[] high) = grid.Interval(0.95);
            for (int k = 0; k < 20; k++)
            {
                double expected = truth(values.Length + k);
                Assert.That(grid.Point[k], Is.EqualTo(expected).Within(1e-6), fit.Describe());
                Assert.That(high[k] - low[k], Is.LessThan(1e-6), fit.Describe());
            }
        }
    }

    [Test]
    public void Forecasts_scale_with_the_series([Values(1e-150, 1e-3, 3.0, 1e120)] double factor)
    {
        double[] values = RCase.All()[14].X;
        Scales(new Arima(0, 1, 1, 0, 1, 1), values, factor, 1e-5);

        // The model that is chosen has a coefficient on its way to the edge, along which the likelihood changes by 1e-6: the end
        // of the search leaves the sixth digit of the forecasts open, on whatever scale.
        Scales(new AutoArima(), values, factor, 1e-3);
    }

    private static void Scales(LocalForecaster method, double[] values, double factor, double percent)
    {
        QuantileGrid plain = method.FitSeries(new LocalTask(values, 12)).Predict(18, []);
        QuantileGrid scaled = method.FitSeries(new LocalTask([.. values.Select(v => v * factor)], 12)).Predict(18, []);
        for (int k = 0; k < 18; k++)
        {
            Assert.That(scaled.Point[k], Is.EqualTo(plain.Point[k] * factor).Within(percent).Percent);
            Assert.That(scaled.Quantile(k, 0.9), Is.EqualTo(plain.Quantile(k, 0.9) * factor).Within(percent).Percent);
        }
    }
}
