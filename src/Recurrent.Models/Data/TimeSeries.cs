namespace Recurrent.Data;

/// <summary>Equally spaced values, oldest first, with their dates where they are known.</summary>
public sealed class TimeSeries
{
    private readonly double[] values;
    private readonly DateTime[]? dates;

    /// <summary>Creates a series; the values are copied.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="values">The values, oldest first.</param>
    /// <param name="dates">The date of each value, or null.</param>
    /// <exception cref="ArgumentException">There are not as many dates as values, or a value is not a finite number.</exception>
    public TimeSeries(string name, IReadOnlyList<double> values, IReadOnlyList<DateTime>? dates = null)
        : this(name, values, dates, 0)
    {
    }

    private TimeSeries(string name, IReadOnlyList<double> values, IReadOnlyList<DateTime>? dates, int offset)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        if (dates is not null && dates.Count != values.Count)
        {
            throw new ArgumentException($"Series '{name}' has {values.Count} values but {dates.Count} dates.", nameof(dates));
        }

        Name = name;
        this.values = [.. values];
        this.dates = dates is null ? null : [.. dates];
        Offset = offset;
        Finite.Check(this.values, nameof(values));
    }

    /// <summary>What is measured, or which forecast this is.</summary>
    public string Name { get; }

    /// <summary>Number of values.</summary>
    public int Count => values.Length;

    /// <summary>Place of the first value in the series that this one was cut from, or continues.</summary>
    public int Offset { get; }

    /// <summary>The values, oldest first.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The date of each value, or null where none are known.</summary>
    public IReadOnlyList<DateTime>? Dates => dates;

    /// <summary>One value.</summary>
    /// <param name="index">Its place; negative indices count from the end.</param>
    public double this[Index index] => values[index];

    /// <summary>Reads a column of a CSV file.</summary>
    /// <param name="path">The file, with a header row.</param>
    /// <param name="column">Name of the column of numbers.</param>
    /// <param name="dateColumn">Name of the column of dates, or null.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CsvException">The file does not hold such a series; the message says where and why.</exception>
    public static TimeSeries FromCsv(string path, string column, string? dateColumn = null) =>
        CsvTable.Load(path).Series(column, dateColumn);

    /// <summary>A part of the series.</summary>
    /// <param name="start">Its first place.</param>
    /// <param name="count">Number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the series.</exception>
    public TimeSeries Slice(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"Places {start} to {start + count} do not lie inside series '{Name}' of {Count} values.");
        }

        return new(Name, values[start..(start + count)], dates?[start..(start + count)], Offset + start);
    }

    /// <summary>Cuts the last values off: what a model learns from, and what it is judged on.</summary>
    /// <param name="steps">Number of values to hold out.</param>
    /// <exception cref="ArgumentOutOfRangeException">Nothing would be left to learn from, or nothing to judge on.</exception>
    public (TimeSeries Training, TimeSeries HeldOut) HoldOut(int steps)
    {
        if (steps < 1 || steps >= Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"Series '{Name}' has {Count} values: between 1 and {Count - 1} of them can be held out, not {steps}.");
        }

        return (Slice(0, Count - steps), Slice(Count - steps, steps));
    }

    /// <summary>The series that follows right after this one, for instance a forecast; its dates go on as these do.</summary>
    /// <param name="name">Name of the new series.</param>
    /// <param name="next">The values that follow.</param>
    public TimeSeries Continue(string name, IReadOnlyList<double> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(name, next, dates is null ? null : DateStep.Of(dates).After(dates[^1], next.Count), Offset + Count);
    }

    /// <summary>Name, length and span of the series.</summary>
    public override string ToString() => dates is { Length: > 0 }
        ? FormattableString.Invariant($"{Name}: {Count} values, {dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}")
        : $"{Name}: {Count} values";
}
