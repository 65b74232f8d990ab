using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Data;

/// <summary>
/// A series cut into samples: what was seen over <c>lookback</c> steps, and what came in the <c>horizon</c> steps after it.
/// </summary>
/// <param name="X">The inputs, (windows, lookback, features).</param>
/// <param name="Y">The targets, (windows, horizon).</param>
/// <param name="Ends">For each window the place, in the series, of its last input step.</param>
/// <example>
/// <code>
/// (NDArray x, NDArray y) = SlidingWindows.Create(series, lookback: 24, horizon: 12);
/// </code>
/// </example>
public sealed record SlidingWindows(NDArray X, NDArray Y, IReadOnlyList<int> Ends)
{
    /// <summary>Cuts a series into windows, oldest first.</summary>
    /// <param name="series">The series: (time), or (time, features) where several are observed.</param>
    /// <param name="lookback">Number of input steps.</param>
    /// <param name="horizon">Number of target steps.</param>
    /// <param name="stride">Distance between the starts of neighbouring windows.</param>
    /// <param name="target">The series to forecast, (time); null takes the first feature.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the series is too short; the message says by how
    /// much.</exception>
    public static SlidingWindows Create(NDArray series, int lookback, int horizon, int stride = 1, NDArray? target = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        new OptionCheck(nameof(SlidingWindows))
            .Positive(nameof(lookback), lookback)
            .Positive(nameof(horizon), horizon)
            .Positive(nameof(stride), stride)
            .Require(series.Rank is 1 or 2, $"a series has shape (time) or (time, features), but its rank is {series.Rank}")
            .ThrowIfAny();
        int time = series.Shape[0];
        int features = series.Rank == 1 ? 1 : series.Shape[1];
        new OptionCheck(nameof(SlidingWindows))
            .Require(features >= 1, "the series has no features")
            .Require(time >= (long)lookback + horizon,
                $"a series of {time} steps holds no window of {lookback} + {horizon} steps")
            .Require(target is null || target.Size == time, $"the series has {time} steps, but the target has {target?.Size}")
            .ThrowIfAny();

        int count = ((time - lookback - horizon) / stride) + 1;
        const string wayOut = "Choose a larger stride or a shorter window, or cut the series into parts.";
        _ = ArraySize.Of($"{count} windows of {lookback} steps of {features} {(features == 1 ? "feature" : "features")}", wayOut,
            nameof(lookback), count, lookback, features);
        _ = ArraySize.Of($"{count} targets of {horizon} steps", wayOut, nameof(horizon), count, horizon);
        var places = new WindowPlaces(new WindowRun(0, 0, stride, count));
        Real[] wanted = target?.Values ?? Column(series.Values, features);
        return new(
            new CutArray([series.Values], places, [features], lookback).ToArray(),
            new CutArray([wanted], places, [], horizon, lookback).ToArray(),
            [.. Enumerable.Range(0, count).Select(window => places[window].Start + lookback - 1)]);
    }

    /// <summary>The window that ends with the series: what a forecast beyond it starts from, (1, lookback, features).</summary>
    /// <param name="series">The series: (time), or (time, features).</param>
    /// <param name="lookback">Number of input steps.</param>
    /// <exception cref="ArgumentException">The series is shorter than the window.</exception>
    public static NDArray Last(NDArray series, int lookback)
    {
        ArgumentNullException.ThrowIfNull(series);
        new OptionCheck(nameof(SlidingWindows))
            .Positive(nameof(lookback), lookback)
            .Require(series.Rank is 1 or 2, $"a series has shape (time) or (time, features), but its rank is {series.Rank}")
            .Require(series.Rank == 0 || series.Shape[0] >= lookback, $"the series is shorter than a window of {lookback} steps")
            .ThrowIfAny();
        return series.Slice(series.Shape[0] - lookback, lookback).Reshape(1, lookback, -1);
    }

    private static Real[] Column(Real[] values, int features)
    {
        var column = new Real[values.Length / features];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = values[i * features];
        }

        return column;
    }

    /// <summary>The inputs and the targets.</summary>
    /// <param name="x">The inputs, (windows, lookback, features).</param>
    /// <param name="y">The targets, (windows, horizon).</param>
    public void Deconstruct(out NDArray x, out NDArray y) => (x, y) = (X, Y);
}
