using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>Forecasts that look back on forecasts cannot run away, and trends go on.</summary>
[TestFixture]
public sealed class RecursionBoundsTests
{
    [Test]
    public void What_runs_away_is_brought_back_and_what_does_not_is_left()
    {
        var scale = new SeriesScale(10, 2);
        var bounds = RecursionBounds.Of([8, double.NaN, 12, 10], scale);
        var block = new BlockForecast(
            [11, 11, 11, 11, 11, 1e6, -1e6],
            [.. Enumerable.Range(0, 5).SelectMany(_ => Levels(11, 1)), .. Levels(1e6, 1e5), .. Levels(-1e6, 1)]);
        QuantileGrid before = QuantileGrid.Of(block.Point, block.Quantiles);
        bounds.Hold(block, 4);
        int levels = QuantileGrid.Levels.Count;
        int first = 5 * levels;
        Assert.Multiple(() =>
        {
            Assert.That(block.Point[..5], Is.All.EqualTo(11));
            Assert.That(block.Quantiles[..first], Is.EqualTo(before.Quantiles.ToArray()[..first]));

            // They moved by 2 deviations in 3 steps: 3 deviations more and 2 · 6 / 3, 3 more and 2 · 7 / 3.
            Assert.That(block.Point[5], Is.EqualTo(12 + (2 * (3 + 4))));
            Assert.That(block.Point[6], Is.EqualTo(8 - (2 * (3 + (14 / 3.0)))).Within(1e-12));
            Assert.That(block.Quantiles[first..(first + levels)], Is.Ordered.And.All.EqualTo(12 + (2 * (6 + 4))));
        });
    }

    [Test]
    public void A_line_goes_on_for_ever()
    {
        double[] line = [.. Enumerable.Range(0, 24).Select(t => 3.0 * t)];
        var bounds = RecursionBounds.Of(line, SeriesScale.Of(line));
        double[] next = [.. Enumerable.Range(24, 2000).Select(t => 3.0 * t)];
        var block = new BlockForecast([.. next], [.. next.SelectMany(value => Levels(value, 1))]);
        bounds.Hold(block, 1);
        Assert.That(block.Point, Is.EqualTo(next));
    }

    [Test]
    public void Growth_is_bounded_on_the_scale_on_which_it_was_learnt()
    {
        double[] growth = [.. Enumerable.Range(0, 24).Select(t => Math.Pow(1.1, t))];
        var bounds = RecursionBounds.Of(growth, SeriesScale.Of(growth, log: true));
        double[] next = [.. Enumerable.Range(24, 276).Select(t => Math.Pow(1.1, t))];
        var block = new BlockForecast([.. next], [.. next.SelectMany(value => Levels(value, value / 10))]);
        bounds.Hold(block, 0);
        Assert.That(block.Point, Is.EqualTo(next));
    }

    private static double[] Levels(double point, double deviation)
    {
        int count = QuantileGrid.Levels.Count;
        return [.. Enumerable.Range(0, count).Select(i => point + (deviation * (i - (count / 2)) / 8.0))];
    }
}
