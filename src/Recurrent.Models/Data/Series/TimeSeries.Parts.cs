using System.Globalization;

namespace Recurrent.Data;

/// <content>Parts of a series, and what follows it.</content>
public sealed partial class TimeSeries
{
    /// <summary>A part of the series.</summary>
    /// <param name="start">Its first place.</param>
    /// <param name="count">Number of steps.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the series.</exception>
    public TimeSeries Slice(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start,
                    $"Places {start} to {(long)start + count} do not lie inside series '{Name}' of {Count} values.");
        }

        return new(Name, variables, [.. columns.Select(column => column[start..(start + count)])],
            dates?[start..(start + count)], Frequency, Offset + start);
    }

    /// <summary>The same series at another place of the one that it was cut from.</summary>
    internal TimeSeries At(int offset) => new(Name, variables, columns, dates, Frequency, offset);

    /// <summary>Cuts the last values off: what a model learns from, and what it is judged on.</summary>
    /// <param name="steps">Number of values to hold out.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing would be left to learn from, or nothing to judge on.</exception>
    public (TimeSeries Training, TimeSeries HeldOut) HoldOut(int steps)
    {
        if (steps < 1 || steps >= Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, Count < 2
                    ? $"Series '{Name}' has {Count} values: to hold some out takes at least 2, one to learn from and one to "
                        + "judge on."
                    : $"Series '{Name}' has {Count} values: between 1 and {Count - 1} of them can be held out, not {steps}.");
        }

        return (Slice(0, Count - steps), Slice(Count - steps, steps));
    }

    /// <summary>Some of the variables, in the order of the names.</summary>
    /// <param name="names">Their names, at least one, each once.</param>
    /// <exception cref="ArgumentException">There is no such variable, or a name comes twice.</exception>
    public TimeSeries Select(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        int[] places = [.. names.Select(IndexOf)];
        if (places.Length == 0 || places.Distinct().Count() < places.Length)
        {
            throw new ArgumentException(
                $"Select takes at least one variable of series '{Name}', and each once, but got ({string.Join(", ", names)}).",
                nameof(names));
        }

        return new(Name, [.. places.Select(place => variables[place])], [.. places.Select(place => columns[place])], dates,
            Frequency,
            Offset);
    }

    /// <summary>Each variable as a series of its own, of the variable's name.</summary>
    public SeriesPanel Split() => new([.. variables.Select((variable, place) =>
        new TimeSeries(variable, [variable], [columns[place]], dates, Frequency, Offset))]);

    /// <summary>The series with one more variable, or with other values of one it has.</summary>
    /// <param name="variable">Name of the variable, exactly.</param>
    /// <param name="values">Its values, as many as the series has steps; NaN where one is missing.</param>
    /// <exception cref="ArgumentException">The length is another, or a value is infinite.</exception>
    public TimeSeries With(string variable, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(variable);
        double[] copy = Copy(values, nameof(values));
        int place = Array.IndexOf(variables, variable);
        string[] names = place < 0 ? [.. variables, variable] : variables;
        double[][] all = place < 0 ? [.. columns, copy] : [.. columns[..place], copy, .. columns[(place + 1)..]];
        if (copy.Length != Count)
        {
            throw new ArgumentException(
                $"Series '{Name}' has {Count} steps, but there are {copy.Length} values of '{variable}'.", nameof(values));
        }

        CheckColumns(names, all);
        return new(Name, names, all, dates, Frequency, Offset);
    }

    /// <summary>The same series under another name; its variables keep theirs.</summary>
    /// <param name="name">The name.</param>
    public TimeSeries Rename(string name) => new(name, variables, columns, dates, Frequency, Offset);

    /// <summary>
    /// The series that follows right after this one, for instance a forecast; its dates go on as these do: ends of months,
    /// quarters and years as ends, a day above 28 as that day where the month has it. Its variable is this one's first.
    /// </summary>
    /// <param name="name">Name of the new series.</param>
    /// <param name="next">The values that follow.</param>
    /// <exception cref="ArgumentException">
    /// A value is infinite; or this series has dates, but too few of them to say how they go on, or none are left before the year
    /// 9999.
    /// </exception>
    public TimeSeries Continue(string name, IReadOnlyList<double> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return Continue(name, [variables[0]], [next]);
    }

    /// <summary>The series of several variables that follows right after this one; its dates go on as these do.</summary>
    /// <param name="name">Name of the new series.</param>
    /// <param name="variables">Names of its variables.</param>
    /// <param name="next">The values that follow, for each variable.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ or a value is infinite; or this series has dates, but too few of them to say how they go on, or none
    /// are left before the year 9999.
    /// </exception>
    public TimeSeries Continue(string name, IReadOnlyList<string> variables, IReadOnlyList<IReadOnlyList<double>> next)
    {
        TimeSeries plain = Create(name, variables, next);
        return new(name, plain.variables, plain.columns, DatesAfter(plain.Count), Frequency, Offset + Count);
    }

    /// <summary>The dates that follow the last; null where this series has none.</summary>
    /// <param name="steps">How many.</param>
    /// <exception cref="ArgumentException">There are too few dates to say how they go on, or none are left before the year
    /// 9999.</exception>
    public DateTime[]? DatesAfter(int steps)
    {
        if (dates is null || steps == 0)
        {
            return dates is null ? null : [];
        }

        if (dates.Length == 0 || Frequency is not { } frequency)
        {
            throw new ArgumentException(
                $"Series '{Name}' has {(dates.Length == 0 ? "no date" : "one date")}, which does not say how its dates go on. "
                + $"Say its frequency (SeriesOptions.Frequency), or give the {steps.ToString(CultureInfo.InvariantCulture)} "
                + "values that follow dates of their own: new TimeSeries(name, values, dates).", nameof(steps));
        }

        return frequency.After(dates[^1], steps);
    }

    /// <summary>The dates as a clock of a zone shows them, where they are instants (UTC); others as they are; null where there
    /// are none.</summary>
    /// <param name="zone">The zone.</param>
    public DateTime[]? DatesIn(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return dates is null ? null : Array.ConvertAll(dates, date => date.Kind == DateTimeKind.Utc
            ? DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(date, zone), DateTimeKind.Unspecified) : date);
    }
}
