using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Losses;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting;

/// <summary>Distributions that a recurrent network gives the parameters of, and paths drawn from them.</summary>
public sealed class DeepARTests
{
    private static IEnumerable<TestCaseData> Distributions =>
    [
        new(new GaussianNLL(), new Real[] { 2, 0.5f }),
        new(new StudentTNLL(), new Real[] { -1, 1, 5 }),
        new(new NegativeBinomialNLL(), new Real[] { 0.5f, -1 }),
        new(new NegativeBinomialNLL(), new Real[] { 4.5f, 1 }),
        new(new NegativeBinomialNLL(), new Real[] { 4.5f, -30 }),
    ];

    [TestCaseSource(nameof(Distributions))]
    public void Draws_have_the_mean_and_variance_of_their_distribution(LikelihoodLoss loss, Real[] outputs)
    {
        const int Count = 40_000;
        var p = new double[outputs.Length];
        loss.Parameters([.. outputs.Select(output => (double)output)], p);
        (double mean, double variance) = loss switch
        {
            GaussianNLL => (p[0], p[1] * p[1]),
            StudentTNLL => (p[0], p[1] * p[1] * p[2] / (p[2] - 2)),
            _ => (p[0], p[0] + (p[1] * p[0] * p[0])),
        };
        var draws = new LikelihoodDraws(loss, []);
        var random = new SeededRandom(5);
        double[] values = [.. Enumerable.Range(0, Count).Select(_ => draws.Next(outputs, ref random))];
        Assert.That(values.Average(), Is.EqualTo(mean).Within(5 * Math.Sqrt(variance / Count)));
        Assert.That(values.Select(value => Math.Pow(value - mean, 2)).Average(), Is.EqualTo(variance).Within(10).Percent);
    }

    [Test]
    public void Counts_are_forecast_as_counts()
    {
        TimeSeries series = Counts(300, 7, 1);
        var forecaster = new DeepAR("negative-binomial", 21, 7, units: 16, layers: 1, paths: 200, season: 7,
            training: new() { Epochs = 15, LearningRate = 0.01 });
        forecaster.Fit(series);
        SamplePaths paths = forecaster.Sample(20, 50, 3);
        double[] all = [.. Enumerable.Range(0, 50).SelectMany(i => paths.Of()[i])];
        Assert.That(all, Is.All.Matches<double>(value => value >= 0 && value == Math.Round(value)));

        // A busy day of the week has 12 on average, the others 2.
        double[] mean = [.. Enumerable.Range(0, 7).Select(h => paths.Of().Average(path => path[h]))];
        int busy = (7 - (300 % 7)) % 7;
        Assert.That(mean[busy], Is.InRange(7, 18));
        Assert.That(mean.Where((_, h) => h != busy).Average(), Is.InRange(0.8, 4));
    }

    [Test]
    public void What_is_no_count_is_refused_with_its_place()
    {
        const string Counts =
            "The negative binomial distribution is for counts: 0, 1, 2 and so on. Take the likelihood student-t, ";
        var forecaster = new DeepAR("negative-binomial", 12, 6, units: 4, training: new() { Epochs = 1 });
        Assert.That(() => forecaster.Fit(With(41, -2)), Throws.ArgumentException.With.Message.EqualTo(
            $"Series 'sales': row 41 (2024-02-11) of variable 'sales' is -2. {Counts}or correct the value."));
        Assert.That(() => forecaster.Fit(With(3, 0.5)), Throws.ArgumentException.With.Message.EqualTo(
            $"Series 'sales': row 3 (2024-01-04) of variable 'sales' is 0.5. {Counts}or round the values."));
        forecaster.Fit(With(0, 3));
        Assert.That(
            () => forecaster.Update(new TimeSeries("sales", [1, -1], new DateTime(2024, 3, 1), Frequency.Daily)),
            Throws.ArgumentException.With.Message.EqualTo(
                $"Series 'sales': row 1 (2024-03-02) of variable 'sales' is -1. {Counts}or correct the value."));

        static TimeSeries With(int place, double value) => new(
            "sales", [.. Enumerable.Range(0, 60).Select(t => t == place ? value : t % 5)], new DateTime(2024, 1, 1),
            Frequency.Daily);
    }

    [Test]
    public void Paths_do_not_depend_on_how_many_series_stand_beside_them()
    {
        var forecaster = new DeepAR(lookback: 14, horizon: 7, units: 8, layers: 1, paths: 40, season: 7,
            training: new() { Epochs = 2, Members = 2 });
        forecaster.Fit(new SeriesPanel([Counts(80, 7, 1), Counts(60, 7, 2), Counts(21, 7, 3)]));
        IReadOnlyList<SamplePaths> two = forecaster.SamplePanel(9, 6, 1, run: new() { Threads = 2 });
        IReadOnlyList<SamplePaths> one = forecaster.SamplePanel(9, 6, 1, run: new() { Threads = 1 });
        Assert.That(one.Select(paths => paths.Of()), Is.EqualTo(two.Select(paths => paths.Of())));
        Assert.That(one[0].Of()[0], Is.Not.EqualTo(one[0].Of()[1]));
    }

    private static TimeSeries Counts(int count, int season, ulong seed)
    {
        var random = new SeededRandom(seed);
        var draws = new LikelihoodDraws(new NegativeBinomialNLL(), []);
        var values = new double[count];
        for (int t = 0; t < count; t++)
        {
            values[t] = draws.Next([(Real)Math.Log(t % season == 0 ? 12 : 2), -4], ref random);
        }

        return new("counts " + seed, values);
    }
}
