using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Random;
using Recurrent.Serialization;

namespace Recurrent.Tests.Forecasting.Anomalies;

[TestFixture]
public sealed class AnomalyFileTests
{
    private static IEnumerable<TestCaseData> Detectors =>
    [
        new TestCaseData(new ForecastScorer(new ExponentialSmoothing()), true, 1).SetName("{m}(ets, dates)"),
        new TestCaseData(new ForecastScorer(new SeasonalNaive(12), AnomalyMeasure.Residual, 0.6), false, 1)
            .SetName("{m}(residuals)"),
        new TestCaseData(new ForecastScorer(new SeasonalNaive(12)), true, 2).SetName("{m}(two variables)"),
        new TestCaseData(new AutoencoderScorer(lookback: 6, epochs: 3), true, 1).SetName("{m}(autoencoder)"),
        new TestCaseData(new AutoencoderScorer(lookback: 4, units: 3, epochs: 2, seed: 5), false, 2)
            .SetName("{m}(autoencoder, two variables)"),
    ];

    private static TimeSeries Load(int variables, bool dated, int count = 160)
    {
        var random = new SeededRandom(3);
        double[][] columns = [.. Enumerable.Range(0, variables).Select(v => Enumerable.Range(0, count).Select(t =>
            100 + (10 * v) + (20 * Math.Sin(2 * Math.PI * t / 12)) + random.NextNormal()).ToArray())];

        // The end of the series, which a file holds, has a value that is missing.
        columns[0][99] = double.NaN;
        string[] names = [.. Enumerable.Range(0, variables).Select(v => $"v{v}")];
        return dated
            ? TimeSeries.Create("load", names, columns,
                [.. Enumerable.Range(0, count).Select(t => new DateTime(1980, 1, 1).AddMonths(t))])
            : TimeSeries.Create("load", names, columns);
    }

    [TestCaseSource(nameof(Detectors))]
    public void A_detector_of_a_file_gives_the_same_scores(AnomalyScorer scorer, bool dated, int variables)
    {
        TimeSeries series = Load(variables, dated);
        var detector = new AnomalyDetector(scorer, new QuantileThreshold(0.97));
        detector.Fit(series.Slice(0, 100));
        AnomalyDetector read = Reread(detector);
        TimeSeries newer = series.Slice(100, 60);
        Assert.Multiple(() =>
        {
            Assert.That(read.Limit, Is.EqualTo(detector.Limit));
            Assert.That(read.Threshold, Is.InstanceOf<QuantileThreshold>());
            Assert.That(((QuantileThreshold)read.Threshold).Level, Is.EqualTo(0.97));
            Assert.That(read.Scorer.Name, Is.EqualTo(scorer.Name));
            Assert.That(read.Detect(newer).Scores, Is.EqualTo(detector.Detect(newer).Scores));
            Assert.That(Text(Reread(read)), Is.EqualTo(Text(read)), "what is read is what was written");
        });
    }

    [Test]
    public void A_detector_that_is_not_fitted_is_not_saved() => Assert.That(
        () => new AnomalyDetector(new AutoencoderScorer()).Save(new MemoryStream()), Throws.InvalidOperationException);

    [TestCaseSource(nameof(Detectors))]
    public void Whatever_is_changed_in_a_file_gives_a_detector_or_says_what_is_wrong(
        AnomalyScorer scorer, bool dated, int variables)
    {
        TimeSeries series = Load(variables, dated);
        var detector = new AnomalyDetector(scorer);
        detector.Fit(series.Slice(0, 100));
        string text = Text(detector);
        JToken[] values = [.. JObject.Parse(text).Descendants().Where(token => token is JValue or JArray)];
        var random = new SeededRandom(11);
        int refused = 0;
        for (int round = 0; round < 150; round++)
        {
            JObject changed = JObject.Parse(text);
            JToken victim = changed.SelectToken(values[random.NextInt(values.Length)].Path)!;
            victim.Replace(random.NextInt(6) switch
            {
                0 => JValue.CreateNull(),
                1 => new JValue(-1),
                2 => new JValue("x"),
                3 => new JArray(),
                4 => new JValue(1e300),
                _ => new JObject(),
            });
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(changed.ToString()));
            try
            {
                _ = AnomalyDetector.Load(stream).Detect(series.Slice(100, 3));
            }
            catch (ModelFormatException exception)
            {
                Assert.That(exception.Message, Is.Not.Empty);
                refused++;
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // What was read whole may not fit the series: that is told as of any detector.
                Assert.That(exception.Message, Is.Not.Empty);
            }
        }

        Assert.That(refused, Is.GreaterThan(75));
    }

    private static string Text(AnomalyDetector detector)
    {
        using var stream = new MemoryStream();
        detector.Save(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static AnomalyDetector Reread(AnomalyDetector detector)
    {
        string path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}.json"));
        try
        {
            detector.Save(path);
            return AnomalyDetector.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
