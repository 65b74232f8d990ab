using Parquet;
using Parquet.Schema;
using Recurrent.Data;

namespace Recurrent.Parquet;

/// <summary>The rows of a Parquet file, read a row group at a time: a file larger than memory, from which a model is
/// trained.</summary>
/// <remarks>Columns of numbers and flags are read; a group is held at a time, of the columns that are asked for.</remarks>
/// <example>
/// <code>
/// RowBatches batches = ParquetRows.Open("measured.parquet").Batches(["load", "temp"], ["next"], batchSize: 256);
/// model.Fit(batches, epochs: 5);
/// </code>
/// </example>
public static class ParquetRows
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="TableException">The file is no Parquet, or has no column of numbers.</exception>
    public static RowSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return File.Exists(path) ? new Source(path) : throw new FileNotFoundException($"There is no file '{path}'.", path);
    }

    private static T Reading<T>(string name, Func<Task<T>> read)
    {
        try
        {
            // Rows are read on a thread of their own, which waits for nothing else.
            return Task.Run(read).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not (OperationCanceledException or TableException or UnauthorizedAccessException))
        {
            // Damaged files make the package fail in many ways.
            throw new TableException($"{name} cannot be read as Parquet: {error.Message}", error);
        }
    }

    private sealed class Source : RowSource
    {
        private readonly string path;
        private readonly DataField[] fields;

        public Source(string path)
        {
            this.path = path;
            Name = Path.GetFileName(path);
            fields = Reading(Name, async () =>
            {
                ParquetReader reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    return reader.Schema.DataFields
                        .Where(field => field.MaxRepetitionLevel == 0 && !field.IsArray && GroupColumn.Reads(field)).ToArray();
                }
            });
            Columns = fields.Length > 0 ? [.. fields.Select(field => field.Path.ToString())]
                : throw new TableException($"{Name} has no column of numbers.");
        }

        public override string Name { get; }

        public override IReadOnlyList<string> Columns { get; }

        public override RowReader Open(IReadOnlyList<int> columns) => new Pass(Name,
            Reading(Name, () => ParquetReader.CreateAsync(path)), [.. columns.Select(column => fields[column])]);
    }

    private sealed class Pass(string name, ParquetReader reader, DataField[] fields) : RowReader
    {
        private double[][]? group;
        private int groups;
        private long row;
        private long inGroup;
        private long count;

        public override bool Read(Span<float> values)
        {
            if (!HasRow())
            {
                return false;
            }

            group ??= Reading(name, () => ReadGroup(groups - 1));
            for (int i = 0; i < fields.Length; i++)
            {
                double value = group[i][inGroup];
                values[i] = float.IsFinite((float)value) ? (float)value : throw new TableException(FormattableString.Invariant(
                    $"{name}, row {row + 1}: column '{fields[i].Path}' {Problem(value)}."));
            }

            row++;
            inGroup++;
            return true;
        }

        public override long Skip(long rows)
        {
            long done = 0;
            while (done < rows && HasRow())
            {
                long part = Math.Min(rows - done, count - inGroup);
                done += part;
                inGroup += part;
                row += part;
            }

            return done;
        }

        protected override void Dispose(bool disposing)
        {
            Reading(name, async () =>
            {
                await reader.DisposeAsync().ConfigureAwait(false);
                return true;
            });
            base.Dispose(disposing);
        }

        private static string Problem(double value) => double.IsNaN(value)
            ? "has no value there. Fill or leave out rows with missing values"
            : "holds a number that is not finite, or larger than a float can be";

        private bool HasRow()
        {
            while (inGroup >= count)
            {
                if (groups >= reader.RowGroupCount)
                {
                    return false;
                }

                group = null;
                inGroup = 0;
                using ParquetRowGroupReader next = Reading(name, () => Task.FromResult(reader.OpenRowGroupReader(groups)));
                count = next.RowCount;
                groups++;
            }

            return true;
        }

        private async Task<double[][]> ReadGroup(int index)
        {
            using ParquetRowGroupReader opened = reader.OpenRowGroupReader(index);
            var columns = new double[fields.Length][];
            for (int i = 0; i < fields.Length; i++)
            {
                int same = Array.IndexOf(fields, fields[i]);
                columns[i] = same < i ? columns[same] : await GroupColumn.ReadAsync(opened, fields[i]).ConfigureAwait(false);
            }

            return columns;
        }
    }
}
