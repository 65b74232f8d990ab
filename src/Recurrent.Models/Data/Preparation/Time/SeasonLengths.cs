using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Lengths of seasons, where a caller leaves them to the frequency.</summary>
internal static class SeasonLengths
{
    /// <summary>The first season of a series.</summary>
    /// <exception cref="ArgumentException">Its frequency is not known, or has none.</exception>
    internal static int Require(TimeSeries series, string owner) => series.Frequency is { Season: > 1 } frequency
        ? frequency.Season
        : throw new ArgumentException(
            $"{owner} needs the length of a season, and {WhyNone(series)}. Say it (season: 12), or give the series dates.");

    /// <summary>The seasons that a caller gives, or those of a series that it holds more than twice.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    internal static int[] Of(TimeSeries series, IReadOnlyList<int>? given, string owner)
    {
        if (given is not null)
        {
            return [.. given];
        }

        int first = Require(series, owner);
        return [first, .. series.Frequency!.Seasons.Skip(1).Where(season => series.Count > 2L * season)];
    }

    /// <summary>Notes what is wrong with given seasons.</summary>
    internal static OptionCheck Check(this OptionCheck check, IReadOnlyList<int>? seasons) => check.Require(
        seasons is null || (seasons.Count > 0 && seasons.All(season => season >= 2)),
        $"seasons must be lengths of at least 2, but are ({string.Join(", ", seasons ?? [])})", nameof(seasons));

    private static string WhyNone(TimeSeries series) => series.Frequency is null
        ? $"the frequency of series '{series.Name}' is not known"
        : $"series '{series.Name}' ({series.Frequency.Name}) has no season by its frequency";
}
