using Parquet;
using Parquet.Schema;
using Recurrent.Data;

namespace Recurrent.Parquet;

/// <summary>Reads the columns of a Parquet file that series can be made from.</summary>
internal static class ParquetColumns
{
    private const long MostRows = 100_000_000;

    /// <summary>Reads a file.</summary>
    internal static async Task<SeriesTable> ReadAsync(string path, string name, CancellationToken cancellationToken)
    {
        ParquetReader reader = await ParquetReader.CreateAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var groups = new List<ParquetRowGroupReader>();
            try
            {
                long rows = 0;
                for (int i = 0; i < reader.RowGroupCount; i++)
                {
                    groups.Add(reader.OpenRowGroupReader(i));
                    rows = checked(rows + Math.Max(0, groups[^1].RowCount));
                }

                if (rows is 0 or > MostRows)
                {
                    throw new TableException(rows == 0 ? $"{name} has no rows." : FormattableString.Invariant(
                        $"{name} has {rows} rows, and is read whole: at most {MostRows} can be. ")
                        + "Read a part of it into another file.");
                }

                var columns = new List<TableColumn>();
                DataField[] flat = [.. reader.Schema.DataFields.Where(field => field.MaxRepetitionLevel == 0 && !field.IsArray)];
                foreach (DataField field in flat)
                {
                    if (await ReadAsync(groups, field, cancellationToken).ConfigureAwait(false) is { } column)
                    {
                        columns.Add(column);
                    }
                }

                return columns.Count > 0 ? new(name, columns)
                    : throw new TableException($"{name} has no column of numbers, dates or texts.");
            }
            finally
            {
                groups.ForEach(group => group.Dispose());
            }
        }
    }

    /// <summary>Reads a column; null where it holds what series are not made from.</summary>
    private static async Task<TableColumn?> ReadAsync(
        List<ParquetRowGroupReader> groups, DataField field, CancellationToken cancellationToken)
    {
        Type type = field.ClrType;
        string name = field.Path.ToString();
        return type == typeof(double) ? await Numbers<double>(value => value).ConfigureAwait(false)
            : type == typeof(float) ? await Numbers<float>(value => value).ConfigureAwait(false)
            : type == typeof(long) ? await Numbers<long>(value => value).ConfigureAwait(false)
            : type == typeof(int) ? await Numbers<int>(value => value).ConfigureAwait(false)
            : type == typeof(short) ? await Numbers<short>(value => value).ConfigureAwait(false)
            : type == typeof(sbyte) ? await Numbers<sbyte>(value => value).ConfigureAwait(false)
            : type == typeof(byte) ? await Numbers<byte>(value => value).ConfigureAwait(false)
            : type == typeof(ushort) ? await Numbers<ushort>(value => value).ConfigureAwait(false)
            : type == typeof(uint) ? await Numbers<uint>(value => value).ConfigureAwait(false)
            : type == typeof(ulong) ? await Numbers<ulong>(value => value).ConfigureAwait(false)
            : type == typeof(decimal) ? await Numbers<decimal>(value => (double)value).ConfigureAwait(false)
            : type == typeof(bool) ? await Numbers<bool>(value => value ? 1 : 0).ConfigureAwait(false)
            : type == typeof(DateTime) ? await Dates<DateTime>(value => value).ConfigureAwait(false)
            : type == typeof(DateOnly) ? await Dates<DateOnly>(value => value.ToDateTime(TimeOnly.MinValue)).ConfigureAwait(false)
            : type == typeof(string) || type == typeof(ReadOnlyMemory<char>) ? await Texts().ConfigureAwait(false) : null;

        async Task<TableColumn> Numbers<T>(Func<T, double> number)
            where T : struct =>
            TableColumn.OfNumbers(name, await Values<T, double>(
                groups, field, value => value is { } one ? number(one) : double.NaN, cancellationToken).ConfigureAwait(false));

        async Task<TableColumn> Dates<T>(Func<T, DateTime> date)
            where T : struct =>
            TableColumn.OfDates(name, await Values<T, DateTime?>(
                groups, field, value => value is { } one ? date(one) : null, cancellationToken).ConfigureAwait(false));

        async Task<TableColumn> Texts()
        {
            var all = new List<string?>();
            foreach (ParquetRowGroupReader group in groups)
            {
                var cells = new string?[group.RowCount];
                await group.ReadAsync(field, cells.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
                all.AddRange(cells);
            }

            return TableColumn.OfTexts(name, all);
        }
    }

    private static async Task<List<TValue>> Values<T, TValue>(
        List<ParquetRowGroupReader> groups, DataField field, Func<T?, TValue> value, CancellationToken cancellationToken)
        where T : struct
    {
        var all = new List<TValue>();
        foreach (ParquetRowGroupReader group in groups)
        {
            if (field.IsNullable)
            {
                var cells = new T?[group.RowCount];
                await group.ReadAsync<T>(field, cells.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
                all.AddRange(cells.Select(value));
            }
            else
            {
                var cells = new T[group.RowCount];
                await group.ReadAsync<T>(field, cells.AsMemory(), cancellationToken: cancellationToken).ConfigureAwait(false);
                all.AddRange(cells.Select(cell => value(cell)));
            }
        }

        return all;
    }
}
