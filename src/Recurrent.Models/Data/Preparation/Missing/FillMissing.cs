using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Values in place of those that are missing (NaN). What is known stays as it is.</summary>
public static class FillMissing
{
    /// <summary>The mean of the known values.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    public static double[] Mean(ReadOnlySpan<double> values) => With(values, MeanOf(values));

    /// <summary>The median of the known values.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    public static double[] Median(ReadOnlySpan<double> values) => With(values, MedianOf(values));

    /// <summary>The most frequent of the known values; of several the smallest.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    public static double[] Mode(ReadOnlySpan<double> values) => With(values, ModeOf(values));

    /// <summary>A number.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <param name="value">The number.</param>
    public static double[] With(ReadOnlySpan<double> values, double value)
    {
        double[] filled = [.. values];
        foreach (ref double one in filled.AsSpan())
        {
            one = double.IsNaN(one) ? value : one;
        }

        return filled;
    }

    /// <summary>The last known value before; the first known one where there is none before.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    public static double[] Forward(ReadOnlySpan<double> values)
    {
        double[] filled = [.. values];
        double last = filled[FirstKnown(values)];
        for (int i = 0; i < filled.Length; i++)
        {
            last = double.IsNaN(filled[i]) ? last : filled[i];
            filled[i] = last;
        }

        return filled;
    }

    /// <summary>The next known value; the last known one where none follows.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    public static double[] Backward(ReadOnlySpan<double> values)
    {
        double[] filled = [.. values];
        Array.Reverse(filled);
        filled = Forward(filled);
        Array.Reverse(filled);
        return filled;
    }

    /// <summary>A straight line between the known values on either side; before the first and behind the last their
    /// value.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    public static double[] Linear(ReadOnlySpan<double> values)
    {
        double[] filled = [.. values];
        int last = FirstKnown(values);
        filled.AsSpan(0, last).Fill(filled[last]);
        for (int i = last + 1; i < filled.Length; i++)
        {
            if (double.IsNaN(filled[i]))
            {
                continue;
            }

            for (int between = last + 1; between < i; between++)
            {
                double share = (double)(between - last) / (i - last);
                filled[between] = ((1 - share) * filled[last]) + (share * filled[i]);
            }

            last = i;
        }

        filled.AsSpan(last + 1).Fill(filled[last]);
        return filled;
    }

    /// <summary>
    /// A straight line between the known values after their seasons are taken out, and the seasons put back: R's
    /// <c>na.interp</c>. The seasons are those that robust STL finds where missing values are filled by a polynomial and
    /// harmonics. A series of fewer than two seasons, or one whose filled values would lie far outside the known ones, is filled
    /// linearly.
    /// </summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <param name="seasons">Lengths of the seasons in steps, each at least 2.</param>
    /// <exception cref="ArgumentException">No value is known, or a season is out of range.</exception>
    public static double[] Seasonal(ReadOnlySpan<double> values, params IReadOnlyList<int> seasons)
    {
        ArgumentNullException.ThrowIfNull(seasons);
        new OptionCheck(nameof(Seasonal))
            .Require(seasons.All(season => season >= 2), "seasons must be at least 2", nameof(seasons))
            .ThrowIfAny();
        double[] line = Linear(values);
        double[] given = [.. values];
        int missing = given.Count(double.IsNaN);
        if (missing == 0 || !seasons.Any(season => given.Length - missing > 2L * season))
        {
            return line;
        }

        int[] held = [.. seasons.Distinct().Where(season => line.Length > 2L * season).Order()];
        Decomposition parts = Mstl.Decompose(HarmonicStart.Fill(values, held) ?? line, seasons, robust: true);
        for (int i = 0; i < given.Length; i++)
        {
            given[i] -= parts.Seasonal[i];
        }

        double[] adjusted = Linear(given);
        double[] filled = [.. values];
        (double low, double high) = Range(values);
        bool fits = true;
        for (int i = 0; i < filled.Length; i++)
        {
            if (double.IsNaN(filled[i]))
            {
                filled[i] = adjusted[i] + parts.Seasonal[i];
                fits &= filled[i] <= high + (0.5 * (high - low)) && filled[i] >= low - (0.5 * (high - low));
            }
        }

        return fits ? filled : line;
    }

    /// <summary>What a model forecasts for each gap from the values before it and, read backwards, from those behind it: over the
    /// gap the one goes over into the other.</summary>
    /// <param name="values">The series; NaN where a value is missing.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ArgumentException">No value is known, or the model gives too few values, or one that is not
    /// finite.</exception>
    public static double[] ByModel(ReadOnlySpan<double> values, GapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        double[] filled = [.. values];
        double[] behind = Linear(values);
        _ = FirstKnown(values);
        for (int start = 0; start < filled.Length; start++)
        {
            if (!double.IsNaN(filled[start]))
            {
                continue;
            }

            int end = start;
            while (end < filled.Length && double.IsNaN(filled[end]))
            {
                end++;
            }

            double[]? forward = start > 0 ? Ask(model, filled[..start], end - start) : null;
            double[]? backward = end < filled.Length
                ? Enumerable.Reverse(Ask(model, [.. Enumerable.Reverse(behind[end..])], end - start)).ToArray()
                : null;
            for (int i = start; i < end; i++)
            {
                double share = (i - start + 1.0) / (end - start + 1);
                share = forward is null ? 1 : backward is null ? 0 : share;
                filled[i] = ((forward?[i - start] ?? 0) * (1 - share)) + ((backward?[i - start] ?? 0) * share);
            }
        }

        return filled;
    }

    /// <summary>
    /// What <see cref="Seasonal"/> does at the cost of a sum, for methods that fill thousands of series before they are fitted:
    /// on the straight line, beside it what the known values of the same place of the season were beside the mean of a season
    /// around them.
    /// </summary>
    /// <param name="values">The series, of at least a season; NaN where a value is missing.</param>
    /// <param name="season">Length of the season.</param>
    /// <exception cref="ArgumentException">No value is known.</exception>
    internal static double[] SeasonalMeans(ReadOnlySpan<double> values, int season)
    {
        double[] line = Linear(values);
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

    internal static double MeanOf(ReadOnlySpan<double> values)
    {
        double[] known = Known(values);
        int exponent = Magnitude.Exponent(known);
        return Math.ScaleB(known.Sum(value => Math.ScaleB(value, -exponent)) / known.Length, exponent);
    }

    internal static double MedianOf(ReadOnlySpan<double> values) => OrderStatistics.Median(Known(values));

    internal static double ModeOf(ReadOnlySpan<double> values)
    {
        double[] sorted = Known(values);
        Array.Sort(sorted);
        (double mode, int most, int run) = (sorted[0], 0, 0);
        for (int i = 0; i < sorted.Length; i++)
        {
            run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
            (mode, most) = run > most ? (sorted[i], run) : (mode, most);
        }

        return mode;
    }

    /// <summary>The values that are not missing, at least one.</summary>
    internal static double[] Known(ReadOnlySpan<double> values)
    {
        var known = new List<double>(values.Length);
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                known.Add(value);
            }
        }

        return known.Count > 0 ? [.. known] : throw NothingKnown(values.Length);
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

    private static double[] Ask(GapModel model, double[] history, int steps)
    {
        double[]? forecast = model(history, steps);
        return forecast is not null && forecast.Length == steps && Array.TrueForAll(forecast, double.IsFinite)
            ? forecast
            : throw new ArgumentException(FormattableString.Invariant(
                $"The model was asked for {steps} values and gave {forecast?.Length ?? 0}, or some that are not finite."),
                nameof(model));
    }

    private static int FirstKnown(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]))
            {
                return i;
            }
        }

        throw NothingKnown(values.Length);
    }

    private static (double Low, double High) Range(ReadOnlySpan<double> values)
    {
        double[] known = Known(values);
        return (known.Min(), known.Max());
    }

    private static ArgumentException NothingKnown(int count) => new(count == 0
        ? "There are no values, so there is nothing to fill missing ones from."
        : FormattableString.Invariant($"All {count} values are missing, so there is nothing to fill them from."));
}
