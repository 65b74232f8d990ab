namespace Recurrent.Data;

/// <summary>
/// The distance between the dates of an equally spaced series: whole months (which differ in length), or a span of time.
/// </summary>
/// <param name="Months">Number of months, or 0 where the distance is a span.</param>
/// <param name="Day">Day of the month, clipped where a month is shorter; <see cref="LastDay"/> for the ends of months.</param>
/// <param name="Span">The span, where it is not a number of months.</param>
internal readonly record struct DateStep(int Months, int Day, TimeSpan Span)
{
    private const int LastDay = 31;
    private const int MonthsOfAllYears = 10000 * 12;

    /// <summary>The step of dates in rising order; null where there are fewer than two, or they do not rise.</summary>
    internal static DateStep? Of(ReadOnlySpan<DateTime> dates)
    {
        if (dates.Length < 2)
        {
            return null;
        }

        int day = DayOf(dates);
        var months = new int[dates.Length - 1];
        var spans = new TimeSpan[dates.Length - 1];
        for (int i = 0; i < spans.Length; i++)
        {
            spans[i] = dates[i + 1] - dates[i];
            if (spans[i] <= TimeSpan.Zero)
            {
                return null;
            }

            months[i] = MonthOf(dates[i + 1]) - MonthOf(dates[i]);
        }

        return day > 0 && Array.TrueForAll(months, step => step > 0)
            ? new(Usual(months, (step, least) => step % least == 0), day, default)
            : new(0, 0, Usual(spans, (span, least) => span.Ticks % least.Ticks == 0));
    }

    /// <summary>The dates that follow one.</summary>
    /// <exception cref="ArgumentException">They would go on beyond the year 9999.</exception>
    internal DateTime[] After(DateTime last, int count)
    {
        double span = (double)Span.Ticks * count;
        if (Months > 0 ? ((long)Months * count) + MonthOf(last) >= MonthsOfAllYears : span > DateTime.MaxValue.Ticks - last.Ticks)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"{count} steps of {this} after {last:yyyy-MM-dd} go beyond the year 9999, the last that a date can have."));
        }

        var dates = new DateTime[count];
        for (int i = 0; i < count; i++)
        {
            dates[i] = Months > 0 ? InMonth(last, Months * (i + 1)) : last + (Span * (i + 1));
        }

        return dates;
    }

    /// <summary>How many dates are missing between two neighbours; null where the second is none that follows the
    /// first.</summary>
    internal long? Missing(DateTime before, DateTime after)
    {
        if (Months > 0)
        {
            int months = MonthOf(after) - MonthOf(before);
            return months % Months == 0 && InMonth(before, months) == after ? (months / Months) - 1 : null;
        }

        long ticks = (after - before).Ticks;
        return ticks % Span.Ticks == 0 ? (ticks / Span.Ticks) - 1 : null;
    }

    /// <summary>The step in words: <c>3 months</c>.</summary>
    public override string ToString() => this switch
    {
        { Months: > 0 } when Months % 12 == 0 => Count(Months / 12, "year"),
        { Months: > 0 } => Count(Months, "month"),
        _ when Span.Ticks % TimeSpan.TicksPerDay == 0 => Count(Span.Ticks / TimeSpan.TicksPerDay, "day"),
        _ when Span.Ticks % TimeSpan.TicksPerHour == 0 => Count(Span.Ticks / TimeSpan.TicksPerHour, "hour"),
        _ when Span.Ticks % TimeSpan.TicksPerMinute == 0 => Count(Span.Ticks / TimeSpan.TicksPerMinute, "minute"),
        _ when Span.Ticks % TimeSpan.TicksPerSecond == 0 => Count(Span.Ticks / TimeSpan.TicksPerSecond, "second"),
        _ => FormattableString.Invariant($"{Span:c}"),
    };

    private static string Count(long number, string unit) =>
        FormattableString.Invariant($"{number} {unit}{(number == 1 ? string.Empty : "s")}");

    /// <summary>
    /// The day of the month that all dates stand for: ends of months where all are ends, else the largest, from which shorter
    /// months clip; 0 where the days, or the times of day, are not those of one day.
    /// </summary>
    private static int DayOf(ReadOnlySpan<DateTime> dates)
    {
        int largest = 0;
        bool ends = true;
        foreach (DateTime date in dates)
        {
            largest = Math.Max(largest, date.Day);
            ends &= date.Day == DaysIn(date);
        }

        int day = ends ? LastDay : largest;
        foreach (DateTime date in dates)
        {
            if (date.Day != Math.Min(day, DaysIn(date)) || date.TimeOfDay != dates[0].TimeOfDay)
            {
                return 0;
            }
        }

        return day;
    }

    /// <summary>The step that comes most often, the smaller of equals; where none comes twice and all are multiples of the least,
    /// the least, else the median.</summary>
    private static T Usual<T>(T[] steps, Func<T, T, bool> isMultiple)
        where T : notnull
    {
        Array.Sort(steps);
        T least = steps[0];
        (int most, T usual) = (1, steps.All(step => isMultiple(step, least)) ? least : steps[steps.Length / 2]);
        int count = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            count = i > 0 && steps[i].Equals(steps[i - 1]) ? count + 1 : 1;
            if (count > most)
            {
                (most, usual) = (count, steps[i]);
            }
        }

        return usual;
    }

    private static int MonthOf(DateTime date) => (date.Year * 12) + date.Month - 1;

    private static int DaysIn(DateTime date) => DateTime.DaysInMonth(date.Year, date.Month);

    private DateTime InMonth(DateTime from, int months)
    {
        DateTime first = from.AddDays(1 - from.Day).AddMonths(months);
        return first.AddDays(Math.Min(Day, DaysIn(first)) - 1);
    }
}
