using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Fills missing values for methods that know none: on a line between the values around them, or, where there is a season, as
/// the same places of the seasons before and after were beside that line. Those at the beginning are left out.
/// </summary>
internal sealed class MissingFill
{
    private MissingFill(double[] values, int skipped, int count, string how)
    {
        Values = values;
        Skipped = skipped;
        Count = count;
        How = how;
    }

    /// <summary>The values, complete.</summary>
    internal double[] Values { get; }

    /// <summary>How many at the beginning were left out.</summary>
    internal int Skipped { get; }

    /// <summary>How many were missing in all.</summary>
    internal int Count { get; }

    /// <summary>What was done, for a note.</summary>
    internal string How { get; }

    /// <summary>Fills the gaps of a series.</summary>
    /// <exception cref="ArgumentException">All values are missing, or one is infinite.</exception>
    internal static MissingFill Of(ReadOnlySpan<double> values, int season)
    {
        int missing = CountMissing(values);
        if (missing == values.Length)
        {
            throw new ArgumentException(values.Length == 0 ? "it has no values."
                : FormattableString.Invariant($"all {values.Length} values are missing."));
        }

        int skipped = 0;
        while (double.IsNaN(values[skipped]))
        {
            skipped++;
        }

        double[] known = values[skipped..].ToArray();
        if (missing == 0)
        {
            return new(known, 0, 0, string.Empty);
        }

        bool seasonal = season > 1 && known.Length >= 2 * season;
        double[] filled = seasonal ? FillMissing.SeasonalMeans(known, season) : FillMissing.Linear(known);
        string how = missing == skipped ? "left out at the beginning"
            : seasonal ? "filled by what the season has beside the line between their neighbours"
            : "filled on the line between their neighbours";
        return new(filled, skipped, missing, skipped > 0 && skipped < missing
            ? $"{how}, {FormattableString.Invariant($"{skipped}")} of them left out at the beginning" : how);
    }

    /// <summary>Keeps the gaps of a series, for a method that takes them; those at the beginning are left out.</summary>
    /// <param name="values">The values.</param>
    /// <param name="first">Whether the series begins here.</param>
    /// <exception cref="ArgumentException">All values are missing, or one is infinite.</exception>
    internal static MissingFill Kept(ReadOnlySpan<double> values, bool first)
    {
        int missing = CountMissing(values);
        if (first)
        {
            // What is refused, and what is left out at the beginning, are the same for all methods.
            int skipped = Of(values, 1).Skipped;
            return new(values[skipped..].ToArray(), skipped, missing,
                skipped == missing ? "left out at the beginning"
                : skipped == 0 ? "left to the method"
                : FormattableString.Invariant($"left to the method, {skipped} of them left out at the beginning"));
        }

        return new(values.ToArray(), 0, missing, "left to the method");
    }

    /// <summary>Fills the gaps of values that follow a fit by what it forecasts.</summary>
    internal static MissingFill After(ReadOnlySpan<double> values, LocalFit before)
    {
        double[] filled = values.ToArray();
        int missing = CountMissing(values);
        double[] forecast = missing > 0 ? before.Predict(filled.Length, []).Point.ToArray() : [];
        for (int i = 0; i < filled.Length && missing > 0; i++)
        {
            filled[i] = double.IsNaN(filled[i]) ? forecast[i] : filled[i];
        }

        return new(filled, 0, missing, "filled by their forecast");
    }

    /// <summary>How many values are missing.</summary>
    /// <exception cref="ArgumentException">One is infinite.</exception>
    private static int CountMissing(ReadOnlySpan<double> values)
    {
        int missing = 0;
        for (int i = 0; i < values.Length; i++)
        {
            missing += double.IsNaN(values[i]) ? 1 : 0;
            if (double.IsInfinity(values[i]))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"value {i} is infinite. Mark it as missing (NaN) or correct it."));
            }
        }

        return missing;
    }
}
