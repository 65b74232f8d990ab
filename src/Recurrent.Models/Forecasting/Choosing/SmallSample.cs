using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>What the intervals of a series' forecast take from the series itself: how little was there to learn from, and that it
/// never fell below 0.</summary>
/// <param name="Series">Name of the series.</param>
/// <param name="Count">How many values were there at the fit.</param>
/// <param name="Parameters">How many numbers a method takes from them, about: a level, a trend, their steps, and a season;
/// 0 where intervals are not widened.</param>
/// <param name="NeverNegative">For each target, whether forecasts stay at 0 or above: all its values do, and they are counts, or
/// 0 is among them.</param>
/// <remarks>
/// Intervals of classical methods take their parameters for known. With n values and k parameters a quantile z of the normal
/// distribution becomes that of Student's t of n − k degrees of freedom, times √(1 + k / n): the interval of a regression's
/// forecast.
/// </remarks>
internal sealed record SmallSample(string Series, int Count, int Parameters, IReadOnlyList<int> NeverNegative)
{
    private const int WithoutSeason = 4;
    private const int LeastFreedom = 3;
    private const int LeastToKnow = 4;

    /// <summary>What a series says.</summary>
    internal static SmallSample Of(TimeSeries series, IReadOnlyList<string> targets, int season)
    {
        int count = targets.Max(target => Finite(series, target).Length);
        return new(series.Name, count, WithoutSeason - 1 + (count > 2 * season ? season : 1),
            [.. targets.Select(target => StaysAbove(Finite(series, target)) ? 1 : 0)]);
    }

    /// <summary>What a file says.</summary>
    /// <exception cref="ConfigException">It is wrong.</exception>
    internal static SmallSample Read(ConfigReader reader)
    {
        var read = new SmallSample(reader.OptionalString("series") ?? string.Empty, reader.Int("count"), reader.Int("parameters"),
            reader.Ints("never_negative"));
        return read.Count >= 0 && read.Parameters >= 0 ? read
            : throw new ConfigException("count and parameters are at least 0.") { Option = "count" };
    }

    /// <summary>The same as plain data.</summary>
    internal Config ToConfig() => new()
    {
        { "series", Series },
        { "count", Count },
        { "parameters", Parameters },
        { "never_negative", NeverNegative },
    };

    /// <summary>The same after later values.</summary>
    internal SmallSample After(TimeSeries newer, IReadOnlyList<string> targets) => this with
    {
        NeverNegative = [.. NeverNegative.Select((above, target) =>
            above != 0 && !Finite(newer, targets[target]).Any(value => value < 0) ? 1 : 0)],
    };

    /// <summary>The forecast of a target with the intervals that so few values allow.</summary>
    internal QuantileGrid Widened(QuantileGrid grid)
    {
        if (Parameters == 0)
        {
            return grid;
        }

        double freedom = Math.Max(Count - Parameters, LeastFreedom);
        double unknown = Math.Sqrt(1 + (Parameters / (double)Math.Max(Count, 1)));
        double[] factors = [.. Enumerable.Range(0, Calibration.Pairs).Select(pair =>
        {
            double level = QuantileGrid.Levels[pair];
            return unknown * StudentT.Quantile(level, freedom) / Gaussian.Quantile(level);
        })];
        return Calibration.Stretched(grid, (_, pair) => factors[pair]);
    }

    /// <summary>The forecast of a target, not below 0 where the target never was.</summary>
    /// <param name="grid">The forecast.</param>
    /// <param name="target">Which target.</param>
    internal QuantileGrid Bounded(QuantileGrid grid, int target) =>
        NeverNegative[target] != 0 ? grid.Map((_, value) => Math.Max(0, value)) : grid;

    private static double[] Finite(TimeSeries series, string target) =>
        [.. series.Variable(target).ToArray().Where(double.IsFinite)];

    private static bool StaysAbove(double[] values) => values.Length >= LeastToKnow && values.All(value => value >= 0)
        && (values.Contains(0) || values.All(value => value == Math.Floor(value)));
}
