using System.Globalization;

namespace Recurrent.Data;

/// <summary>Holds dates to their frequency: finds gaps, says what is missing, and fills them.</summary>
internal static class EvenDates
{
    // Beyond this many missing dates for each one given it is no series with gaps, but dates of another kind.
    private const int MostMissing = 100;

    private const string Rising = "Sort the rows oldest first, one row for each date; or say Sort = true";

    /// <summary>The first place where dates do not rise, or are not equally spaced.</summary>
    /// <param name="dates">The dates.</param>
    /// <param name="frequency">Their frequency; null where there are too few to have one.</param>
    /// <param name="gaps">What the caller wants done; what is wanted is no problem.</param>
    /// <returns>The place of the later date and what is wrong with it; null where nothing is.</returns>
    internal static (int Index, string Problem)? FirstProblem(ReadOnlySpan<DateTime> dates, Frequency? frequency, DateGaps gaps)
    {
        if (FirstThatDoesNotRise(dates) is { } disorder)
        {
            return disorder;
        }

        if (frequency is null || gaps == DateGaps.Accept)
        {
            return null;
        }

        int first = 0;
        int places = 0;
        long total = 0;
        bool fits = true;
        for (int i = 1; i < dates.Length; i++)
        {
            long? steps = frequency.StepsBetween(dates[i - 1], dates[i]);
            if (steps != 1)
            {
                first = places++ == 0 || (fits && steps is null) ? i : first;
                fits &= steps is not null;
                total += (steps ?? 1) - 1;
            }
        }

        bool fillable = fits && total / MostMissing <= dates.Length;
        return places == 0 || (gaps is DateGaps.Fill or DateGaps.Missing && fillable) ? null
            : Change(dates) ?? (first, Describe(dates, first, frequency, places, fillable));
    }

    /// <summary>Puts in what is missing, on a straight line between its neighbours or as NaN.</summary>
    internal static (DateTime[] Dates, double[][] Columns) Fill(
        DateTime[] dates, double[][] columns, Frequency frequency, bool onALine)
    {
        var places = new int[dates.Length];
        for (int i = 1; i < dates.Length; i++)
        {
            places[i] = places[i - 1] + (int)frequency.StepsBetween(dates[i - 1], dates[i])!.Value;
        }

        if (dates.Length < 2 || places[^1] == dates.Length - 1)
        {
            return (dates, columns);
        }

        var filled = new DateTime[places[^1] + 1];
        for (int i = 0; i < dates.Length; i++)
        {
            filled[places[i]] = dates[i];
            for (int missing = i > 0 ? places[i - 1] + 1 : 0; i > 0 && missing < places[i]; missing++)
            {
                filled[missing] = frequency.Step(dates[i - 1], missing - places[i - 1]);
            }
        }

        return (filled, [.. columns.Select(column => Fill(column, places, onALine))]);
    }

    /// <summary>A date as messages show it, with its time where it has one.</summary>
    internal static string Text(DateTime date) =>
        date.ToString(date.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);

    private static double[] Fill(double[] values, int[] places, bool onALine)
    {
        var filled = new double[places[^1] + 1];
        Array.Fill(filled, double.NaN);
        for (int i = 0; i < values.Length; i++)
        {
            filled[places[i]] = values[i];
            int before = i > 0 ? places[i - 1] : places[i];
            for (int missing = before + 1; onALine && missing < places[i]; missing++)
            {
                double share = (double)(missing - before) / (places[i] - before);
                filled[missing] = (values[i - 1] * (1 - share)) + (values[i] * share);
            }
        }

        return filled;
    }

    private static (int Index, string Problem)? FirstThatDoesNotRise(ReadOnlySpan<DateTime> dates)
    {
        int falling = 0;
        int first = 0;
        for (int i = dates.Length - 1; i > 0; i--)
        {
            falling += dates[i] < dates[i - 1] ? 1 : 0;
            first = dates[i] <= dates[i - 1] ? i : first;
        }

        if (first == 0)
        {
            return null;
        }

        const string start = "does not come after the date above it";
        bool hours = dates[first].TimeOfDay != default || dates[first - 1].TimeOfDay != default;
        string clock = hours && dates[first - 1] - dates[first] <= TimeSpan.FromHours(1) && dates[first].Month is >= 9 or <= 4
            ? ". If a clock was set back there from summer time, say in which zone: TimeZone"
            : string.Empty;
        return (first, dates[first] == dates[first - 1]
            ? $"{start}: it is the same. {Rising.Split(';')[0]}; or say Duplicates = DuplicateDates.First, Last or Mean{clock}"
            : falling == dates.Length - 1 && falling > 1 ? $"{start}: all rows stand newest first. {Rising}"
            : $"{start}. {Rising}{clock}");
    }

    /// <summary>Where dates have one frequency up to a place, and another from there.</summary>
    private static (int Index, string Problem)? Change(ReadOnlySpan<DateTime> dates)
    {
        const int fewest = 3;
        if (dates.Length < 2 * fewest || FrequencyInference.Usual(dates[..fewest]) is not { } before)
        {
            return null;
        }

        int end = EvenUntil(dates, before);
        ReadOnlySpan<DateTime> rest = dates[(end - 1)..];
        return end >= fewest && rest.Length > fewest && FrequencyInference.Usual(rest) is { } after && after != before
            && EvenUntil(rest, after) == rest.Length
            ? (end, $"begins another frequency: up to {Text(dates[end - 1])} the dates are {before.Distance} apart, and from "
            + $"there {after.Distance}. Leave one part out; or aggregate the finer part, or bring all to a grid: read them "
            + "with Gaps = DateGaps.Accept, and use Resample or ToGrid")
            : null;
    }

    private static int EvenUntil(ReadOnlySpan<DateTime> dates, Frequency frequency)
    {
        int end = 1;
        while (end < dates.Length && frequency.StepsBetween(dates[end - 1], dates[end]) == 1)
        {
            end++;
        }

        return end;
    }

    /// <summary>Whether all that is missing is an hour of a night in spring.</summary>
    private static bool SkipsAnHour(ReadOnlySpan<DateTime> dates, Frequency frequency)
    {
        for (int i = 1; i < dates.Length; i++)
        {
            DateTime next = frequency.Step(dates[i - 1], 1);
            if (dates[i] != next
                && (dates[i] - next != TimeSpan.FromHours(1) || next.Hour > 3 || next.DayOfWeek != DayOfWeek.Sunday))
            {
                return false;
            }
        }

        return true;
    }

    private static string Describe(ReadOnlySpan<DateTime> dates, int index, Frequency frequency, int places, bool fillable)
    {
        string before = Text(dates[index - 1]);
        string what = frequency.StepsBetween(dates[index - 1], dates[index]) is { } steps
            ? $"comes after {before}, but the dates are {frequency.Distance} apart: {Text(frequency.Step(dates[index - 1], 1))}"
                + (steps > 2 ? FormattableString.Invariant($" and {steps - 2} more are missing") : " is missing")
            : FrequencyInference.MostKeepTo(frequency, dates)
            ? $"comes after {before}, but most dates are {frequency.Distance} apart"
            : $"comes after {before}, and the dates have no distance in common";
        string more = places > 1 ? FormattableString.Invariant($" (there are {places} such places)") : string.Empty;
        string way = fillable && SkipsAnHour(dates, frequency)
            ? "If clocks were set forward there to summer time, say in which zone: TimeZone; else add the rows, or say gaps: "
                + "DateGaps.Fill to put them in on a straight line, DateGaps.Missing to put them in as missing"
            : fillable
            ? "Add the rows; or say gaps: DateGaps.Fill to put them in on a straight line, DateGaps.Missing to put them in as "
                + "missing, or gaps: DateGaps.Accept to take the values as equally spaced"
            : "Bring the values to equal distances first, with ToGrid; or say gaps: DateGaps.Accept to take them as equally "
            + "spaced";
        return $"{what}{more}. {way}";
    }
}
