namespace Recurrent.Data;

/// <summary>The distance between the dates of an equally spaced series: whole months (which differ in length), or a span of time.</summary>
/// <param name="Months">Number of months, or 0 where the distance is a span.</param>
/// <param name="Span">The span, where it is not a number of months.</param>
internal readonly record struct DateStep(int Months, TimeSpan Span)
{
    /// <summary>The step of some dates: months where every date is the same day of its month, else the median distance.</summary>
    internal static DateStep Of(ReadOnlySpan<DateTime> dates)
    {
        if (dates.Length < 2)
        {
            return new(0, TimeSpan.FromDays(1));
        }

        var spans = new TimeSpan[dates.Length - 1];
        int months = MonthsBetween(dates[0], dates[1]);
        for (int i = 0; i < spans.Length; i++)
        {
            spans[i] = dates[i + 1] - dates[i];
            months = months > 0 && dates[i].AddMonths(months) == dates[i + 1] ? months : 0;
        }

        Array.Sort(spans);
        return months > 0 ? new(months, default) : new(0, spans[spans.Length / 2]);
    }

    /// <summary>The dates that follow one.</summary>
    internal DateTime[] After(DateTime last, int count)
    {
        var dates = new DateTime[count];
        for (int i = 0; i < count; i++)
        {
            dates[i] = Months > 0 ? last.AddMonths(Months * (i + 1)) : last + (Span * (i + 1));
        }

        return dates;
    }

    private static int MonthsBetween(DateTime from, DateTime to) => ((to.Year - from.Year) * 12) + to.Month - from.Month;
}
