namespace Recurrent.Data;

/// <summary>Which seasons steps of a length may have.</summary>
internal static class FrequencySeasons
{
    private const int MonthsOfYear = 12;
    private const int MostSteps = 1_000_000;

    /// <summary>Numbers of steps of a season, shortest first.</summary>
    internal static IReadOnlyList<int> Of(Frequency frequency)
    {
        if (frequency.IsBusinessDaily)
        {
            return [5, 261];
        }

        if (frequency.Months > 0)
        {
            return frequency.Months < MonthsOfYear && MonthsOfYear % frequency.Months == 0 ? [MonthsOfYear / frequency.Months]
                : [];
        }

        // An hour is a season for what is shorter than a minute, a year for what is at least an hour.
        TimeSpan span = frequency.Span;
        var seasons = new List<int>();
        Add(TimeSpan.FromHours(1), span < TimeSpan.FromMinutes(1));
        Add(TimeSpan.FromDays(1), true);
        Add(TimeSpan.FromDays(7), true);
        double year = TimeSpan.FromDays(365.25) / span;
        if (span >= TimeSpan.FromHours(1) && year >= 2)
        {
            seasons.Add((int)year);
        }

        return seasons;

        void Add(TimeSpan season, bool wanted)
        {
            long steps = season.Ticks / span.Ticks;
            if (wanted && season.Ticks % span.Ticks == 0 && steps is > 1 and <= MostSteps)
            {
                seasons.Add((int)steps);
            }
        }
    }
}
