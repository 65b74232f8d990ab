using Recurrent.Metrics;

namespace Recurrent.Tests.Metrics;

/// <summary>Metrics of large values and of values that hardly differ.</summary>
public sealed class MetricRangeTests
{
    [Test]
    public void The_root_of_a_mean_square_is_a_number_where_the_square_is_none([Values(1e-25, 1e20, 1e38)] double size) =>
    Assert.That(
        Of(new RootMeanSquaredError(), [0, 0], [(Real)size, (Real)(-size)]), Is.EqualTo(size).Within(1e-4).Percent);

    [Test]
    public void R2_does_not_depend_on_scale_or_shift([Values(1, 1e-18, 1e30)] double scale, [Values(0, 1000)] double shift)
    {
        Real[] y = [.. new[] { 1, 2, 4, 9.0 }.Select(value => (Real)((value + shift) * scale))];
        Real[] p = [.. new[] { 2, 2, 5, 8.0 }.Select(value => (Real)((value + shift) * scale))];
        Assert.That(Of(new R2Score(), y, p), Is.EqualTo(1 - (3 / 38.0)).Within(1e-3));
    }

    [Test]
    public void R2_of_targets_that_are_all_the_same_is_one_or_nothing([Values(20.1, 0.1, 1e20, -3e38, 0)] double value,
        [Values(2, 541)] int count)
    {
        Real[] y = [.. Enumerable.Repeat((Real)value, count)];
        Real[] p = [.. y];
        foreach (R2Aggregation aggregation in Enum.GetValues<R2Aggregation>())
        {
            Assert.That(Of(new R2Score(aggregation), y, p), Is.EqualTo(1));
            p[0] = 1;
            Assert.That(Of(new R2Score(aggregation), y, p), Is.Zero);
            p[0] = y[0];
        }
    }

    private static double Of(Metric metric, Real[] y, Real[] p)
    {
        metric.Update(y, 1, p, 1, []);
        return metric.Result;
    }
}
