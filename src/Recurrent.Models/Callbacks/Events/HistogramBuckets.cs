namespace Recurrent.Callbacks;

/// <summary>How values are spread: how many lie in each of equally wide buckets.</summary>
internal sealed class HistogramBuckets
{
    private const int Count = 30;

    private double least;
    private double most;
    private double number;
    private double sum;
    private double squares;
    private double[] limits = [];
    private double[] counts = [];

    /// <summary>The spread of values; those that are not finite are left out.</summary>
    public static HistogramBuckets Of(ReadOnlySpan<Real> values)
    {
        var spread = new HistogramBuckets { least = double.PositiveInfinity, most = double.NegativeInfinity };
        foreach (Real value in values)
        {
            if (Real.IsFinite(value))
            {
                spread.least = Math.Min(spread.least, value);
                spread.most = Math.Max(spread.most, value);
                spread.number++;
                spread.sum += value;
                spread.squares += (double)value * value;
            }
        }

        if (spread.number > 0)
        {
            spread.Fill(values);
        }
        else
        {
            (spread.least, spread.most) = (0, 0);
        }

        return spread;
    }

    /// <summary>Writes the message HistogramProto.</summary>
    public void Write(ProtoWriter writer) => writer.Double(1, least).Double(2, most).Double(3, number).Double(4, sum)
        .Double(5, squares).Doubles(6, limits).Doubles(7, counts);

    private void Fill(ReadOnlySpan<Real> values)
    {
        int buckets = most > least ? Count : 1;
        double width = (most - least) / buckets;
        limits = [.. Enumerable.Range(1, buckets).Select(i => i == buckets ? most : least + (i * width))];
        counts = new double[buckets];
        foreach (Real value in values)
        {
            if (Real.IsFinite(value))
            {
                int place = width > 0 ? (int)((value - least) / width) : 0;
                counts[Math.Min(place, buckets - 1)]++;
            }
        }
    }
}
