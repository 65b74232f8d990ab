using FsCheck;
using FsCheck.Fluent;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

[TestFixture]
public sealed class QuantileGridTests
{
    [Test]
    public void The_levels_rise_and_are_symmetric()
    {
        Assert.That(QuantileGrid.Levels, Is.Ordered.Ascending.And.Unique);
        Assert.That(QuantileGrid.Levels[QuantileGrid.Levels.Count / 2], Is.EqualTo(0.5));
        Assert.That(QuantileGrid.Levels.Zip(QuantileGrid.Levels.Reverse()).All(p => Math.Abs(p.First + p.Second - 1) < 1e-15));
    }

    [Test]
    public void A_normal_distribution_is_held_exactly_between_and_beyond_the_levels()
    {
        var grid = QuantileGrid.Normal([3, -1], [2, 0.5]);
        (double P, double Z)[] known = [(0.001, -3.090232306167813), (0.5, 0), (0.84134474606854293, 1),
            (0.9999, 3.719016485455709)];
        foreach ((double p, double z) in known)
        {
            Assert.That(grid.Quantile(0, p), Is.EqualTo(3 + (2 * z)).Within(1e-9));
            Assert.That(grid.Quantile(1, p), Is.EqualTo(-1 + (0.5 * z)).Within(1e-9));
            Assert.That(grid.Probability(0, 3 + (2 * z)), Is.EqualTo(p).Within(1e-9));
        }

        (double[] low, double[] high) = grid.Interval(0.95);
        Assert.That(low[0], Is.EqualTo(3 - (2 * 1.959963984540054)).Within(1e-9));
        Assert.That(high[0], Is.EqualTo(3 + (2 * 1.959963984540054)).Within(1e-9));
    }

    [Test]
    public void Quantiles_rise_with_the_probability_and_the_probability_finds_them_again()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<NormalFloat[]>(), ArbMap.Default.ArbFor<int>(), (numbers, seed) =>
            {
                double[] sorted = [.. numbers.Select(n => n.Item % 1e6), .. new double[30]];
                double[] row = [.. sorted.Take(QuantileGrid.Levels.Count)];
                QuantileGrid grid = QuantileGrid.Of([row[0]], row);
                double before = double.NegativeInfinity;
                for (double p = 0.001; p < 1; p += 0.013)
                {
                    double q = grid.Quantile(0, p);
                    double back = grid.Probability(0, q);
                    if (q < before - 1e-9 || back is < 0 or > 1)
                    {
                        return false;
                    }

                    before = q;
                }

                return true;
            }).Check(Config.QuickThrowOnFailure.WithReplay(20261126UL, 1UL));
    }

    [Test]
    public void Quantiles_that_cross_are_put_in_order_and_numbers_that_are_none_are_refused()
    {
        double[] row = [.. QuantileGrid.Levels.Select((_, i) => (double)-i)];
        Assert.That(QuantileGrid.Of([0], row).At(0).ToArray(), Is.Ordered.Ascending);
        row[3] = double.NaN;
        Assert.That(() => QuantileGrid.Of([0], row), Throws.ArgumentException.With.Message.Contains("step 1"));
        Assert.That(() => QuantileGrid.Normal([1], [double.PositiveInfinity]), Throws.ArgumentException);
        Assert.That(() => QuantileGrid.Normal([1], []), Throws.ArgumentException);
        Assert.That(() => QuantileGrid.Normal([1], [1]).Quantile(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => QuantileGrid.Normal([1], [1]).Interval(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Samples_give_their_own_quantiles()
    {
        double[][] paths = [.. Enumerable.Range(0, 1001).Select(i => new[] { i / 1000.0, -i })];
        QuantileGrid grid = QuantileGrid.FromSamples(paths);
        Assert.That(grid.Point.ToArray(), Is.EqualTo(new[] { 0.5, -500 }).Within(1e-12));
        Assert.That(grid.Quantile(0, 0.975), Is.EqualTo(0.975).Within(1e-12));
        Assert.That(grid.Quantile(1, 0.1), Is.EqualTo(-900).Within(1e-9));
    }

    [Test]
    public void Values_near_the_largest_double_do_not_overflow_between_levels()
    {
        double[] row = [.. QuantileGrid.Levels.Select((_, i) => i < 12 ? -double.MaxValue : double.MaxValue)];
        QuantileGrid grid = QuantileGrid.Of([0], row);
        Assert.That(grid.Quantile(0, 0.47), Is.InRange(-double.MaxValue, double.MaxValue));
    }
}
