namespace Recurrent.Data;

/// <summary>Finds the frequency of dates.</summary>
internal static class FrequencyInference
{
    /// <summary>The step that comes most often among dates in rising order, whether or not the others are multiples of it; null
    /// where there are fewer than two dates, or they do not rise.</summary>
    internal static Frequency? Usual(ReadOnlySpan<DateTime> dates)
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

            months[i] = Frequency.MonthOf(dates[i + 1]) - Frequency.MonthOf(dates[i]);
        }

        if (day > 0 && Array.TrueForAll(months, step => step > 0))
        {
            return Frequency.EveryMonths(Usual(months, (step, least) => step % least == 0), day);
        }

        TimeSpan usual = Usual(spans, (span, least) => span.Ticks % least.Ticks == 0);
        return usual == TimeSpan.FromDays(1) && AreBusinessDays(dates) ? Frequency.BusinessDaily
            : Frequency.Every(usual);
    }

    /// <summary>Whether at least half of the distances between dates are whole numbers of steps.</summary>
    internal static bool MostKeepTo(Frequency frequency, ReadOnlySpan<DateTime> dates)
    {
        int kept = 0;
        for (int i = 1; i < dates.Length; i++)
        {
            kept += frequency.StepsBetween(dates[i - 1], dates[i]) is > 0 ? 1 : 0;
        }

        return 2 * kept >= dates.Length - 1;
    }

    /// <summary>
    /// The day of the month that all dates stand for: ends of months where all are ends, else the largest, from which shorter
    /// months clip; 0 where the days, or the times of day, are not those of one day.
    /// </summary>
    internal static int DayOf(ReadOnlySpan<DateTime> dates)
    {
        int largest = 0;
        bool ends = true;
        foreach (DateTime date in dates)
        {
            largest = Math.Max(largest, date.Day);
            ends &= date.Day == Frequency.DaysIn(date);
        }

        int day = ends ? Frequency.LastDay : largest;
        foreach (DateTime date in dates)
        {
            if (date.Day != Math.Min(day, Frequency.DaysIn(date)) || date.TimeOfDay != dates[0].TimeOfDay)
            {
                return 0;
            }
        }

        return day;
    }

    /// <summary>No date at a weekend, although they go on beyond one.</summary>
    private static bool AreBusinessDays(ReadOnlySpan<DateTime> dates)
    {
        bool overAWeekend = false;
        for (int i = 0; i < dates.Length; i++)
        {
            if (Frequency.IsWeekend(dates[i]) || dates[i].TimeOfDay != dates[0].TimeOfDay)
            {
                return false;
            }

            overAWeekend |= i > 0 && dates[i].DayOfWeek < dates[i - 1].DayOfWeek;
        }

        return overAWeekend;
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
}
