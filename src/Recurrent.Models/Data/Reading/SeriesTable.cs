using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// A table of columns that series are made from: it finds its dates, what names its series, and its numbers by what its columns
/// hold.
/// </summary>
/// <example>
/// <code>
/// var table = new SeriesTable("loads", [TableColumn.OfDates("when", dates), TableColumn.OfNumbers("load", loads)]);
/// TimeSeries series = table.ToSeries(new() { Gaps = DateGaps.Missing });
/// </code>
/// </example>
public sealed class SeriesTable
{
    private readonly Func<int, string> rowName;
    private readonly Func<string, TableException> error;
    private readonly NumberReader numbers;
    private readonly bool commas;
    private readonly ReadCells known;
    private readonly FoundColumns found;
    private Dictionary<string, int>? firstPlaces;

    /// <summary>Creates a table.</summary>
    /// <param name="name">What messages call it; series of several variables have this name.</param>
    /// <param name="columns">Its columns, all of one length.</param>
    /// <exception cref="TableException">There is no column, or their lengths differ.</exception>
    public SeriesTable(string name, IReadOnlyList<TableColumn> columns)
        : this(name, columns, true, row => FormattableString.Invariant($"row {row + 1}"), message => new TableException(message),
        new())
    {
    }

    internal SeriesTable(string name, IReadOnlyList<TableColumn> columns, bool commas, Func<int, string> rowName,
        Func<string, TableException> error, TableOptions options, ReadCells? known = null,
        FoundColumns? found = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(columns);
        Name = name;
        Columns = [.. columns];
        Options = options;
        this.commas = commas;
        this.rowName = rowName;
        this.error = error;
        this.known = known ?? new();
        this.found = found ?? new();
        numbers = new(Columns, commas, options);
        if (Columns.Count == 0 || Columns.Any(column => column.Count != Columns[0].Count))
        {
            throw error(Columns.Count == 0 ? $"{name} has no columns."
                : $"{name} has columns of {ColumnNames.List([.. Columns.Select(column => $"{column.Count} ({column.Name})")])} "
                + "rows: all have the same number.");
        }
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>Its columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>What a variable from a column is called: as the column, or by its place where that has no name of its
    /// own.</summary>
    internal string VariableOf(int place)
    {
        if (firstPlaces is null)
        {
            firstPlaces = new(StringComparer.Ordinal);
            for (int i = 0; i < Columns.Count; i++)
            {
                firstPlaces.TryAdd(Columns[i].Name, i);
            }
        }

        string name = Columns[place].Name;
        if (name.Length > 0 && firstPlaces[name] == place)
        {
            return name;
        }

        string made = string.Create(CultureInfo.InvariantCulture, $"{name} column {place + 1}").TrimStart();
        while (firstPlaces.ContainsKey(made))
        {
            made += "'";
        }

        return made;
    }

    /// <summary>Number of rows.</summary>
    public int RowCount => Columns[0].Count;

    /// <summary>What the caller says.</summary>
    internal TableOptions Options { get; }

    /// <summary>What a message about a missing column says besides.</summary>
    internal string Hint { get; init; } = string.Empty;

    /// <summary>The name without the ending of a file.</summary>
    internal string SeriesName => Path.GetFileNameWithoutExtension(Name) is { Length: > 0 } name ? name : Name;

    /// <summary>Reads one series.</summary>
    /// <param name="options">What to read; null finds all out: the column of dates, and the first column of numbers.</param>
    /// <exception cref="TableException">
    /// The table does not hold such a series, or holds several; the message says where and why, and which option decides.
    /// </exception>
    public TimeSeries ToSeries(TableOptions? options = null) => new SeriesMaker(Given(options)).Make();

    /// <summary>Reads many series: one below the other, side by side, or one in each row.</summary>
    /// <param name="options">What to read; null finds all out.</param>
    /// <exception cref="TableException">The table does not hold such series; the message says where and why.</exception>
    public SeriesPanel ToPanel(TableOptions? options = null) => new PanelMaker(Given(options)).Make();

    /// <summary>What a column holds, for the most part.</summary>
    internal ColumnKind KindOf(int place)
    {
        if (!known.Kinds.TryGetValue(place, out ColumnKind kind))
        {
            known.Kinds[place] = kind = ColumnProfile.KindOf(Columns[place], numbers.IsMissing, commas);
        }

        return kind;
    }

    /// <summary>Whether a cell says that there is no value.</summary>
    internal bool IsMissing(int place, int row) => numbers.IsMissing(Columns[place].Text(row));

    /// <summary>The numbers of a column; NaN where one is missing.</summary>
    internal double[] ReadNumbers(int place)
    {
        (double[] read, (int Row, string Problem)? problem) = NumbersOf(place);
        return problem is (int row, string what) ? throw Failure(row, place, what) : read;
    }

    /// <summary>The numbers of some rows of a column, those of a series, which messages name.</summary>
    internal double[] ReadNumbers(int place, int[] rows, string series)
    {
        if (TryNumbers(place) is { } all)
        {
            return SeriesMaker.Pick(all, rows);
        }

        // How numbers are written, the whole column tells; what is wrong in one series is not wrong in the others.
        (double[] read, (int Row, string Problem)? problem) = numbers.Read(
            TableColumn.OfTexts(Columns[place].Name, rows.Select(Columns[place].Text)));
        return problem is (int row, string what) ? throw Failure(rows[row], place, $"{what} (in series '{series}')") : read;
    }

    /// <summary>The numbers of a column; null where a cell is none.</summary>
    internal double[]? TryNumbers(int place)
    {
        (double[] read, (int Row, string Problem)? problem) = NumbersOf(place);
        return problem is null ? read : null;
    }

    /// <summary>The dates of a column.</summary>
    internal DateTime[] ReadDates(int place) => DatesOf(place, out (int Row, string What)? problem)
        ?? throw Failure(problem!.Value.Row, place, problem.Value.What);

    /// <summary>The dates of a column; null where a cell is none.</summary>
    internal DateTime[]? TryDates(int place) => DatesOf(place, out _);

    /// <summary>The times of day of a column; null where a cell is none.</summary>
    internal TimeSpan[]? ReadClocks(int place)
    {
        var clocks = new TimeSpan[RowCount];
        for (int row = 0; row < clocks.Length; row++)
        {
            if (!ColumnProfile.TryClock(Columns[place].Text(row), out clocks[row]))
            {
                return null;
            }
        }

        return clocks;
    }

    /// <summary>The place of a column by its name; units and signs around the name may be left out.</summary>
    internal int IndexOf(string column)
    {
        string[] names = [.. Columns.Select(one => one.Name)];
        int[] places = ColumnNames.Find(names, column);
        if (places.Length == 1)
        {
            return places[0];
        }

        if (places.Length > 1)
        {
            bool cased = places.All(place => string.Equals(names[place], column.Trim(), StringComparison.OrdinalIgnoreCase));
            throw error(column.Length == 0
                ? $"{Name} has {places.Length} columns without a name. Give them names in its header row."
                : $"{Name} has no column '{column}', but {places.Length} that differ from it by {(cased ? "case" : "units")} "
                + $"alone: {ColumnNames.List([.. places.Select(place => names[place])])}. Write the name as it stands there.");
        }

        string[] named = [.. names.Where(name => name.Length > 0)];
        throw error($"{Name} has no column '{column}'. {Spelling.DidYouMean(column, named)}Its columns are "
            + $"{ColumnNames.List(named)}.{Hint}");
    }

    /// <summary>What to throw where a cell is not as it should be.</summary>
    internal TableException Failure(int row, int place, string problem) =>
        error($"{Name}, {rowName(row)}, column '{Columns[place].Name}': {problem}.");

    /// <summary>What to throw where the table is not as it should be.</summary>
    internal TableException Failure(string problem) => error($"{Name} {problem}");

    /// <summary>What the table holds, for messages: date (dates), rain (numbers).</summary>
    internal string Contents => string.Join(", ", Columns.Take(20).Select((column, place) =>
        $"{(column.Name.Length > 0 ? column.Name : "(no name)")} ({KindOf(place).ToString().ToLowerInvariant()})"))
        + (Columns.Count > 20 ? FormattableString.Invariant($" and {Columns.Count - 20} more") : string.Empty);

    /// <summary>The table, with all columns of numbers asked for.</summary>
    internal SeriesTable WithAllColumns() => With(Options with { AllColumns = true });

    /// <summary>A table that is made of this one.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="row">The row of this table that each of its rows comes from.</param>
    internal SeriesTable Derived(IReadOnlyList<TableColumn> columns, Func<int, int> row) =>
        new(Name, columns, commas, place => rowName(row(place)), error, Options) { Hint = Hint };

    private SeriesTable Given(TableOptions? options)
    {
        SeriesTable table = With(options);
        return MonthTable.Unfold(table) ?? table;
    }

    /// <summary>The table with other options; what has been read and found of it is kept where they leave it as it is.</summary>
    internal SeriesTable With(TableOptions? options) =>
        options is null || ReferenceEquals(options, Options) ? this
            : new(Name, Columns, commas, rowName, error, options, AreReadAlike(options, Options) ? known : null,
                AreFoundAlike(options, Options) ? found : null)
            { Hint = Hint };

    /// <summary>Whether cells mean the same by two options.</summary>
    private static bool AreReadAlike(TableOptions one, TableOptions other) =>
        (one.DateFormat, one.DayFirst, one.DecimalMark) == (other.DateFormat, other.DayFirst, other.DecimalMark)
        && one.Missing.SequenceEqual(other.Missing);

    /// <summary>Whether two options look for the same columns: they differ in what is done with dates at most.</summary>
    private static bool AreFoundAlike(TableOptions one, TableOptions other) =>
        one with { Sort = other.Sort, Duplicates = other.Duplicates, Gaps = other.Gaps, BadSeries = other.BadSeries } == other;

    private (double[] Values, (int Row, string Problem)? Problem) NumbersOf(int place)
    {
        if (!known.Values.TryGetValue(place, out (double[] Values, (int Row, string Problem)? Problem) read))
        {
            known.Values[place] = read = numbers.Read(Columns[place]);
        }

        return read;
    }

    private DateTime[]? DatesOf(int place, out (int Row, string What)? problem)
    {
        if (!known.Dates.TryGetValue(place, out (DateTime[]? Dates, (int Row, string What)? Problem) read))
        {
            read.Dates = FindDates(place, out problem);
            read.Problem = problem;
            known.Dates[place] = read;
        }

        problem = read.Problem;
        return read.Dates;
    }

    private DateTime[]? FindDates(int place, out (int Row, string What)? problem)
    {
        TableColumn column = Columns[place];
        if (column.Dates is { } given)
        {
            int missing = Array.FindIndex(given, date => date is null);
            problem = missing < 0 ? null : (missing, "there is no date. Leave the row out, or give it one");
            return missing < 0 ? Array.ConvertAll(given, date => date!.Value) : null;
        }

        if (NamedPeriods.Read(this, place) is { } periods)
        {
            problem = null;
            return periods;
        }

        if (Options.DateFormat is null && ColumnHints.IsDay(column.Name) && TryNumbers(place) is { } days
            && NumericDates.OfSpreadsheet(days) is { } counting)
        {
            problem = null;
            return counting;
        }

        if (column.Numbers is { } counts && Options.DateFormat is null)
        {
            DateTime[]? counted = NumericDates.Read(counts);
            problem = counted is null
                ? (0, $"'{column.Text(0)}' is not a date. Say what the numbers count: DateFormat = \"unix\", "
                + "\"unix ms\", \"excel\" or \"decimal year\"") : null;
            return counted;
        }

        StampColumn stamps = StampColumn.Read(column.Texts ?? [.. Enumerable.Range(0, RowCount).Select(column.Text)], Options);
        problem = stamps.Problem;

        // Days, months and years of a clock stay dates of that clock, whatever its distance from UTC.
        bool civil = stamps.Walls.Length > 1 && LocalStamps.AreOfOneTimeOfDay(stamps.Walls)
            && !stamps.Walls.AsSpan().SequenceEqual(stamps.Dates);
        return problem is not null ? null : civil ? stamps.Walls : stamps.Dates;
    }

    /// <summary>The dates of the table; null where it has none.</summary>
    internal DateSource? DatesFound => (found.Dates ??= [DateSource.Find(this)])[0];

    /// <summary>The columns that name the series of a long table; none where it holds one.</summary>
    internal int[] NamesFound => found.Names ??= NameSource.Find(this, DatesFound);

    /// <summary>The columns that become variables.</summary>
    /// <param name="keys">The columns of names, or none.</param>
    /// <param name="names">The names that stand in them, or null.</param>
    internal int[] ValuesFound(int[] keys, string[]? names) =>
        found.Values ??= SeriesMaker.Values(this, DatesFound, keys, names);

    /// <summary>Which columns hold what, once it has been found; tables that look for the same share it.</summary>
    internal sealed class FoundColumns
    {
        internal DateSource?[]? Dates { get; set; }

        internal int[]? Names { get; set; }

        internal int[]? Values { get; set; }
    }

    /// <summary>What has been read of the columns, by their places; tables that read cells alike share it.</summary>
    internal sealed class ReadCells
    {
        internal Dictionary<int, ColumnKind> Kinds { get; } = [];

        internal Dictionary<int, (DateTime[]? Dates, (int Row, string What)? Problem)> Dates { get; } = [];

        internal Dictionary<int, (double[] Values, (int Row, string Problem)? Problem)> Values { get; } = [];
    }
}
