using System.Data.Common;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Rows of numbers that are read one after the other and never held together: a file or a table larger than memory, from which a
/// model is trained batch by batch.
/// </summary>
/// <example>
/// <code>
/// RowSource rows = RowSource.FromCsv("measured.csv");
/// model.Fit(rows.Batches(["load", "temp"], ["next"], batchSize: 256, shuffleWindow: 20_000), epochs: 5);
/// </code>
/// </example>
public abstract class RowSource
{
    /// <summary>Name for messages: that of the file or the query.</summary>
    public abstract string Name { get; }

    /// <summary>Names of the columns.</summary>
    /// <exception cref="TableException">There is no table.</exception>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>The rows of a CSV file; of the options separator, encoding, header, decimal mark and comment are
    /// followed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is written; null finds out.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="CsvException">It has no header or rows.</exception>
    public static RowSource FromCsv(string path, CsvOptions? options = null) => new CsvRowSource(path, options ?? new());

    /// <summary>The rows of a query, which is run anew for every pass.</summary>
    /// <param name="open">Runs the query; the reader is closed when the pass is over. Give the query an ORDER BY: each pass must
    /// have the same rows in the same order.</param>
    /// <param name="name">Name for messages.</param>
    public static RowSource FromDatabase(Func<DbDataReader> open, string name = "the query") => new DbRowSource(open, name);

    /// <summary>The rows of a query that is open, for one pass.</summary>
    /// <param name="reader">The reader; it stays the caller's.</param>
    /// <param name="name">Name for messages.</param>
    public static RowSource FromReader(DbDataReader reader, string name = "the query")
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new DbRowSource(reader, name);
    }

    /// <summary>Begins a pass.</summary>
    /// <param name="columns">Places of the columns that are read, in the order in which their values are wanted.</param>
    public abstract RowReader Open(IReadOnlyList<int> columns);

    /// <summary>The rows as batches of samples.</summary>
    /// <param name="inputs">The columns that the model reads.</param>
    /// <param name="targets">The columns that it is to give; null or empty for none, to predict.</param>
    /// <param name="batchSize">Samples to a batch; the last one of a pass may have fewer. Default 32.</param>
    /// <param name="timesteps">
    /// Null (the default): each row is a sample, (features). Else a sample is so many rows that follow one another, (timesteps,
    /// features), and one begins with every row.
    /// </param>
    /// <param name="ahead">How many rows behind the last one of a sample its targets stand; default 0: in that row.</param>
    /// <param name="weight">A column of sample weights; null for none.</param>
    /// <param name="shuffleWindow">
    /// Samples that are held and come in random order: 0 (the default) leaves them as they are read, a number much larger than a
    /// batch mixes them well. Which order follows from <paramref name="seed"/> and the index of the pass.
    /// </param>
    /// <param name="seed">Same seed, same order. Default 0.</param>
    /// <exception cref="ArgumentException">A column does not exist, or an option is out of range.</exception>
    public RowBatches Batches(
        IReadOnlyList<string> inputs,
        IReadOnlyList<string>? targets = null,
        int batchSize = 32,
        int? timesteps = null,
        int ahead = 0,
        string? weight = null,
        int shuffleWindow = 0,
        int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        new OptionCheck(nameof(Batches))
            .Require(inputs.Count > 0, "inputs must name at least one column", nameof(inputs))
            .Positive(nameof(batchSize), batchSize)
            .Positive(nameof(timesteps), timesteps ?? 1)
            .AtLeast(nameof(ahead), ahead, 0)
            .AtLeast(nameof(shuffleWindow), shuffleWindow, 0)
            .Require(
                (long)(timesteps ?? 1) * inputs.Count <= Array.MaxLength / Math.Max(1, Math.Max(batchSize, shuffleWindow)),
                "a batch, or the samples that are shuffled, would be more than an array holds")
            .ThrowIfAny();
        int[] read = [.. inputs.Concat(targets ?? []).Concat(weight is null ? [] : [weight]).Select(PlaceOf)];
        return new(this, read, new(inputs.Count, targets?.Count ?? 0, weight is not null, batchSize, timesteps, ahead,
            shuffleWindow, seed));
    }

    private int PlaceOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
            {
                return i;
            }
        }

        throw new ArgumentException(
            $"{Name} has no column '{column}'. {Spelling.DidYouMean(column ?? string.Empty, Columns)}It has "
            + $"{ColumnNames.List(Columns)}.");
    }
}

/// <summary>A pass over the rows of a <see cref="RowSource"/>.</summary>
public abstract class RowReader : IDisposable
{
    /// <summary>Reads the next row.</summary>
    /// <param name="values">Receives its values, in the order of the columns that were asked for.</param>
    /// <returns>False where there is no further row.</returns>
    /// <exception cref="TableException">A cell is missing or no number; the message says which one.</exception>
    public abstract bool Read(Span<Real> values);

    /// <summary>Passes over rows without looking at their cells.</summary>
    /// <param name="rows">How many.</param>
    /// <returns>How many there were.</returns>
    public abstract long Skip(long rows);

    /// <summary>Ends the pass.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the pass.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
