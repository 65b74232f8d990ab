namespace Recurrent.Forecasting;

/// <summary>Whether a series varies at all.</summary>
internal static class Varies
{
    /// <summary>Whether all values are the same but for rounding.</summary>
    internal static bool Not(ReadOnlySpan<double> values) => Not(values, 0);

    /// <summary>Whether all values are the same but for what rounds numbers of a size.</summary>
    /// <param name="values">The values.</param>
    /// <param name="size">The size of the numbers that they are differences of.</param>
    internal static bool Not(ReadOnlySpan<double> values, double size)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return values.IsEmpty || (high / 2) - (low / 2) <= 1e-14 * Math.Max(size, Math.Max(Math.Abs(low), Math.Abs(high)));
    }
}
