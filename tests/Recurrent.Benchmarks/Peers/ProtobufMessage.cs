using System.Text;

namespace Recurrent.Benchmarks.Peers;

/// <summary>
/// A message in the wire format of Protocol Buffers, written field by field: as much of the format as an ONNX file needs.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;

    private readonly List<byte> bytes = [];

    /// <summary>Adds a whole number.</summary>
    public ProtobufMessage Add(int field, long value)
    {
        WriteKey(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    /// <summary>Adds bytes, numbers that are bytes, or a packed list.</summary>
    public ProtobufMessage Add(int field, ReadOnlySpan<byte> value)
    {
        WriteKey(field, LengthDelimited);
        WriteVarint((ulong)value.Length);
        bytes.AddRange(value);
        return this;
    }

    /// <summary>Adds a text.</summary>
    public ProtobufMessage Add(int field, string value) => Add(field, (ReadOnlySpan<byte>)Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a message, as it is now.</summary>
    public ProtobufMessage Add(int field, ProtobufMessage value) => Add(field, (ReadOnlySpan<byte>)value.ToArray());

    public byte[] ToArray() => [.. bytes];

    private void WriteKey(int field, int type) => WriteVarint((ulong)((field << 3) | type));

    // Seven bits a byte, the lowest first; the eighth bit says that more follow.
    private void WriteVarint(ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        bytes.Add((byte)value);
    }
}
