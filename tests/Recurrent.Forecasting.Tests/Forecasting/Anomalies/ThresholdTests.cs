using Recurrent.Forecasting;
using Recurrent.Random;

namespace Recurrent.Tests.Forecasting.Anomalies;

[TestFixture]
public sealed class ThresholdTests
{
    [Test]
    public void A_quantile_is_a_quantile()
    {
        double[] scores = [.. Enumerable.Range(0, 101).Select(i => (double)i), double.NaN];
        Assert.That(new QuantileThreshold(0.95).Of(scores), Is.EqualTo(95).Within(1e-9));
    }

    // Drawn by inversion from a generalised Pareto distribution: its parameters come back.
    [TestCase(0.0, 2.0)]
    [TestCase(0.2, 1.0)]
    [TestCase(-0.3, 5.0)]
    public void Shape_and_scale_are_found_again(double shape, double scale)
    {
        var random = new SeededRandom(3);
        double[] excesses = [.. Enumerable.Range(0, 20_000).Select(_ =>
        {
            double u = 1 - random.NextDouble();
            return Math.Abs(shape) < 1e-9 ? -scale * Math.Log(u) : scale / shape * (Math.Pow(u, -shape) - 1);
        }).Order()];
        (double foundShape, double foundScale) = ExtremeValueThreshold.Fit(excesses);
        Assert.That(foundShape, Is.EqualTo(shape).Within(0.03));
        Assert.That(foundScale, Is.EqualTo(scale).Within(0.04 * scale));
    }

    // The scores are exponential, of which exp(−z) lie above z: at a risk of 1e-4 z is 9.21, which none of 1000 may reach.
    [Test]
    public void It_reaches_beyond_what_was_seen()
    {
        var random = new SeededRandom(11);
        var limits = new List<double>();
        for (int run = 0; run < 20; run++)
        {
            limits.Add(new ExtremeValueThreshold(1e-4).Of(
                Enumerable.Range(0, 1000).Select(_ => -Math.Log(1 - random.NextDouble()))));
        }

        limits.Sort();
        Assert.That(limits[10], Is.EqualTo(9.21).Within(1.5));
    }

    [Test]
    public void Scores_that_are_all_the_same_have_a_limit() => Assert.Multiple(() =>
    {
        Assert.That(new ExtremeValueThreshold().Of(Enumerable.Repeat(1.0, 50)), Is.EqualTo(1));
        Assert.That(new QuantileThreshold().Of(Enumerable.Repeat(1.0, 50)), Is.EqualTo(1));
        Assert.That(() => new QuantileThreshold().Of([1, 2, double.NaN]),
            Throws.ArgumentException.With.Message.Contains("There are 2 scores"));
        Assert.That(() => new ExtremeValueThreshold(0.2), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });
}
