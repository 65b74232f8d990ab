using Parquet;
using Parquet.Schema;

namespace Recurrent.Parquet;

/// <summary>Reads a column of a row group as numbers; NaN where there is no value.</summary>
internal static class GroupColumn
{
    /// <summary>Whether a column can be read.</summary>
    internal static bool Reads(DataField field) => Type.GetTypeCode(field.ClrType) is
        (>= TypeCode.SByte and <= TypeCode.Decimal) or TypeCode.Boolean;

    /// <summary>Reads a column.</summary>
    internal static Task<double[]> ReadAsync(ParquetRowGroupReader group, DataField field) => Type.GetTypeCode(
        field.ClrType) switch
    {
        TypeCode.Double => Numbers<double>(group, field, value => value),
        TypeCode.Single => Numbers<float>(group, field, value => value),
        TypeCode.Int64 => Numbers<long>(group, field, value => value),
        TypeCode.Int32 => Numbers<int>(group, field, value => value),
        TypeCode.Int16 => Numbers<short>(group, field, value => value),
        TypeCode.SByte => Numbers<sbyte>(group, field, value => value),
        TypeCode.UInt64 => Numbers<ulong>(group, field, value => value),
        TypeCode.UInt32 => Numbers<uint>(group, field, value => value),
        TypeCode.UInt16 => Numbers<ushort>(group, field, value => value),
        TypeCode.Byte => Numbers<byte>(group, field, value => value),
        TypeCode.Decimal => Numbers<decimal>(group, field, value => (double)value),
        _ => Numbers<bool>(group, field, value => value ? 1 : 0),
    };

    private static async Task<double[]> Numbers<T>(ParquetRowGroupReader group, DataField field, Func<T, double> number)
        where T : struct
    {
        if (field.IsNullable)
        {
            var cells = new T?[group.RowCount];
            await group.ReadAsync<T>(field, cells.AsMemory()).ConfigureAwait(false);
            return Array.ConvertAll(cells, cell => cell is { } value ? number(value) : double.NaN);
        }

        var plain = new T[group.RowCount];
        await group.ReadAsync<T>(field, plain.AsMemory()).ConfigureAwait(false);
        return Array.ConvertAll(plain, cell => number(cell));
    }
}
