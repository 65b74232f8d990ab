namespace Recurrent.Layers;

/// <summary>
/// Numbers summed up by a few of them, each with how many it stands for: what quantiles of any amount of data are found from.
/// The arithmetic is Keras's, single precision included, so that boundaries are Keras's.
/// </summary>
internal sealed class BinSummary
{
    private readonly float[] values;
    private readonly float[] weights;

    private BinSummary(float[] values, float[] weights)
    {
        this.values = values;
        this.weights = weights;
    }

    /// <summary>Sums up numbers: about 1/epsilon of them, equally far apart in order.</summary>
    public static BinSummary Of(ReadOnlySpan<Real> data, double epsilon)
    {
        var sorted = new float[data.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = (float)data[i];
        }

        Array.Sort(sorted);
        double step = Math.Max(sorted.Length / (1 / epsilon), 1);
        var kept = new List<float>();
        for (int i = (int)(step - 1); i < sorted.Length; i += (int)step)
        {
            kept.Add(sorted[i]);
        }

        var weights = new float[kept.Count];
        Array.Fill(weights, (float)step);
        return new([.. kept], weights);
    }

    /// <summary>This summary with that of data before it.</summary>
    public BinSummary MergedWith(BinSummary before, double epsilon)
    {
        float[] all = [.. values, .. before.values];
        float[] theirs = [.. weights, .. before.weights];
        int[] order = [.. Enumerable.Range(0, all.Length).OrderBy(i => all[i])];
        return new BinSummary([.. order.Select(i => all[i])], [.. order.Select(i => theirs[i])]).Compressed(epsilon);
    }

    /// <summary>The summary at multiples of a share of what it stands for, between its values on straight lines.</summary>
    public BinSummary Compressed(double epsilon) =>
        values.Length * epsilon < 1 ? this : At(epsilon, (int)Math.Ceiling(1 / epsilon));

    /// <summary>What cuts the data into bins of equal size, as far as there are values.</summary>
    public double[] Boundaries(int bins)
    {
        double share = 1.0 / bins;
        BinSummary cut = values.Length * share < 1 ? this : At(share, bins);
        return [.. cut.values.SkipLast(1).Select(value => (double)value)];
    }

    private BinSummary At(double share, int count)
    {
        float[] sums = new float[weights.Length];
        float sum = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = sum += weights[i];
        }

        float[] shares = Array.ConvertAll(sums, each => each / sum);
        var at = new float[count];
        var standsFor = new float[count];
        double last = 0;
        for (int i = 0; i < count; i++)
        {
            double place = share + (i * share);
            at[i] = (float)Between(place, shares, values);
            double reached = Between(place, shares, sums);
            standsFor[i] = (float)(reached - last);
            last = reached;
        }

        return new(at, standsFor);
    }

    /// <summary>The value at a place on the line through points; that of the first or last point beyond them.</summary>
    private static double Between(double place, float[] places, float[] heights)
    {
        if (place >= places[^1])
        {
            return heights[^1];
        }

        if (place < places[0])
        {
            return heights[0];
        }

        int next = 1;
        while (places[next] <= place)
        {
            next++;
        }

        double slope = ((double)heights[next] - heights[next - 1]) / ((double)places[next] - places[next - 1]);
        return (slope * (place - places[next - 1])) + heights[next - 1];
    }
}
