using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>What one number of a tensor is in a file, little-endian.</summary>
/// <param name="Name">Its name here: <c>float32</c>.</param>
/// <param name="Width">Its bytes.</param>
internal sealed record ElementType(string Name, int Width)
{
    private const long MostExact = sizeof(Real) == sizeof(float) ? 1L << 24 : 1L << 53;

    public static ElementType Float64 { get; } = new("float64", 8);

    public static ElementType Float32 { get; } = new("float32", 4);

    public static ElementType Float16 { get; } = new("float16", 2);

    /// <summary>The upper half of a float32.</summary>
    public static ElementType BFloat16 { get; } = new("bfloat16", 2);

    public static ElementType Int64 { get; } = new("int64", 8);

    public static ElementType Int32 { get; } = new("int32", 4);

    public static ElementType Int16 { get; } = new("int16", 2);

    public static ElementType Int8 { get; } = new("int8", 1);

    public static ElementType UInt64 { get; } = new("uint64", 8);

    public static ElementType UInt32 { get; } = new("uint32", 4);

    public static ElementType UInt16 { get; } = new("uint16", 2);

    public static ElementType UInt8 { get; } = new("uint8", 1);

    public static ElementType Bool { get; } = new("bool", 1);

    /// <summary>The type of the library's own numbers.</summary>
    public static ElementType OfReal => sizeof(Real) == sizeof(float) ? Float32 : Float64;

    /// <summary>Whether the bytes in a file are those in memory.</summary>
    public bool IsReal => BitConverter.IsLittleEndian && this == OfReal;

    /// <summary>Turns bytes into numbers.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="target">Receives a number for each <see cref="Width"/> bytes.</param>
    /// <param name="name">The tensor, for messages.</param>
    /// <exception cref="ModelFormatException">A whole number is too large to be kept to the last digit.</exception>
    public void Decode(ReadOnlySpan<byte> bytes, Span<Real> target, string name)
    {
        if (IsReal)
        {
            MemoryMarshal.Cast<byte, Real>(bytes).CopyTo(target);
            return;
        }

        if (sizeof(Real) == sizeof(float) && BitConverter.IsLittleEndian)
        {
            // Of these a model has many.
            Span<float> floats = MemoryMarshal.Cast<Real, float>(target);
            switch (Name)
            {
                case "float64":
                    TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(bytes), floats);
                    return;
                case "float16":
                    TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), floats);
                    return;
                case "bfloat16":
                    ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                    for (int i = 0; i < floats.Length; i++)
                    {
                        floats[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                    }

                    return;
            }
        }

        bool floating = Name.Contains("float", StringComparison.Ordinal);
        for (int i = 0; i < target.Length; i++)
        {
            ReadOnlySpan<byte> one = bytes.Slice(i * Width, Width);
            target[i] = floating ? Floating(one) : Whole(one, name);
        }
    }

    private Real Floating(ReadOnlySpan<byte> one) => Name switch
    {
        "float64" => (Real)BinaryPrimitives.ReadDoubleLittleEndian(one),
        "float32" => BinaryPrimitives.ReadSingleLittleEndian(one),
        "float16" => (Real)BinaryPrimitives.ReadHalfLittleEndian(one),
        _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(one) << 16),
    };

    private Real Whole(ReadOnlySpan<byte> one, string name)
    {
        long value = Name switch
        {
            "int64" => BinaryPrimitives.ReadInt64LittleEndian(one),
            "uint64" => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(one), long.MaxValue),
            "int32" => BinaryPrimitives.ReadInt32LittleEndian(one),
            "uint32" => BinaryPrimitives.ReadUInt32LittleEndian(one),
            "int16" => BinaryPrimitives.ReadInt16LittleEndian(one),
            "uint16" => BinaryPrimitives.ReadUInt16LittleEndian(one),
            "int8" => (sbyte)one[0],
            _ => one[0],
        };
        return value is >= -MostExact and <= MostExact
            ? value
            : throw new ModelFormatException(name, string.Create(CultureInfo.InvariantCulture,
                $"the tensor holds the whole number {value}, of which {OfReal.Name} would lose digits."));
    }
}
