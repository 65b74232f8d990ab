using Recurrent.Random;

namespace Recurrent.Forecasting;

/// <summary>The windows of one series: their last steps of look-back, from the first one on.</summary>
/// <param name="FirstEnd">Last step of the look-back of the first window.</param>
/// <param name="Count">Number of windows.</param>
/// <param name="Stride">Distance of two.</param>
internal readonly record struct WindowRange(int FirstEnd, int Count, int Stride = 1);

/// <summary>Where a sample lies.</summary>
/// <param name="Series">The series.</param>
/// <param name="Place">Its place in the panel.</param>
/// <param name="Target">The first target of the sample.</param>
/// <param name="End">The last step of the look-back.</param>
internal readonly record struct WindowPlace(NetworkSeries Series, int Place, int Target, int End);

/// <summary>Location and size that the numbers of a window are brought to: <c>u = (z − Location) / Size</c>.</summary>
internal readonly record struct WindowFrame(double Location, double Size);

/// <summary>
/// All samples of a panel that are trained on, validated on or forecast from, found by their number; none is held.
/// </summary>
internal sealed class NetworkWindows
{
    private readonly IReadOnlyList<NetworkSeries> series;
    private readonly WindowRange[] ranges;
    private readonly long[] starts;
    private readonly int parts;
    private readonly int[]? chosen;
    private readonly int first;

    /// <summary>Finds the samples.</summary>
    /// <param name="series">The panel.</param>
    /// <param name="ranges">The windows of each series.</param>
    /// <param name="sizes">The sizes of the network.</param>
    /// <param name="most">Most samples; where there are more, so many are drawn by <see cref="Renew"/>.</param>
    public NetworkWindows(
        IReadOnlyList<NetworkSeries> series, IReadOnlyList<WindowRange> ranges, NetworkSizes sizes, int most = int.MaxValue)
    {
        this.series = series;
        this.ranges = [.. ranges];
        Sizes = sizes;
        parts = series.Count == 0 ? 1 : series[0].Targets.Length / sizes.Targets;
        starts = new long[this.ranges.Length + 1];
        for (int i = 0; i < this.ranges.Length; i++)
        {
            starts[i + 1] = starts[i] + ((long)this.ranges[i].Count * parts);
        }

        Total = starts[^1];
        Count = (int)Math.Min(Total, most);
        if (Count < Total)
        {
            chosen = new int[Count];
            Renew(0, 0);
        }
    }

    private NetworkWindows(NetworkWindows whole, int first, int count)
    {
        (series, ranges, starts, parts, chosen) = (whole.series, whole.ranges, whole.starts, whole.parts, whole.chosen);
        (Sizes, Total, Origin) = (whole.Sizes, whole.Total, whole.Origin);
        this.first = whole.first + first;
        Count = count;
    }

    /// <summary>The sizes of the network.</summary>
    public NetworkSizes Sizes { get; }

    /// <summary>Number of samples of an epoch.</summary>
    public int Count { get; }

    /// <summary>Number of all samples there are.</summary>
    public long Total { get; }

    /// <summary>Place in the panel of the only series, where all windows are of one that is not the first.</summary>
    public int? Origin { get; init; }

    /// <summary>Number of targets in all series together.</summary>
    public int Groups => series.Sum(one => one.Targets.Length);

    /// <summary>Samples that a window has: one for each variable that is forecast by itself.</summary>
    public int Parts => parts;

    /// <summary>A run of samples.</summary>
    public NetworkWindows Part(int start, int count) => new(this, start, count);

    /// <summary>Draws the samples of an epoch, where there are more than one epoch takes.</summary>
    public void Renew(ulong seed, int epoch)
    {
        if (chosen is null)
        {
            return;
        }

        // One of each of equally many neighbours, so that the whole span is seen in every epoch.
        var random = new SeededRandom(SeededRandom.Key(seed ^ 0x57494E444F57UL, (ulong)epoch));
        double width = (double)Total / Count;
        for (int i = 0; i < Count; i++)
        {
            chosen[i] = (int)Math.Min(Total - 1, (long)((i + random.NextDouble()) * width));
        }
    }

    /// <summary>Where a sample lies.</summary>
    public WindowPlace At(int sample)
    {
        int number = chosen is null ? first + sample : chosen[first + sample];
        int place = Array.BinarySearch(starts, number);
        place = place < 0 ? ~place - 1 : place;
        while (starts[place + 1] == number)
        {
            place++;
        }

        int own = (int)(number - starts[place]);
        WindowRange range = ranges[place];
        return new(
            series[place], Origin ?? place, own % parts * Sizes.Targets, range.FirstEnd + (own / parts * range.Stride));
    }

    /// <summary>Location and size of a target in a window.</summary>
    public WindowFrame FrameOf(in WindowPlace window, int target) =>
        FrameOf(Sizes.Scaling, window.Series, target, window.End, Sizes.Lookback);

    /// <summary>What is taken off a target of a step ahead, from 0, before division by the size.</summary>
    public double BaseOf(in WindowPlace window, int target, int step, in WindowFrame frame)
    {
        if (Sizes.Scaling != WindowScaling.Seasonal)
        {
            return frame.Location;
        }

        int back = window.End + 1 + (step % Sizes.Season) - Sizes.Season;
        return back >= 0 ? window.Series.Targets[target][back] : frame.Location;
    }

    private static WindowFrame FrameOf(WindowScaling scaling, NetworkSeries series, int target, int end, int lookback)
    {
        Real[] z = series.Targets[target];
        int first = Math.Max(0, end - lookback + 1);
        switch (scaling)
        {
            case WindowScaling.Last or WindowScaling.Seasonal:
                return new(z[end], 1);
            case WindowScaling.Standard:
                double sum = 0;
                for (int t = first; t <= end; t++)
                {
                    sum += z[t];
                }

                double mean = sum / (end - first + 1);
                double squares = 0;
                for (int t = first; t <= end; t++)
                {
                    squares += (z[t] - mean) * (z[t] - mean);
                }

                // As in the paper, a variance below 1e-5 counts as that: a flat window is not blown up.
                return new(mean, Math.Sqrt((squares / (end - first + 1)) + 1e-5));
            case WindowScaling.Mean:
                SeriesScale scale = series.Scales[target];
                double magnitude = 0;
                for (int t = first; t <= end; t++)
                {
                    magnitude += Math.Abs(scale.Back(z[t]));
                }

                magnitude /= end - first + 1;
                double zero = -scale.Mean / scale.Deviation;
                return new(zero, magnitude > 0 ? magnitude / scale.Deviation : 1);
            default:
                return new(0, 1);
        }
    }
}
