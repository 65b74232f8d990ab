using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Recurrent.Callbacks;

/// <summary>
/// Writes messages of Protocol Buffers: the few kinds of fields that TensorBoard's events have. A package for these sixty lines
/// would come along into every program that predicts.
/// </summary>
internal sealed class ProtoWriter
{
    private const int VarInt = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Message => bytes.WrittenSpan;

    public ProtoWriter Int(int field, long value)
    {
        Tag(field, VarInt);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Double(int field, double value)
    {
        Tag(field, Fixed64);
        Raw(value);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Tag(field, Fixed32);
        Span<byte> four = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.Write(four);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        Varint((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    public ProtoWriter Inside(int field, Action<ProtoWriter> write)
    {
        var inner = new ProtoWriter();
        write(inner);
        return Bytes(field, inner.Message);
    }

    /// <summary>Numbers in one field, packed.</summary>
    public ProtoWriter Doubles(int field, IReadOnlyCollection<double> values)
    {
        Tag(field, Delimited);
        Varint((ulong)values.Count * sizeof(double));
        foreach (double value in values)
        {
            Raw(value);
        }

        return this;
    }

    private void Tag(int field, int kind) => Varint(((ulong)field << 3) | (uint)kind);

    private void Raw(double value)
    {
        Span<byte> eight = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, value);
        bytes.Write(eight);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Write([(byte)(value | 0x80)]);
        }

        bytes.Write([(byte)value]);
    }
}
