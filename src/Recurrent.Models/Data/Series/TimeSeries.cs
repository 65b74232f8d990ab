namespace Recurrent.Data;

/// <summary>
/// Equally spaced values of one or several variables, oldest first, with their dates where they are known. Values may be missing,
/// NaN; none is infinite. A series never changes: what is done to it gives another.
/// </summary>
/// <example>
/// <code>
/// TimeSeries series = TimeSeries.FromCsv("passengers.csv");
/// (TimeSeries training, TimeSeries heldOut) = series.HoldOut(24);
/// </code>
/// </example>
public sealed partial class TimeSeries
{
    private readonly string[] variables;
    private readonly double[][] columns;
    private readonly DateTime[]? dates;

    /// <summary>Creates a series of one variable, which has the series' name; the values are copied.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="values">The values, oldest first; NaN where one is missing.</param>
    /// <param name="dates">The date of each value, or null.</param>
    /// <param name="gaps">What to do where the dates are not equally spaced; by default they are refused.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many dates as values, a value is infinite, or the dates do not rise or have gaps; the message says where.
    /// </exception>
    public TimeSeries(string name, IReadOnlyList<double> values, IReadOnlyList<DateTime>? dates = null,
        DateGaps gaps = DateGaps.Refuse)
        : this(name, values, dates, new SeriesOptions { Gaps = gaps })
    {
    }

    /// <summary>Creates a series of one variable, which has the series' name; the values are copied.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="values">The values; NaN where one is missing.</param>
    /// <param name="dates">The date of each value, or null.</param>
    /// <param name="options">What to do with dates that are not in order, come twice or leave some out.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many dates as values, a value is infinite, or the dates are not what the options allow; the message says
    /// where.
    /// </exception>
    public TimeSeries(string name, IReadOnlyList<double> values, IReadOnlyList<DateTime>? dates, SeriesOptions options)
        : this(name, [name], [Copy(values, nameof(values))], dates is null ? null : [.. dates], options)
    {
    }

    /// <summary>Creates a series of one variable whose dates follow from the first.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="values">The values, oldest first; NaN where one is missing.</param>
    /// <param name="start">The date of the first value.</param>
    /// <param name="frequency">The distance between dates; steps of months take the day of the month from the first.</param>
    /// <exception cref="ArgumentException">A value is infinite, or the dates go beyond the year 9999.</exception>
    public TimeSeries(string name, IReadOnlyList<double> values, DateTime start, Frequency frequency)
        : this(name, values, DatesFrom(start, frequency, values?.Count ?? 0), new SeriesOptions { Frequency = frequency })
    {
    }

    private TimeSeries(string name, string[] variables, double[][] columns, DateTime[]? dates, SeriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        Name = name;
        this.variables = variables;
        int rows = columns[0].Length;
        if (dates is not null && dates.Length != rows)
        {
            throw new ArgumentException($"Series '{name}' has {rows} values but {dates.Length} dates.", nameof(dates));
        }

        CheckColumns(variables, columns);
        Frequency = options.Frequency;
        if (dates is not null)
        {
            DateMending mended = DateMending.Apply(dates, columns, options);
            if (mended.Problem is (int row, string problem))
            {
                throw new ArgumentException($"Date {row} of series '{name}', {EvenDates.Text(dates[row])}, {problem}.",
                    nameof(dates));
            }

            (columns, dates, Frequency) = (mended.Columns, mended.Dates, mended.Frequency);
        }

        this.columns = columns;
        this.dates = dates;
    }

    /// <summary>A series of rows that were mended.</summary>
    internal static TimeSeries OfMended(string name, string[] variables, DateMending mended)
    {
        var series = new TimeSeries(name, variables, mended.Columns, mended.Dates, mended.Frequency, 0);
        series.CheckColumns(variables, mended.Columns);
        return series;
    }

    /// <summary>A stretch of a series as a file holds it, which goes on as the whole did.</summary>
    /// <exception cref="ArgumentException">The parts do not make a series.</exception>
    internal static TimeSeries OfStored(string name, string[] variables, double[][] columns, DateTime[]? dates,
        Frequency? frequency, int offset)
    {
        if (offset < 0 || (dates is not null && (dates.Length != columns[0].Length
            || Enumerable.Range(1, Math.Max(0, dates.Length - 1)).Any(i => dates[i] <= dates[i - 1]))))
        {
            throw new ArgumentException("The dates of a stored series must ascend, one for each step.", nameof(dates));
        }

        var series = new TimeSeries(name, variables, columns, dates, frequency, offset);
        series.CheckColumns(variables, columns);
        return series;
    }

    // Parts of what was checked, with the frequency of the whole, so that a part goes on as the whole does.
    private TimeSeries(string name, string[] variables, double[][] columns, DateTime[]? dates, Frequency? frequency, int offset)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        this.variables = variables;
        this.columns = columns;
        this.dates = dates;
        Frequency = frequency;
        Offset = offset;
    }

    /// <summary>What is measured, or which forecast this is.</summary>
    public string Name { get; }

    /// <summary>Names of the variables, at least one.</summary>
    public IReadOnlyList<string> Variables => variables;

    /// <summary>Number of steps.</summary>
    public int Count => columns[0].Length;

    /// <summary>Place of the first value in the series that this one was cut from, or continues.</summary>
    public int Offset { get; }

    /// <summary>The values of the first variable, oldest first; NaN where one is missing.</summary>
    public ReadOnlySpan<double> Values => columns[0];

    /// <summary>The date of each step, or null where none are known.</summary>
    public IReadOnlyList<DateTime>? Dates => dates;

    /// <summary>The distance between the dates; null where it is not known.</summary>
    public Frequency? Frequency { get; }

    /// <summary>Whether a value of any variable is missing.</summary>
    public bool HasMissing => Array.Exists(columns, column => Array.Exists(column, double.IsNaN));

    /// <summary>One value of the first variable.</summary>
    /// <param name="index">Its place; negative indices count from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public double this[Index index]
    {
        get
        {
            int place = index.IsFromEnd ? Count - index.Value : index.Value;
            return place >= 0 && place < Count
                ? columns[0][place]
                : throw new ArgumentOutOfRangeException(nameof(index), index,
                    $"Series '{Name}' has {Count} values, and none at {index}.");
        }
    }

    /// <summary>Creates a series of several variables; the values are copied.</summary>
    /// <param name="name">Name of the series.</param>
    /// <param name="variables">Names of the variables, each once.</param>
    /// <param name="columns">The values of each variable, oldest first; NaN where one is missing.</param>
    /// <param name="dates">The date of each step, or null.</param>
    /// <param name="options">What to do with dates that are not in order, come twice or leave some out; null refuses
    /// them.</param>
    /// <exception cref="ArgumentException">
    /// There is no variable, a name comes twice, the lengths differ, a value is infinite, or the dates are not what the options
    /// allow; the message says where.
    /// </exception>
    public static TimeSeries Create(string name, IReadOnlyList<string> variables, IReadOnlyList<IReadOnlyList<double>> columns,
        IReadOnlyList<DateTime>? dates = null, SeriesOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(columns);
        if (variables.Count == 0 || variables.Count != columns.Count)
        {
            throw new ArgumentException(
                $"Series '{name}' has {variables.Count} names of variables and {columns.Count} columns of values: it needs one "
                + "of each for every variable, and at least one variable.", nameof(columns));
        }

        return new(name, [.. variables], [.. columns.Select(column => Copy(column, nameof(columns)))],
            dates is null ? null : [.. dates], options ?? new SeriesOptions());
    }

    /// <summary>The values of a variable, oldest first; NaN where one is missing.</summary>
    /// <param name="index">Its place among <see cref="Variables"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such variable.</exception>
    public ReadOnlySpan<double> Variable(int index) => index >= 0 && index < columns.Length ? columns[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index,
            $"Series '{Name}' has {columns.Length} variable{(columns.Length == 1 ? string.Empty : "s")}, and none at {index}.");

    /// <summary>The values of a variable, oldest first; NaN where one is missing.</summary>
    /// <param name="name">Its name, in any case where no other differs by case alone.</param>
    /// <exception cref="ArgumentException">There is no such variable; the message lists those there are.</exception>
    public ReadOnlySpan<double> Variable(string name) => columns[IndexOf(name)];

    /// <summary>Where values of a variable are there: true; and where they are missing: false.</summary>
    /// <param name="name">Name of the variable; null is the first.</param>
    /// <exception cref="ArgumentException">There is no such variable; the message lists those there are.</exception>
    public bool[] Observed(string? name = null) =>
        Array.ConvertAll(columns[name is null ? 0 : IndexOf(name)], value => !double.IsNaN(value));

    /// <summary>Name, length and span of the series.</summary>
    public override string ToString()
    {
        string count = FormattableString.Invariant($"{Name}: {Count} value{(Count == 1 ? string.Empty : "s")}")
            + (variables.Length > 1 ? $" of {string.Join(", ", variables)}" : string.Empty);
        return dates is { Length: > 0 }
            ? FormattableString.Invariant($"{count}, {dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}") : count;
    }

    private static double[] Copy(IReadOnlyList<double> values, string parameter)
    {
        ArgumentNullException.ThrowIfNull(values, parameter);
        return [.. values];
    }

    private static DateTime[] DatesFrom(DateTime start, Frequency frequency, int count)
    {
        ArgumentNullException.ThrowIfNull(frequency);
        return count == 0 ? [] : [start, .. frequency.OnTheDayOf([start]).After(start, count - 1)];
    }

    private void CheckColumns(string[] names, double[][] all)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int variable = 0; variable < all.Length; variable++)
        {
            string which = all.Length > 1 ? $" of variable '{names[variable]}' of series '{Name}'" : string.Empty;
            if (names[variable] is null || !seen.Add(names[variable]))
            {
                throw new ArgumentException(
                    $"Series '{Name}' has two variables of the name '{names[variable]}': each name means one.", nameof(all));
            }

            if (all[variable].Length != all[0].Length)
            {
                throw new ArgumentException(
                    $"Series '{Name}' has {all[0].Length} values of '{names[0]}' but {all[variable].Length} "
                    + $"of '{names[variable]}': each variable has a value, or NaN, at every step.", nameof(all));
            }

            int infinite = Array.FindIndex(all[variable], double.IsInfinity);
            if (infinite >= 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Value {infinite}{which} is {all[variable][infinite]}: write NaN where a value ")
                    + "is missing, and leave out or clip what is infinite.", nameof(all));
            }
        }
    }

    private int IndexOf(string variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return ColumnNames.Find(variables, variable) switch
        {
            [int one] => one,
            [] => throw new ArgumentException($"Series '{Name}' has no variable '{variable}'. "
                + $"{Registration.Spelling.DidYouMean(variable, variables)}It has {ColumnNames.List(variables)}.",
                nameof(variable)),
            int[] several => throw new ArgumentException(
                $"Series '{Name}' has no variable '{variable}', but {several.Length} that "
                + $"differ from it by case alone: {string.Join(", ", several.Select(place => variables[place]))}.",
                nameof(variable)),
        };
    }
}
