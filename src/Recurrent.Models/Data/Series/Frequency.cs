using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Recurrent.Data;

/// <summary>
/// The distance between the dates of an equally spaced series: months and their multiples, which differ in length, business
/// days, or a span of time. Compared by value.
/// </summary>
/// <remarks>
/// <para>
/// Steps of months keep to a day of the month (<see cref="Day"/>): the first, the fifteenth, the 30th where a month has it, or
/// the last. Weeks, days, hours and what is shorter are spans; a week has no first day here, for a series goes on from its last
/// date. Business days are Monday to Friday; holidays are gaps.
/// </para>
/// <para>
/// Hours are hours: stamps of a local clock that changes to summer time are not equally spaced, and are to be read as instants
/// (<see cref="SeriesOptions.TimeZone"/>).
/// </para>
/// </remarks>
/// <example>
/// <code>
/// DateTime[] next = Frequency.MonthEnds.After(new DateTime(2023, 11, 30), 3);   // 2023-12-31, 2024-01-31, 2024-02-29
/// </code>
/// </example>
public sealed class Frequency : IEquatable<Frequency>
{
    /// <summary>The <see cref="Day"/> that stands for the last of a month.</summary>
    public const int LastDay = 31;

    private const int MonthsOfYear = 12;
    private const int MonthsOfAllYears = 10000 * MonthsOfYear;
    private const int DaysOfWeek = 7;
    private const int BusinessDaysOfWeek = 5;

    private Frequency(int months, int day, TimeSpan span, bool isBusinessDaily)
    {
        Months = months;
        Day = day;
        Span = span;
        IsBusinessDaily = isBusinessDaily;
        Seasons = FrequencySeasons.Of(this);
    }

    /// <summary>Every hour.</summary>
    public static Frequency Hourly => Every(TimeSpan.FromHours(1));

    /// <summary>Every day.</summary>
    public static Frequency Daily => Every(TimeSpan.FromDays(1));

    /// <summary>Every day from Monday to Friday.</summary>
    public static Frequency BusinessDaily => new(0, 0, TimeSpan.Zero, isBusinessDaily: true);

    /// <summary>Every seven days.</summary>
    public static Frequency Weekly => Every(TimeSpan.FromDays(DaysOfWeek));

    /// <summary>The first of every month.</summary>
    public static Frequency Monthly => EveryMonths(1);

    /// <summary>The last day of every month.</summary>
    public static Frequency MonthEnds => EveryMonths(1, LastDay);

    /// <summary>The first of every third month.</summary>
    public static Frequency Quarterly => EveryMonths(3);

    /// <summary>The last day of every third month.</summary>
    public static Frequency QuarterEnds => EveryMonths(3, LastDay);

    /// <summary>The first of a month, every year.</summary>
    public static Frequency Yearly => EveryMonths(MonthsOfYear);

    /// <summary>The last day of a month, every year.</summary>
    public static Frequency YearEnds => EveryMonths(MonthsOfYear, LastDay);

    /// <summary>Number of months of a step; 0 where it is business days or a span.</summary>
    public int Months { get; }

    /// <summary>
    /// Day of the month of steps of months, clipped where a month is shorter; <see cref="LastDay"/> for the ends of months; 0 for
    /// other steps.
    /// </summary>
    public int Day { get; }

    /// <summary>The span of a step; zero where it is months or business days.</summary>
    public TimeSpan Span { get; }

    /// <summary>Whether the steps are business days, Monday to Friday.</summary>
    public bool IsBusinessDaily { get; }

    /// <summary>
    /// Number of steps of the season that people expect first: 12 months, 4 quarters, 52 weeks, 7 days, 5 business days, 24
    /// hours, 96 quarters of an hour; 1 where there is none, as for years.
    /// </summary>
    public int Season => Seasons.Count > 0 ? Seasons[0] : 1;

    /// <summary>
    /// Numbers of steps of all seasons that may be there, shortest first: hours have a day (24), a week (168) and a year (8766);
    /// empty for years. A series shows only those that are shorter than half of it.
    /// </summary>
    public IReadOnlyList<int> Seasons { get; }

    /// <summary>The name, which <see cref="Parse"/> reads: <c>monthly</c>, <c>quarter ends</c>, <c>15 minutes</c>.</summary>
    public string Name => FrequencyNames.NameOf(this);

    /// <summary>The step in words: <c>3 months</c>.</summary>
    internal string Distance => FrequencyNames.DistanceOf(this);

    /// <summary>Whether steps are whole days, or longer: times of day then say nothing.</summary>
    internal bool IsCivil => Months > 0 || IsBusinessDaily || Span.Ticks % TimeSpan.TicksPerDay == 0;

    /// <summary>How long a step is on average.</summary>
    internal TimeSpan MeanSpan => this switch
    {
        { IsBusinessDaily: true } => TimeSpan.FromDays((double)DaysOfWeek / BusinessDaysOfWeek),
        { Months: > 0 } => TimeSpan.FromDays(Months * 365.2425 / MonthsOfYear),
        _ => Span,
    };

    /// <summary>Whether two frequencies are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(Frequency? left, Frequency? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two frequencies differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(Frequency? left, Frequency? right) => !(left == right);

    /// <summary>Steps of one span of time.</summary>
    /// <param name="span">The span, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public static Frequency Every(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero);
        return new(0, 0, span, isBusinessDaily: false);
    }

    /// <summary>Steps of a number of months.</summary>
    /// <param name="months">The number, at least 1.</param>
    /// <param name="day">Day of the month, 1 to 31; <see cref="LastDay"/> is the last of each.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Frequency EveryMonths(int months, int day = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(months, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(months, MonthsOfAllYears);
        ArgumentOutOfRangeException.ThrowIfLessThan(day, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(day, LastDay);
        return new(months, day, TimeSpan.Zero, isBusinessDaily: false);
    }

    /// <summary>
    /// The frequency of dates, in spite of gaps among them: the step that comes most often. Null where there are fewer than two
    /// dates, where they do not rise, or where fewer than half of them keep to it.
    /// </summary>
    /// <param name="stamps">The dates, oldest first.</param>
    public static Frequency? Infer(IReadOnlyList<DateTime> stamps)
    {
        ArgumentNullException.ThrowIfNull(stamps);
        DateTime[] dates = [.. stamps];
        return FrequencyInference.Usual(dates) is { } usual && FrequencyInference.MostKeepTo(usual, dates) ? usual : null;
    }

    /// <summary>Reads a name: <c>monthly</c>, <c>month ends</c>, <c>15 minutes</c>; pandas's short ones too, <c>MS</c>,
    /// <c>QE</c>, <c>15min</c>.</summary>
    /// <param name="name">The name, in any case where pandas's <c>M</c> and <c>min</c> are no matter.</param>
    /// <exception cref="FormatException">It is none; the message lists some.</exception>
    public static Frequency Parse(string name) => TryParse(name, out Frequency? frequency) ? frequency
        : throw new FormatException(
        $"'{name}' is no frequency. Write hourly, daily, business daily, weekly, monthly, month ends, "
            + "quarterly, quarter ends, yearly, year ends, or a number of units: 15 minutes, 2 hours, 10 days, 6 months.");

    /// <summary>Reads a name as <see cref="Parse"/> does.</summary>
    /// <param name="name">The name.</param>
    /// <param name="frequency">The frequency; null where the name is none.</param>
    public static bool TryParse(string? name, [NotNullWhen(true)] out Frequency? frequency)
    {
        frequency = name is null ? null : FrequencyNames.Read(name);
        return frequency is not null;
    }

    /// <summary>The dates that follow one.</summary>
    /// <param name="last">The date before them.</param>
    /// <param name="steps">How many.</param>
    /// <exception cref="ArgumentException">They would go on beyond the year 9999.</exception>
    public DateTime[] After(DateTime last, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        if (!Reaches(last, steps))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{steps} steps of {Distance} after {last:yyyy-MM-dd} go beyond the year 9999, the last that a date can have."),
                nameof(steps));
        }

        var dates = new DateTime[steps];
        for (int i = 0; i < steps; i++)
        {
            dates[i] = Step(last, i + 1);
        }

        return dates;
    }

    /// <summary>How many steps lead from one date to a later one; null where no number of them does.</summary>
    /// <param name="from">The earlier date.</param>
    /// <param name="to">The later one.</param>
    public long? StepsBetween(DateTime from, DateTime to)
    {
        if (to < from)
        {
            return null;
        }

        if (IsBusinessDaily)
        {
            return IsWeekend(from) || IsWeekend(to) || from.TimeOfDay != to.TimeOfDay ? null
                : BusinessDay(to) - BusinessDay(from);
        }

        if (Months > 0)
        {
            int months = MonthOf(to) - MonthOf(from);
            return months % Months == 0 && InMonth(from, months) == to ? months / Months : null;
        }

        long ticks = (to - from).Ticks;
        return ticks % Span.Ticks == 0 ? ticks / Span.Ticks : null;
    }

    /// <summary>
    /// The start of the step that a date falls in: its month's, quarter's, week's (Monday), day's, hour's; spans are counted from
    /// midnight, those of whole weeks from a Monday, longer ones from the first day of the year 1.
    /// </summary>
    /// <param name="date">The date.</param>
    public DateTime StartOf(DateTime date)
    {
        if (Months > 0)
        {
            int month = MonthOf(date) / Months * Months;
            return new DateTime(month / MonthsOfYear, (month % MonthsOfYear) + 1, 1, 0, 0, 0, date.Kind);
        }

        if (IsBusinessDaily)
        {
            DateTime day = date.Date;
            return IsWeekend(day) ? day.AddDays(day.DayOfWeek == DayOfWeek.Sunday ? -2 : -1) : day;
        }

        // The first day of the year 1 is a Monday.
        long origin = TimeSpan.TicksPerDay % Span.Ticks == 0 ? date.Date.Ticks : 0;
        return new DateTime(origin + ((date.Ticks - origin) / Span.Ticks * Span.Ticks), date.Kind);
    }

    /// <inheritdoc/>
    public bool Equals(Frequency? other) => other is not null && Months == other.Months && Day == other.Day && Span == other.Span
        && IsBusinessDaily == other.IsBusinessDaily;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Frequency);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Months, Day, Span, IsBusinessDaily);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Whether that many steps after a date stay before the year 10000.</summary>
    internal bool Reaches(DateTime last, long steps)
    {
        double left = DateTime.MaxValue.Ticks - last.Ticks;
        double span = IsBusinessDaily ? MeanSpan.Ticks * (steps + (double)DaysOfWeek) : (double)Span.Ticks * steps;
        return Months > 0 ? (Months * steps) + MonthOf(last) < MonthsOfAllYears : span <= left;
    }

    /// <summary>The date a number of steps after another.</summary>
    internal DateTime Step(DateTime from, long steps) => this switch
    {
        { IsBusinessDaily: true } => OfBusinessDay(BusinessDay(from) + steps, from),
        { Months: > 0 } => InMonth(from, (int)(Months * steps)),
        _ => from + (Span * steps),
    };

    /// <summary>The date that stands for the step that begins at a date: the day of the month that steps of months keep
    /// to.</summary>
    internal DateTime Label(DateTime start) => Months == 0 ? start
        : InMonth(start, Day == LastDay ? Months - 1 : 0);

    /// <summary>These steps on the day of the month that dates have; unchanged where they have none in common.</summary>
    internal Frequency OnTheDayOf(ReadOnlySpan<DateTime> dates) =>
        Months > 0 && dates.Length > 0 && FrequencyInference.DayOf(dates) is > 0 and int day && !Keeps(dates)
            ? EveryMonths(Months, day) : this;

    /// <summary>The number of a month, from the year 0.</summary>
    internal static int MonthOf(DateTime date) => (date.Year * MonthsOfYear) + date.Month - 1;

    /// <summary>Number of days of a date's month.</summary>
    internal static int DaysIn(DateTime date) => DateTime.DaysInMonth(date.Year, date.Month);

    /// <summary>Whether a date falls on a Saturday or a Sunday.</summary>
    internal static bool IsWeekend(DateTime date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    private bool Keeps(ReadOnlySpan<DateTime> dates)
    {
        foreach (DateTime date in dates)
        {
            if (date.Day != Math.Min(Day, DaysIn(date)))
            {
                return false;
            }
        }

        return true;
    }

    private static long BusinessDay(DateTime date)
    {
        long day = date.Ticks / TimeSpan.TicksPerDay;
        return (day / DaysOfWeek * BusinessDaysOfWeek) + Math.Min(day % DaysOfWeek, BusinessDaysOfWeek - 1);
    }

    private static DateTime OfBusinessDay(long number, DateTime like)
    {
        long day = (number / BusinessDaysOfWeek * DaysOfWeek) + (number % BusinessDaysOfWeek);
        return new DateTime((day * TimeSpan.TicksPerDay) + like.TimeOfDay.Ticks, like.Kind);
    }

    private DateTime InMonth(DateTime from, int months)
    {
        DateTime first = from.AddDays(1 - from.Day).AddMonths(months);
        return first.AddDays(Math.Min(Day, DaysIn(first)) - 1);
    }
}
