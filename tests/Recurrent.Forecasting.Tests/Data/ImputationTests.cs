using Recurrent.Data;

namespace Recurrent.Tests.Data;

[TestFixture]
public sealed class ImputationTests
{
    private const double None = double.NaN;

    [TestCase("mean", new[] { 3.5, 1, 3.5, 3.5, 4, 3.5, 1, 8, 3.5 })]
    [TestCase("median", new[] { 2.5, 1, 2.5, 2.5, 4, 2.5, 1, 8, 2.5 })]
    [TestCase("mode", new[] { 1.0, 1, 1, 1, 4, 1, 1, 8, 1 })]
    [TestCase("constant", new[] { 0.0, 1, 0, 0, 4, 0, 1, 8, 0 })]
    [TestCase("forward", new[] { 1.0, 1, 1, 1, 4, 4, 1, 8, 8 })]
    [TestCase("backward", new[] { 1.0, 1, 4, 4, 4, 1, 1, 8, 8 })]
    [TestCase("linear", new[] { 1.0, 1, 2, 3, 4, 2.5, 1, 8, 8 })]
    public void Methods_by_hand(string method, double[] expected)
    {
        var imputation = new Imputation(method, indicator: true);
        TimeSeries training = new("x", [None, 1, None, None, 4, None, 1, 8, None]);
        TimeSeries filled = imputation.FitTransform(training);
        Assert.Multiple(() =>
        {
            Assert.That(filled.Values.ToArray(), Is.EqualTo(expected).Within(1e-12));
            Assert.That(filled.Variable("x_missing").ToArray(), Is.EqualTo(new double[] { 1, 0, 1, 1, 0, 1, 0, 0, 1 }));
            Assert.That(imputation.Inverse(filled).Variables, Is.EqualTo(new[] { "x" }));
            Assert.That(imputation.Inverse(filled).Values.ToArray(), Is.EqualTo(training.Values.ToArray()));
            Assert.That(ConfigText.Of(imputation.Copy()), Is.EqualTo(ConfigText.Of(imputation)));
        });
    }

    [TestCase("mean", 3)]
    [TestCase("forward", 5)]
    [TestCase("linear", 6)]
    [TestCase("backward", 7)]
    public void What_follows_sees_the_history(string method, double expected)
    {
        var imputation = new Imputation(method);
        imputation.Fit(new TimeSeries("x", [1, 3, 5]));
        TimeSeries next = new TimeSeries("x", [1, 3, 5, None, 7]).Slice(3, 2);
        Assert.That(imputation.Transform(next).Values.ToArray(), Is.EqualTo(new[] { expected, 7 }));
    }

    [Test]
    public void Seasons_are_seen_where_a_line_is_blind()
    {
        double[] whole = [.. Enumerable.Range(0, 72).Select(t => 20 + (0.1 * t) + (10 * Math.Sin(t * Math.PI / 6)))];
        double[] gaps = [.. whole];
        for (int i = 36; i < 42; i++)
        {
            gaps[i] = None;
        }

        double[] seasonal = FillMissing.Seasonal(gaps, 12);
        double[] line = FillMissing.Linear(gaps);
        var imputation = new Imputation("seasonal");
        TimeSeries filled = imputation.FitTransform(new TimeSeries("x", gaps, new DateTime(2001, 1, 1), Frequency.Monthly));
        Assert.Multiple(() =>
        {
            Assert.That(seasonal, Is.EqualTo(whole).Within(0.5));
            Assert.That(Math.Abs(line[39] - whole[39]), Is.GreaterThan(5));
            Assert.That(filled.Values.ToArray(), Is.EqualTo(seasonal));
            Assert.That(FillMissing.Seasonal(gaps, 12, 4), Is.EqualTo(whole).Within(2));
            Assert.That(() => FillMissing.Seasonal(gaps, 0), Throws.ArgumentException.With.Message.Contains("seasons"));
            Assert.That(FillMissing.Seasonal([1, None, 3], 12), Is.EqualTo(new double[] { 1, 2, 3 }));
        });
    }

    [Test]
    public void A_model_fills_from_both_ends()
    {
        // It says that the last value stays: over the gap of three, 2 goes over into 10 in quarters.
        var imputation = new Imputation((history, steps) => [.. Enumerable.Repeat(history[^1], steps)]);
        TimeSeries filled = imputation.FitTransform(new TimeSeries("x", [None, 2, None, None, None, 10, None]));
        Assert.Multiple(() =>
        {
            Assert.That(filled.Values.ToArray(), Is.EqualTo(new double[] { 2, 2, 4, 6, 8, 10, 10 }).Within(1e-12));
            Assert.That(imputation.GetConfig, Throws.InstanceOf<NotSupportedException>());
            Assert.That(
                () => FillMissing.ByModel([1, None, 3], (_, _) => [None]),
                Throws.ArgumentException.With.Message.Contains("asked for 1 values"));
        });
    }

    [Test]
    public void Nothing_to_fill_from_is_said()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => FillMissing.Linear([None, None]), Throws.ArgumentException.With.Message.Contains("All 2 values"));
            Assert.That(() => FillMissing.Mean([]), Throws.ArgumentException.With.Message.Contains("no values"));
            Assert.That(() => new Imputation("guess"), Throws.ArgumentException.With.Message.Contains("method"));
            Assert.That(() => new Imputation("model"), Throws.ArgumentException.With.Message.Contains("new Imputation(model)"));
            Assert.That(new Imputation("constant", value: 7).FitTransform(new TimeSeries("x", [None, None])).Values.ToArray(),
                Is.All.EqualTo(7));
        });
    }
}
