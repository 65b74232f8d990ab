namespace Recurrent.Data;

/// <summary>Equally spaced values, oldest first, with their dates where they are known.</summary>
public sealed class TimeSeries
{
    private readonly double[] values;
    private readonly DateTime[]? dates;

    // Known from the whole series, so that a part of it goes on as the whole does.
    private readonly DateStep? step;

    /// <summary>Creates a series; the values are copied.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="values">The values, oldest first.</param>
    /// <param name="dates">The date of each value, or null.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many dates as values, a value is not a finite number, or the dates do not rise or have gaps; the message
    /// says where.
    /// </exception>
    public TimeSeries(string name, IReadOnlyList<double> values, IReadOnlyList<DateTime>? dates = null,
        DateGaps gaps = DateGaps.Refuse)
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
        Finite.Check(this.values, nameof(values));
        step = DateStep.Of(this.dates);
        if (EvenDates.FirstProblem(this.dates, step, gaps) is (int index, string problem))
        {
            throw new ArgumentException($"Date {index} of series '{name}', {EvenDates.Text(this.dates![index])}, {problem}.",
                nameof(dates));
        }

        if (gaps == DateGaps.Fill && step is { } even)
        {
            (this.values, this.dates) = EvenDates.Fill(this.values, this.dates!, even);
        }
    }

    private TimeSeries(string name, double[] values, DateTime[]? dates, DateStep? step, int offset)
    {
        ArgumentNullException.ThrowIfNull(name);
        Finite.Check(values, nameof(values));
        Name = name;
        this.values = values;
        this.dates = dates;
        this.step = step;
        Offset = offset;
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
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public double this[Index index]
    {
        get
        {
            int place = index.IsFromEnd ? Count - index.Value : index.Value;
            return place >= 0 && place < Count
                ? values[place]
                : throw new ArgumentOutOfRangeException(nameof(index), index,
                    $"Series '{Name}' has {Count} values, and none at {index}.");
        }
    }

    /// <summary>Reads a column of a CSV file.</summary>
    /// <param name="path">The file, with a header row.</param>
    /// <param name="column">Name of the column of numbers.</param>
    /// <param name="dateColumn">Name of the column of dates, or null.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CsvException">The file does not hold such a series; the message says where and why.</exception>
    public static TimeSeries FromCsv(string path, string column, string? dateColumn = null, DateGaps gaps = DateGaps.Refuse) =>
        CsvTable.Load(path).Series(column, dateColumn, gaps);

    /// <summary>A part of the series.</summary>
    /// <param name="start">Its first place.</param>
    /// <param name="count">Number of values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the series.</exception>
    public TimeSeries Slice(int start, int count)
    {
        if (start < 0 || count < 0 || start > Count - count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start,
                    $"Places {start} to {(long)start + count} do not lie inside series '{Name}' of {Count} values.");
        }

        return new(Name, values[start..(start + count)], dates?[start..(start + count)], step, Offset + start);
    }

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

    /// <summary>
    /// The series that follows right after this one, for instance a forecast; its dates go on as these do: ends of months,
    /// quarters and years as ends, a day above 28 as that day where the month has it.
    /// </summary>
    /// <param name="name">Name of the new series.</param>
    /// <param name="next">The values that follow.</param>
    /// <exception cref="ArgumentException">
    /// A value is not a finite number; or this series has dates, but too few of them to say how they go on, or none are left
    /// before the year 9999.
    /// </exception>
    public TimeSeries Continue(string name, IReadOnlyList<double> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        double[] following = [.. next];
        if (dates is null || following.Length == 0)
        {
            return new(name, following, dates is null ? null : [], step, Offset + Count);
        }

        if (dates.Length == 0 || step is not { } even)
        {
            throw new ArgumentException(
                $"Series '{Name}' has {(dates.Length == 0 ? "no date" : "one date")}, which does not say how its dates go on. "
                + $"Give the {following.Length} values that follow dates of their own: new TimeSeries(\"{name}\", "
                + "values, dates).",
                nameof(next));
        }

        return new(name, following, even.After(dates[^1], following.Length), even, Offset + Count);
    }

    /// <summary>Name, length and span of the series.</summary>
    public override string ToString() => dates is { Length: > 0 }
        ? FormattableString.Invariant(
            $"{Name}: {Count} value{(Count == 1 ? string.Empty : "s")}, {dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}")
        : FormattableString.Invariant($"{Name}: {Count} value{(Count == 1 ? string.Empty : "s")}");
}
