using System.Globalization;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>Differences, orders, likelihoods and forecasts against those of R's forecast package for 30 series.</summary>
[TestFixture]
public sealed class AutoArimaSearchTests
{
    private static IEnumerable<RCase> Cases() => RCase.All();

    [TestCaseSource(nameof(Cases))]
    public void Differences_are_those_of_the_reference(RCase series)
    {
        Assert.Multiple(() =>
        {
            Assert.That(UnitRoots.Differences(series.X), Is.EqualTo(series.Int("ndiffs")));
            Assert.That(UnitRoots.SeasonalDifferences(series.X, series.Season), Is.EqualTo(series.Int("nsdiffs")));
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Autocorrelations_are_those_of_the_reference(RCase series)
    {
        IReadOnlyList<double> expected = series.Doubles("acf");
        Assert.That(Autocorrelation.Of(series.X, expected.Count - 1), Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void Models_are_as_likely_as_those_of_the_reference()
    {
        int same = 0;
        var lines = new List<string>();
        IReadOnlyList<RCase> all = RCase.All();
        foreach (RCase series in all)
        {
            FixtureNode expected = series.Node("arima");
            var fit = (ArimaFit)new AutoArima().FitSeries(new LocalTask(series.X, series.Season));
            double difference = fit.Aicc - expected.Double("aicc");
            bool good = difference <= 0.01
                || fit.LogLikelihood >= expected.Double("loglik") - (0.001 * Math.Abs(expected.Double("loglik")));
            same += good ? 1 : 0;
            IReadOnlyList<double> mean = expected.Doubles("mean");
            QuantileGrid forecast = fit.Predict(mean.Count, []);
            double apart = mean.Select((value, k) => Math.Abs(forecast.Point[k] - value) / Math.Abs(value)).Max();
            double more = fit.LogLikelihood - expected.Double("loglik");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{series,-6} {more,8:F4} ")
                + string.Create(CultureInfo.InvariantCulture, $"{fit.Describe(),-55} {expected.String("model"),-38} ")
                + string.Create(CultureInfo.InvariantCulture, $"{difference,9:F4} AICc {apart,8:P2} apart"));
            if (ArimaText(fit) == expected.String("model")
                && Math.Abs(fit.LogLikelihood - expected.Double("loglik")) < 5e-3)
            {
                // Φ and Θ of N1689 all but cancel, and its likelihood is flat.
                Assert.That(apart, Is.LessThan(series.ToString() == "N1689" ? 0.03 : 2e-3), $"{series}: means");

                // R counts residuals of the first values too, which its large but finite prior leaves: its σ is a little larger.
                (double[] low, double[] high) = forecast.Interval(0.95);
                double[][] bounds = [.. expected.Json.GetProperty("lower").EnumerateArray().Select(step =>
                    step.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
                for (int k = 0; k < mean.Count; k++)
                {
                    double width = mean[k] - bounds[k][1];
                    Assert.That(forecast.Point[k] - low[k], Is.EqualTo(width).Within(3).Percent, $"{series}: interval {k}");
                    Assert.That(high[k] - forecast.Point[k], Is.EqualTo(width).Within(3).Percent, $"{series}: interval {k}");
                }
            }
        }

        TestContext.Out.WriteLine(string.Join(Environment.NewLine, lines));
        Assert.That(same, Is.GreaterThanOrEqualTo(29), string.Join(Environment.NewLine, lines));
    }

    // As R writes it.
    private static string ArimaText(ArimaFit fit) =>
        fit.Order + (fit.Constant is null ? string.Empty
            : fit.Order.D + fit.Order.SeasonalD == 0 ? " with non-zero mean" : " with drift");

    [Test]
    public void A_far_better_model_is_found_where_the_first_ones_have_roots_on_the_edge()
    {
        // (1,2,2): of the four models that a search begins with, the one with moving averages ends on the edge, and no neighbour
        // of (0,2,0) is better than it by itself.
        var random = new SeededRandom(41);
        var values = new double[80];
        (double last, double before, double error, double rate, double level) = (0, 0, 0, 0, 0);
        for (int t = 0; t < values.Length; t++)
        {
            double next = random.NextNormal();
            rate = (0.63 * rate) + next - (0.68 * last) + (0.61 * before);
            (before, last) = (last, next);
            error += rate;
            level += error;
            values[t] = level;
        }

        var task = new LocalTask(values, 4);
        var chosen = (ArimaFit)new AutoArima().FitSeries(task);
        var better = (ArimaFit)new Arima(2, 2, 2).FitSeries(task);
        Assert.That(chosen.Aicc, Is.LessThan(better.Aicc + 0.01), chosen.Describe());
    }
}
