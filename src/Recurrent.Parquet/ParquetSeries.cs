using Parquet;
using Parquet.Schema;
using Recurrent.Data;

namespace Recurrent.Parquet;

/// <summary>
/// Series and panels in Parquet files: the dates, the names and the numbers are found among the columns as in a CSV file.
/// </summary>
/// <remarks>Columns of numbers, dates and texts are read; nested ones, lists and bytes are passed over.</remarks>
/// <example>
/// <code>
/// TimeSeries load = await ParquetSeries.ReadAsync("load.parquet", new() { Columns = ["load", "temp"] });
/// SeriesPanel sales = await ParquetSeries.ReadPanelAsync("sales.parquet");
/// await ParquetSeries.WriteAsync("copy.parquet", sales);
/// </code>
/// </example>
public static class ParquetSeries
{
    /// <summary>Reads one series.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to read; null finds all out: the column of dates, and the first column of numbers.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableException">The file is no Parquet, or holds no such series, or several; the message says where and
    /// why.</exception>
    public static async Task<TimeSeries> ReadAsync(
        string path, TableOptions? options = null, CancellationToken cancellationToken = default) =>
        (await ReadTableAsync(path, cancellationToken).ConfigureAwait(false)).ToSeries(options);

    /// <summary>Reads many series: one below the other, side by side, or one in each row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to read; null finds all out.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableException">The file is no Parquet, or holds no such series; the message says where and
    /// why.</exception>
    public static async Task<SeriesPanel> ReadPanelAsync(
        string path, TableOptions? options = null, CancellationToken cancellationToken = default) =>
        (await ReadTableAsync(path, cancellationToken).ConfigureAwait(false)).ToPanel(options);

    /// <summary>Reads the columns of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableException">The file is no Parquet, or has no column that can be read.</exception>
    public static async Task<SeriesTable> ReadTableAsync(string path, CancellationToken cancellationToken = default)
    {
        RequireNoFolder(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        }

        string name = Path.GetFileName(path);
        try
        {
            return await ParquetColumns.ReadAsync(path, name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (OperationCanceledException or TableException or UnauthorizedAccessException))
        {
            // Damaged files make the package fail in many ways.
            throw new TableException($"{name} cannot be read as Parquet: {error.Message}", error);
        }
    }

    /// <summary>Writes a series: a column of dates, where it has them, and one for each variable.</summary>
    /// <param name="path">The file; one that is there is replaced when all is written.</param>
    /// <param name="series">The series.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public static Task WriteAsync(string path, TimeSeries series, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        return WriteAsync(path, new SeriesPanel([series]), false, cancellationToken);
    }

    /// <summary>Writes a panel, one series below the other: a column of names, of dates, where there are any, and one for each
    /// variable and attribute.</summary>
    /// <param name="path">The file; one that is there is replaced when all is written.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <exception cref="ArgumentException">Some series have dates, and others none.</exception>
    public static Task WriteAsync(string path, SeriesPanel panel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(panel);
        return WriteAsync(path, panel, true, cancellationToken);
    }

    private static void RequireNoFolder(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a folder. Give the name of a file in it.");
        }
    }

    private static async Task WriteAsync(string path, SeriesPanel panel, bool named, CancellationToken cancellationToken)
    {
        RequireNoFolder(path);
        List<WrittenColumn> columns = WrittenColumn.Of(panel, named);
        string beside = path + ".part";
        try
        {
            FileStream file = File.Create(beside);
            await using (file.ConfigureAwait(false))
            {
                var schema = new ParquetSchema(columns.Select(column => column.Field));
                ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                await using (writer.ConfigureAwait(false))
                {
                    using ParquetRowGroupWriter group = writer.CreateRowGroup();
                    foreach (WrittenColumn column in columns)
                    {
                        await column.WriteAsync(group, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
