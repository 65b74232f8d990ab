namespace Recurrent.Data;

/// <summary>Stamps of a clock that may change to summer time.</summary>
internal static class LocalStamps
{
    /// <summary>The instants of stamps of a clock; stamps that are instants, or all of one time of day, stay as they
    /// are.</summary>
    internal static DateTime[] ToInstants(DateTime[] stamps, TimeZoneInfo zone, SeriesOptions options,
        out (int Row, string Problem)? problem)
    {
        problem = null;
        if (AreOfOneTimeOfDay(stamps) || options.Frequency is { IsCivil: true })
        {
            return stamps;
        }

        var instants = new DateTime[stamps.Length];
        var seen = new Dictionary<DateTime, int>();
        for (int i = 0; i < stamps.Length; i++)
        {
            DateTime wall = stamps[i];
            if (wall.Kind == DateTimeKind.Utc)
            {
                instants[i] = wall;
                continue;
            }

            wall = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
            if (zone.IsInvalidTime(wall))
            {
                problem = (i, $"is no time of the clock of {zone.Id}, which was set forward over it. Read stamps of a clock "
                    + "that is never changed without TimeZone");
                return stamps;
            }

            TimeSpan offset = zone.GetUtcOffset(wall);
            if (zone.IsAmbiguousTime(wall))
            {
                TimeSpan[] offsets = [.. zone.GetAmbiguousTimeOffsets(wall).OrderDescending()];
                int times = seen[wall] = seen.GetValueOrDefault(wall) + 1;
                offset = offsets[Math.Min(times, offsets.Length) - 1];
            }

            long ticks = Math.Clamp(wall.Ticks - offset.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
            instants[i] = new DateTime(ticks, DateTimeKind.Utc);
        }

        return instants;
    }

    /// <summary>Whether stamps tell days, and their times of day nothing.</summary>
    internal static bool AreOfOneTimeOfDay(ReadOnlySpan<DateTime> stamps)
    {
        foreach (DateTime stamp in stamps)
        {
            if (stamp.TimeOfDay != stamps[0].TimeOfDay)
            {
                return false;
            }
        }

        return true;
    }
}
