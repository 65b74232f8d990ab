using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Recurrent.Onnx.Export;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>The numbers of a tensor in a file.</summary>
internal static class TensorData
{
    /// <summary>How many numbers its shape says.</summary>
    /// <exception cref="ModelFormatException">No array has as many.</exception>
    public static int CountOf(TensorProto tensor, string path)
    {
        long count = 1;
        foreach (long length in tensor.Dims)
        {
            if (length is < 0 or > int.MaxValue || (length != 0 && count > Array.MaxLength / length))
            {
                throw new ModelFormatException(path, $"The shape ({string.Join(", ", tensor.Dims)}) is none that an array has.");
            }

            count *= length;
        }

        return (int)count;
    }

    /// <summary>Its floats.</summary>
    /// <exception cref="ModelFormatException">It holds other numbers, not as many as its shape says, or one that is not
    /// finite.</exception>
    public static float[] Floats(TensorProto tensor, string path)
    {
        int count = CountOf(tensor, path);
        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        var type = (ElementType)tensor.DataType;
        float[] values = type switch
        {
            ElementType.Float when raw.Length > 0
                || count == 0 => Raw(raw, sizeof(float), BinaryPrimitives.ReadSingleLittleEndian),
            ElementType.Float => [.. Sized(tensor.FloatData.Count).FloatData],
            ElementType.Double when raw.Length > 0 =>
                Raw(raw, sizeof(double), at => (float)BinaryPrimitives.ReadDoubleLittleEndian(at)),
            ElementType.Double => [.. Sized(tensor.DoubleData.Count).DoubleData.Select(value => (float)value)],
            ElementType.Half when raw.Length > 0 => Raw(raw, 2, at => (float)BinaryPrimitives.ReadHalfLittleEndian(at)),
            ElementType.Half => [.. Sized(tensor.Int32Data.Count).Int32Data
                .Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits))],
            _ => throw new ModelFormatException(path, $"It holds {Name(type)}, where floats are needed."),
        };
        return values;

        float[] Raw(ReadOnlySpan<byte> bytes, int size, Func<ReadOnlySpan<byte>, float> read)
        {
            RequireCount(bytes.Length, (long)count * size);
            if (size == sizeof(float) && BitConverter.IsLittleEndian)
            {
                float[] copy = LargeArrays.Create(count);
                ReadOnlyMemory<byte> memory = tensor.RawData.Memory;
                _ = LargeArrays.Read(copy, (piece, first) =>
                    MemoryMarshal.Cast<byte, float>(memory.Span).Slice(first, piece.Length).CopyTo(piece));
                return copy;
            }

            var result = new float[count];
            for (int i = 0; i < count; i++)
            {
                result[i] = read(bytes.Slice(i * size, size));
            }

            return result;
        }

        TensorProto Sized(int given)
        {
            RequireCount(given, count);
            return tensor;
        }

        void RequireCount(long given, long expected)
        {
            if (given != expected)
            {
                throw WrongCount(tensor, path, given, expected);
            }
        }
    }

    /// <summary>Its integers, or truths as 0 and 1.</summary>
    /// <exception cref="ModelFormatException">It holds other numbers, or not as many as its shape says.</exception>
    public static long[] Integers(TensorProto tensor, string path)
    {
        int count = CountOf(tensor, path);
        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        var type = (ElementType)tensor.DataType;
        int size = type switch
        {
            ElementType.Int64 or ElementType.UInt64 => 8,
            ElementType.Int32 or ElementType.UInt32 => 4,
            ElementType.Int16 or ElementType.UInt16 => 2,
            ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
            _ => throw new ModelFormatException(path, $"It holds {Name(type)}, where whole numbers are needed."),
        };
        if (raw.Length > 0 || count == 0)
        {
            if (raw.Length != (long)count * size)
            {
                throw WrongCount(tensor, path, raw.Length, (long)count * size);
            }

            var values = new long[count];
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> at = raw.Slice(i * size, size);
                values[i] = type switch
                {
                    ElementType.Int64 or ElementType.UInt64 => BinaryPrimitives.ReadInt64LittleEndian(at),
                    ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                    ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                    ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                    ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                    ElementType.Int8 => (sbyte)at[0],
                    _ => at[0],
                };
            }

            return values;
        }

        long[] listed = type is ElementType.Int64 ? [.. tensor.Int64Data]
            : type is ElementType.UInt64 or ElementType.UInt32 ? [.. tensor.Uint64Data.Select(value => (long)value)]
            : [.. tensor.Int32Data.Select(value => (long)value)];
        return listed.Length == count ? listed : throw WrongCount(tensor, path, listed.Length, count);
    }

    /// <summary>What a type is called.</summary>
    public static string Name(ElementType type) => Enum.IsDefined(type) ? type.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"numbers of type {(int)type}");

    private static ModelFormatException WrongCount(TensorProto tensor, string path, long given, long expected) => new(path,
        string.Create(CultureInfo.InvariantCulture,
            $"The shape ({string.Join(", ", tensor.Dims)}) asks for {expected} bytes or numbers, but there are {given}."));
}
