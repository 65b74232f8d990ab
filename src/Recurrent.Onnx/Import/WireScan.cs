using System.Globalization;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>
/// Walks over the bytes of a file before anything is made of them: every length lies inside what is around it, nothing is nested
/// too deep, and the number of parts is bounded, each of which takes more room than its bytes.
/// </summary>
internal ref struct WireScan
{
    private const int DeepestGraph = 16;
    private const int MostParts = 1 << 20;
    private const long MostNumbers = 1L << 26;

    private readonly ReadOnlySpan<byte> file;
    private int parts;
    private long numbers;

    private WireScan(ReadOnlySpan<byte> file) => this.file = file;

    private enum Kind
    {
        Model,
        Graph,
        Node,
        Attribute,
        Tensor,
        Value,
        Other,
    }

    /// <summary>Walks over a file.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or has more parts than can be read.</exception>
    public static void Check(ReadOnlySpan<byte> file) => new WireScan(file).Message(0, file.Length, Kind.Model, 0);

    private void Message(int start, int end, Kind kind, int depth)
    {
        if (depth > 4 * DeepestGraph)
        {
            throw At(start, "graphs are nested too deep");
        }

        int place = start;
        while (place < end)
        {
            int at = place;
            ulong tag = Varint(ref place, end);
            int field = tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw At(at, "there is no field of that number");
            switch (tag & 7)
            {
                case 0:
                    _ = Varint(ref place, end);
                    Count(1, at);
                    break;
                case 1:
                    place = Skip(place, 8, end);
                    Count(1, at);
                    break;
                case 5:
                    place = Skip(place, 4, end);
                    Count(1, at);
                    break;
                case 2:
                    ulong length = Varint(ref place, end);
                    if (length > (ulong)(end - place))
                    {
                        throw At(at, string.Create(CultureInfo.InvariantCulture,
                            $"a part of {length} bytes begins, but {end - place} are left. Was the file cut off while it was "
                            + $"copied?"));
                    }

                    Part(place, place + (int)length, kind, field, depth, at);
                    place += (int)length;
                    break;
                default:
                    throw At(at, "this is no field of the format");
            }
        }
    }

    private void Part(int start, int end, Kind kind, int field, int depth, int at)
    {
        if (++parts > MostParts)
        {
            throw At(at, string.Create(CultureInfo.InvariantCulture,
                $"there are more than {MostParts} nodes, names and attributes"));
        }

        Kind? inner = (kind, field) switch
        {
            (Kind.Model, 7) => Kind.Graph,
            (Kind.Model, 8 or 14 or 25) => Kind.Other,
            (Kind.Graph, 1) => Kind.Node,
            (Kind.Graph, 5) => Kind.Tensor,
            (Kind.Graph, 11 or 12) => Kind.Value,
            (Kind.Graph, 15) => Kind.Other,
            (Kind.Node, 5) => Kind.Attribute,
            (Kind.Attribute, 5) => Kind.Tensor,
            (Kind.Attribute, 6) => Kind.Graph,
            (Kind.Value, 2) => Kind.Value,
            (Kind.Value, 1) when depth > 2 => null,
            _ => null,
        };
        if (inner is { } known)
        {
            if (known == Kind.Graph && depth > DeepestGraph * 3)
            {
                throw At(at, "graphs are nested too deep");
            }

            Message(start, end, known, depth + 1);
        }
        else if (!(kind == Kind.Tensor && field == 9))
        {
            // Numbers that are packed take up to eight bytes each, of one in the file.
            Count(end - start, at);
        }
    }

    private void Count(long count, int at)
    {
        numbers += count;
        if (numbers > MostNumbers)
        {
            throw At(at, string.Create(CultureInfo.InvariantCulture,
                $"there are more than {MostNumbers} bytes of numbers and names that are not raw data"));
        }
    }

    private static int Skip(int place, int count, int end) => end - place >= count ? place + count
        : throw At(place, "a number begins, but the file ends. Was it cut off while it was copied?");

    private readonly ulong Varint(ref int place, int end)
    {
        ulong value = 0;
        int start = place;
        for (int shift = 0; shift < 70 && place < end; shift += 7)
        {
            byte next = file[place++];
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw At(start, place >= end ? "a number begins, but the file ends. Was it cut off while it was copied?"
            : "a number has too many bytes");
    }

    private static ModelFormatException At(int place, string problem) => new(
        string.Create(CultureInfo.InvariantCulture, $"byte {place}"), $"This ONNX file is damaged: {problem}.");
}
