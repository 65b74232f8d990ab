using System.Globalization;

namespace Recurrent.Data;

/// <summary>Holds dates to their step: finds gaps, says what is missing, and fills them.</summary>
internal static class EvenDates
{
    // Beyond this many missing dates for each one given it is no series with gaps, but dates of another kind.
    private const int MostMissing = 100;

    /// <summary>The first place where dates do not rise, or are not equally spaced.</summary>
    /// <param name="dates">The dates.</param>
    /// <param name="step">Their step; null where there are too few to have one.</param>
    /// <param name="gaps">What the caller wants done; what is wanted is no problem.</param>
    /// <returns>The place of the later date and what is wrong with it; null where nothing is.</returns>
    internal static (int Index, string Problem)? FirstProblem(ReadOnlySpan<DateTime> dates, DateStep? step, DateGaps gaps)
    {
        for (int i = 1; i < dates.Length; i++)
        {
            if (dates[i] <= dates[i - 1])
            {
                return (i, "does not come after the date above it. Sort the rows oldest first, one row for each date");
            }
        }

        if (step is not { } even || gaps == DateGaps.Accept)
        {
            return null;
        }

        int first = 0;
        int places = 0;
        long total = 0;
        bool fits = true;
        for (int i = 1; i < dates.Length; i++)
        {
            long? missing = even.Missing(dates[i - 1], dates[i]);
            if (missing != 0)
            {
                first = places++ == 0 || (fits && missing is null) ? i : first;
                fits &= missing is not null;
                total += missing ?? 0;
            }
        }

        bool fillable = fits && total / MostMissing <= dates.Length;
        return places == 0 || (gaps == DateGaps.Fill && fillable) ? null
            : (first, Describe(dates, first, even, places, fillable));
    }

    /// <summary>Puts in what is missing, with values on a straight line between their neighbours.</summary>
    internal static (double[] Values, DateTime[] Dates) Fill(double[] values, DateTime[] dates, DateStep step)
    {
        var filledValues = new List<double>(values.Length);
        var filledDates = new List<DateTime>(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            int missing = i == 0 ? 0 : (int)step.Missing(dates[i - 1], dates[i])!.Value;
            if (missing > 0)
            {
                filledDates.AddRange(step.After(dates[i - 1], missing));
                for (int k = 1; k <= missing; k++)
                {
                    double share = (double)k / (missing + 1);
                    filledValues.Add((values[i - 1] * (1 - share)) + (values[i] * share));
                }
            }

            filledDates.Add(dates[i]);
            filledValues.Add(values[i]);
        }

        return ([.. filledValues], [.. filledDates]);
    }

    /// <summary>A date as messages show it, with its time where it has one.</summary>
    internal static string Text(DateTime date) =>
        date.ToString(date.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static string Describe(ReadOnlySpan<DateTime> dates, int index, DateStep step, int places, bool fillable)
    {
        string before = Text(dates[index - 1]);
        string what = step.Missing(dates[index - 1], dates[index]) is { } missing
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"comes after {before}, but the dates are {step} apart: {Text(step.After(dates[index - 1], 1)[0])}")
                + (missing > 1 ? FormattableString.Invariant($" and {missing - 1} more are missing") : " is missing")
            : FormattableString.Invariant($"comes after {before}, but most dates are {step} apart");
        string more = places > 1 ? FormattableString.Invariant($" (there are {places} such places)") : string.Empty;
        string way = fillable
            ? "Add the rows; or say gaps: DateGaps.Fill to put them in on a straight line, or gaps: DateGaps.Accept to take "
                + "the values as equally spaced"
            : "Bring the values to equal distances first; or say gaps: DateGaps.Accept to take them as equally spaced";
        return $"{what}{more}. {way}";
    }
}
