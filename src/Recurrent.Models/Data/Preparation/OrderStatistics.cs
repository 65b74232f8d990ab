namespace Recurrent.Data;

/// <summary>Quantiles of sorted values.</summary>
internal static class OrderStatistics
{
    /// <summary>A quantile, interpolated linearly between the values on either side (Hyndman and Fan's type 7, as in R and
    /// NumPy).</summary>
    /// <param name="sorted">The values, at least one, smallest first.</param>
    /// <param name="level">The level, 0 to 1.</param>
    internal static double Quantile(ReadOnlySpan<double> sorted, double level)
    {
        double place = level * (sorted.Length - 1);
        int below = (int)Math.Floor(place);
        int above = Math.Min(below + 1, sorted.Length - 1);
        double share = place - below;
        return ((1 - share) * sorted[below]) + (share * sorted[above]);
    }

    /// <summary>The median.</summary>
    /// <param name="values">The values, at least one, in any order.</param>
    internal static double Median(ReadOnlySpan<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return Quantile(sorted, 0.5);
    }
}
