using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting.Anomalies;

[TestFixture]
public sealed class AnomalyTests
{
    // Where the planted series is not what it was.
    private static readonly int[] Spikes = [310, 420];

    private static IEnumerable<AnomalyScorer> Scorers =>
    [
        new ForecastScorer(new SeasonalNaive(12)),
        new ForecastScorer(new SeasonalNaive(12), AnomalyMeasure.Residual),
        new AutoencoderScorer(lookback: 12, epochs: 60),
    ];

    /// <summary>A season of twelve with noise, and values out of line at two places.</summary>
    private static TimeSeries Planted(int count = 480, bool dated = true)
    {
        var random = new SeededRandom(7);
        double[] values = [.. Enumerable.Range(0, count).Select(t =>
            100 + (20 * Math.Sin(2 * Math.PI * t / 12)) + random.NextNormal())];
        foreach (int spike in Spikes.Where(place => place < count))
        {
            values[spike] += 25;
        }

        return dated ? new TimeSeries("load", values, new DateTime(1980, 1, 1), Frequency.Monthly)
            : new TimeSeries("load", values);
    }

    [TestCaseSource(nameof(Scorers))]
    public void What_is_planted_is_found_and_little_else(AnomalyScorer scorer)
    {
        AnomalyResult result = new AnomalyDetector(scorer, new QuantileThreshold(0.98)).Fit(Planted());
        Assert.Multiple(() =>
        {
            foreach (int spike in Spikes)
            {
                Assert.That(result.Anomalies.Any(one => one.Start <= spike && spike < one.Start + one.Length), scorer.Name);
            }

            Assert.That(result.Scores[Spikes[0]], Is.GreaterThan(2 * result.Scores.Skip(260).Take(40).Max()));
            Assert.That(result.Anomalies.Sum(one => one.Length), Is.LessThan(40));
        });
    }

    [TestCaseSource(nameof(Scorers))]
    public void Streams_give_the_scores_that_series_give(AnomalyScorer scorer)
    {
        TimeSeries series = Planted();
        var detector = new AnomalyDetector(scorer);
        detector.Fit(series.Slice(0, 400));
        AnomalyResult batch = detector.Detect(series.Slice(400, 80));
        AnomalyMonitor monitor = detector.Stream();
        for (int t = 0; t < 80; t++)
        {
            (double score, bool isAnomaly) = monitor.Step(series[400 + t]);
            Assert.That(score, Is.EqualTo(batch.Scores[t]));
            Assert.That(isAnomaly, Is.EqualTo(batch.Scores[t] > detector.Limit));
        }

        Assert.That(batch.Anomalies.Any(one => one.Start <= 20 && one.Start + one.Length > 20), "the spike at 420");
        Assert.That(batch.Anomalies[0].Date, Is.EqualTo(series.Dates![400 + batch.Anomalies[0].Peak]));
    }

    [Test]
    public void A_page_shows_what_is_unusual()
    {
        TimeSeries series = Planted();
        AnomalyResult result = new AnomalyDetector(new ForecastScorer(new SeasonalNaive(12))).Fit(series);
        string html = new ForecastReport("t", series).AddAnomalies(result).ToHtml();
        Assert.That(html, Does.Contain("data-role=\"dots\"").And.Contain("id=\"anomalies\"").And.Contain("2005-11-01</th>"));
    }

    [Test]
    public void Intervals_measure_in_widths_of_the_interval()
    {
        TimeSeries series = Planted(dated: false);
        AnomalyScores scores = new ForecastScorer(new SeasonalNaive(12)).Fit(series);
        double[] ordinary = [.. scores.Values.Skip(scores.FirstUnseen).Where((_, i) => !Spikes.Contains(scores.FirstUnseen + i))];
        Assert.That(ordinary.Count(score => score > 1) / (double)ordinary.Length, Is.LessThan(0.12), "outside the 95 % interval");
        Assert.That(scores.Expected[300], Is.EqualTo(series[288]), "what the season before was");
    }

    [Test]
    public void Missing_values_have_no_score_and_stop_nothing()
    {
        double[] values = Planted().Values.ToArray();
        values[350] = double.NaN;
        var series = new TimeSeries("load", values);
        foreach (AnomalyScorer scorer in Scorers)
        {
            AnomalyScores scores = scorer.Fit(series);
            Assert.That(scores.Values[350], Is.NaN, scorer.Name);
            Assert.That(scores.Values[351], Is.Not.NaN, scorer.Name);
        }
    }

    [Test]
    public void Several_variables_are_read_by_the_autoencoder_and_by_forecasts()
    {
        TimeSeries one = Planted();
        var series = TimeSeries.Create("plant", ["a", "b"], [one.Values.ToArray(), [.. one.Values.ToArray().Reverse()]]);
        foreach (AnomalyScorer scorer in Scorers)
        {
            var detector = new AnomalyDetector(scorer, new QuantileThreshold(0.95));
            AnomalyResult result = detector.Fit(series);

            // The spike of the second variable stands where the reversed series has it.
            int mirrored = series.Count - 1 - 0;
            Assert.That(result.Scores[mirrored], Is.Not.NaN);
            Assert.That(result.Scores[310], Is.GreaterThan(result.Limit));
            Assert.That(() => detector.Stream().Step(1), Throws.ArgumentException.With.Message.Contains("2 values, but 1"));
        }
    }

    [Test]
    public void The_same_seed_gives_the_same_bits()
    {
        AnomalyScores first = new AutoencoderScorer(lookback: 8, epochs: 3, seed: 5).Fit(Planted(200));
        Assert.That(new AutoencoderScorer(lookback: 8, epochs: 3, seed: 5).Fit(Planted(200)).Values, Is.EqualTo(first.Values));
    }

    [Test]
    public void A_step_of_the_autoencoder_allocates_nothing()
    {
        var detector = new AnomalyDetector(new AutoencoderScorer(lookback: 12, epochs: 1));
        detector.Fit(Planted(200));
        AnomalyMonitor monitor = detector.Stream();
        long least = long.MaxValue;
        for (int turn = 0; turn < 5; turn++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int t = 0; t < 1000; t++)
            {
                monitor.Step(100 + (t % 12));
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.Zero);
    }

    [Test]
    public void Misuse_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => new ForecastScorer(new SeasonalNaive(12)).Stream(), Throws.InvalidOperationException);
        Assert.That(() => new ForecastScorer(new SeasonalNaive(12), share: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new AutoencoderScorer(24).Fit(Planted(60)),
            Throws.ArgumentException.With.Message.Contains("60 values. A lookback of 24 needs at least 120"));
        Assert.That(() => new AnomalyDetector(new ForecastScorer(new SeasonalNaive(2))).Fit(Planted(12)),
            Throws.ArgumentException.With.Message.Contains("at least 10"));
        Assert.That(() => new AnomalyDetector(new AutoencoderScorer()).Detect(Planted()), Throws.InvalidOperationException);
    });
}
