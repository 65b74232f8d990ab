namespace Recurrent.Data;

/// <summary>What a series is to be where its dates leave a choice; by default whatever is wrong with them is refused.</summary>
public record SeriesOptions
{
    /// <summary>The frequency; null finds it from the dates. Steps of months take the day of the month from the dates.</summary>
    public Frequency? Frequency { get; init; }

    /// <summary>What to do where dates are missing.</summary>
    public DateGaps Gaps { get; init; } = DateGaps.Refuse;

    /// <summary>What to do where a date comes twice.</summary>
    public DuplicateDates Duplicates { get; init; } = DuplicateDates.Refuse;

    /// <summary>Whether rows are to be put in order, oldest first; rows of one date keep theirs. False refuses
    /// disorder.</summary>
    public bool Sort { get; init; }

    /// <summary>
    /// The zone of the clock that wrote the stamps, where they have no offset of their own: they become instants, in UTC, so that
    /// hours are equally spaced over the changes of summer time. Of the two readings of the hour that comes twice, the first
    /// row is summer time. Null takes stamps as they are. Steps of whole days and longer stay dates of that clock.
    /// </summary>
    public TimeZoneInfo? TimeZone { get; init; }
}
