using System.Buffers.Binary;
using Google.Protobuf;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <summary>The large arrays of a file, which are left where they stand while the rest of it becomes messages: the library for
/// messages would copy each.</summary>
/// <param name="file">The file, over which <see cref="WireScan"/> has walked.</param>
internal sealed class RawData(byte[] file)
{
    // What is left in place of an array is as long as this, and no array that is left as it is.
    private const int Large = 1 << 12;
    private const int NumbersOfTensor = 9;

    private readonly List<(int Start, int Length)> arrays = [];

    private enum Kind
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        Other,
    }

    /// <summary>The file with marks in place of large arrays.</summary>
    public byte[] Rest()
    {
        if (file.Length < Large)
        {
            return file;
        }

        using var rest = new MemoryStream();
        Message(rest, 0, file.Length, Kind.Model);
        return arrays.Count == 0 ? file : rest.ToArray();
    }

    /// <summary>Puts an array back where its mark is.</summary>
    public void Return(TensorProto tensor)
    {
        if (tensor.RawData.Length >= Large && arrays.Count > 0)
        {
            (int start, int length) = arrays[BinaryPrimitives.ReadInt32LittleEndian(tensor.RawData.Span)];
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(file.AsMemory(start, length));
        }
    }

    private static Kind Inner(Kind kind, int field) => (kind, field) switch
    {
        (Kind.Model, 7) or (Kind.Attribute, 6) => Kind.Graph,
        (Kind.Graph, 1) => Kind.Node,
        (Kind.Node, 5) => Kind.Attribute,
        (Kind.Graph, 5) or (Kind.Attribute, 5) => Kind.Tensor,
        _ => Kind.Other,
    };

    private void Message(MemoryStream to, int start, int end, Kind kind)
    {
        int copied = start;
        int place = start;
        while (place < end)
        {
            int at = place;
            ulong tag = Varint(ref place);
            switch (tag & 7)
            {
                case 0:
                    _ = Varint(ref place);
                    continue;
                case 1:
                    place += sizeof(long);
                    continue;
                case 5:
                    place += sizeof(int);
                    continue;
            }

            int length = (int)Varint(ref place);
            int next = place + length;
            bool isArray = kind == Kind.Tensor && tag >> 3 == NumbersOfTensor;
            Kind inner = Inner(kind, (int)(tag >> 3));
            if (length >= Large && (isArray || inner != Kind.Other))
            {
                to.Write(file, copied, at - copied);
                copied = next;
                Write(to, tag);
                if (isArray)
                {
                    Write(to, Large);
                    var mark = new byte[Large];
                    BinaryPrimitives.WriteInt32LittleEndian(mark, arrays.Count);
                    to.Write(mark);
                    arrays.Add((place, length));
                }
                else
                {
                    using var part = new MemoryStream();
                    Message(part, place, next, inner);
                    Write(to, (ulong)part.Length);
                    part.WriteTo(to);
                }
            }

            place = next;
        }

        to.Write(file, copied, end - copied);
    }

    private ulong Varint(ref int place)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = file[place++];
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static void Write(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            to.WriteByte((byte)(value | 0x80));
        }

        to.WriteByte((byte)value);
    }
}
