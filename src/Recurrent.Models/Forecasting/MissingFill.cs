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
        double[] filled = seasonal ? AddSeason(known, season) : Line(known);
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
        int missing = 0;
        for (int i = 0; i < values.Length; i++)
        {
            missing += double.IsNaN(values[i]) ? 1 : 0;
            if (double.IsInfinity(values[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"value {i} is infinite. Mark it as missing (NaN)."));
            }
        }

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
        int missing = 0;
        double[]? forecast = null;
        for (int i = 0; i < filled.Length; i++)
        {
            if (double.IsInfinity(filled[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"value {i} is infinite. Mark it as missing (NaN)."));
            }

            if (double.IsNaN(filled[i]))
            {
                forecast ??= before.Predict(filled.Length, []).Point.ToArray();
                filled[i] = forecast[i];
                missing++;
            }
        }

        return new(filled, 0, missing, "filled by their forecast");
    }

    /// <summary>Each gap on the line between its neighbours, level at the end.</summary>
    private static double[] Line(double[] values)
    {
        double[] filled = [.. values];
        int last = 0;
        for (int i = 1; i <= filled.Length; i++)
        {
            if (i < filled.Length && double.IsNaN(values[i]))
            {
                continue;
            }

            for (int gap = last + 1; gap < i; gap++)
            {
                double share = (double)(gap - last) / (i - last);
                filled[gap] = i == filled.Length ? filled[last] : (filled[last] * (1 - share)) + (values[i] * share);
            }

            last = i;
        }

        return filled;
    }

    /// <summary>The line, and on it what known values of the same season's place were beside the mean of a season around
    /// them.</summary>
    private static double[] AddSeason(double[] values, int season)
    {
        double[] line = Line(values);
        double[] level = MovingMean(line, season);
        var sums = new double[season];
        var counts = new int[season];
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]))
            {
                sums[i % season] += values[i] - level[i];
                counts[i % season]++;
            }
        }

        double[] filled = [.. values];
        for (int i = 0; i < filled.Length; i++)
        {
            if (double.IsNaN(filled[i]))
            {
                int place = i % season;
                filled[i] = counts[place] > 0 ? level[i] + (sums[place] / counts[place]) : line[i];
            }
        }

        return filled;
    }

    private static double[] MovingMean(double[] values, int width)
    {
        var sums = new double[values.Length + 1];
        for (int i = 0; i < values.Length; i++)
        {
            sums[i + 1] = sums[i] + values[i];
        }

        var mean = new double[values.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            int start = Math.Clamp(i - (width / 2), 0, values.Length - width);
            mean[i] = (sums[start + width] - sums[start]) / width;
        }

        return mean;
    }
}
