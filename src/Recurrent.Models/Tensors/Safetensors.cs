using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>
/// The format safetensors: eight bytes that say how long the header is, the header, a JSON object with dtype, shape and place of
/// each tensor, and the numbers in a row.
/// </summary>
internal static class Safetensors
{
    private const int Prefix = 8;
    private const int Alignment = 8;
    private const long MostHeader = 100_000_000;
    private const int MostTensors = 100_000;
    private const string Metadata = "__metadata__";

    /// <summary>Reads what a file says of its tensors.</summary>
    /// <param name="file">The file; tensors read from it later.</param>
    /// <param name="limits">How large it may be.</param>
    /// <exception cref="ModelFormatException">It is no such file.</exception>
    public static TensorContent Read(ByteSource file, ReadLimits limits)
    {
        long length = file.Length;
        Span<byte> prefix = stackalloc byte[Prefix];
        file.Read(0, prefix);
        ulong claimed = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (claimed > MostHeader || (long)claimed > length - Prefix)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The safetensors file says that its header has {claimed} bytes, but {length - Prefix} follow (and "
                + $"{MostHeader} are allowed). Was it cut off while it was written or copied?"));
        }

        var header = new byte[claimed];
        file.Read(Prefix, header);
        JsonNode root = JsonTree.Read(new MemoryStream(header, writable: false), limits, MostTensors);
        long data = Prefix + (long)claimed;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new List<StoredTensor>();
        var places = new List<(long Start, long End, JsonNode Node)>();
        foreach (string key in root.Entries.Keys)
        {
            JsonNode node = root[key];
            if (key != Metadata)
            {
                tensors.Add(Tensor(key, node, file, data, length - data, places));
                continue;
            }

            foreach (string name in node.Entries.Keys)
            {
                metadata.Add(name, node[name].Text());
            }
        }

        RequireNoHoles(places, length - data);
        return new("safetensors", metadata, tensors);
    }

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="tensors">The tensors, in the order in which they are to stand.</param>
    /// <param name="metadata">Texts about them.</param>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new List<KeyValuePair<string, object?>>();
        if (metadata.Count > 0)
        {
            entries.Add(new(
                Metadata, metadata.Select(pair => new KeyValuePair<string, object?>(pair.Key, pair.Value)).ToArray()));
        }

        long offset = 0;
        foreach (NamedTensor tensor in tensors)
        {
            long end = offset + tensor.Bytes;
            entries.Add(new(tensor.Name, new KeyValuePair<string, object?>[]
            {
                new("dtype", Code(tensor.Type)),
                new("shape", tensor.Shape.Select(axis => (object?)axis).ToArray()),
                new("data_offsets", new object?[] { offset, end }),
            }));
            offset = end;
        }

        byte[] header = Encoding.UTF8.GetBytes(PlainJson.Write([.. entries]));
        int padding = (Alignment - header.Length % Alignment) % Alignment;
        Span<byte> prefix = stackalloc byte[Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length + padding);
        stream.Write(prefix);
        stream.Write(header);
        stream.Write("        "u8[..padding]);
        foreach (NamedTensor tensor in tensors)
        {
            tensor.WriteTo(stream);
        }
    }

    private static StoredTensor Tensor(
        string name, JsonNode node, ByteSource file, long data, long length, List<(long Start, long End, JsonNode Node)> places)
    {
        node.Allow("dtype", "shape", "data_offsets");
        ElementType type = TypeOf(node["dtype"]);
        IReadOnlyList<JsonNode> axes = node["shape"].Items;
        if (axes.Count > StoredTensor.MostAxes)
        {
            throw node["shape"].Fail("the shape has too many axes.");
        }

        int[] shape = [.. axes.Select(axis => (int)axis.Whole(0, int.MaxValue))];
        JsonNode place = node["data_offsets"];
        if (place.Items.Count != 2)
        {
            throw place.Fail("expected where the numbers begin and where they end.");
        }

        long start = place.Items[0].Whole(0, length);
        long end = place.Items[1].Whole(start, length);
        long bytes = StoredTensor.SizeOf(name, shape) * type.Width;
        if (end - start != bytes)
        {
            throw place.Fail(string.Create(CultureInfo.InvariantCulture,
                $"{end - start} bytes are not the {bytes} that {NDArray.Describe(shape)} numbers of {type.Name} take."));
        }

        places.Add((start, end, place));
        return new(name, type, shape, new FileStorage(file.Part(data + start, end - start)));
    }

    /// <summary>As the format asks: every byte behind the header belongs to one tensor, and to no other.</summary>
    private static void RequireNoHoles(List<(long Start, long End, JsonNode Node)> places, long length)
    {
        long next = 0;
        foreach ((long start, long end, JsonNode node) in places.OrderBy(place => place.Start).ThenBy(place => place.End))
        {
            if (start != next)
            {
                throw node.Fail(start < next
                    ? FormattableString.Invariant(
                        $"the numbers begin at {start}, where those of another tensor are, up to {next}.")
                    : FormattableString.Invariant(
                        $"the numbers begin at {start}, and those before end at {next}: the bytes between are of no tensor."));
            }

            next = end;
        }

        if (next != length)
        {
            throw new ModelFormatException(string.Create(CultureInfo.InvariantCulture,
                $"{length} bytes of numbers follow the header, but the tensors are {next}."));
        }
    }

    private static ElementType TypeOf(JsonNode code) => code.Text() switch
    {
        "F64" => ElementType.Float64,
        "F32" => ElementType.Float32,
        "F16" => ElementType.Float16,
        "BF16" => ElementType.BFloat16,
        "I64" => ElementType.Int64,
        "I32" => ElementType.Int32,
        "I16" => ElementType.Int16,
        "I8" => ElementType.Int8,
        "U64" => ElementType.UInt64,
        "U32" => ElementType.UInt32,
        "U16" => ElementType.UInt16,
        "U8" => ElementType.UInt8,
        "BOOL" => ElementType.Bool,
        string other => throw code.Fail($"numbers of the type '{other}' are not read here. Known: F64, F32, F16, BF16, I64, I32, "
            + "I16, I8, U64, U32, U16, U8, BOOL."),
    };

    private static string Code(ElementType type) => type.Name switch
    {
        "float64" => "F64",
        "float32" => "F32",
        _ => "I64",
    };
}

/// <summary>A tensor to be written: numbers of the library's own, or one whole number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Values">The numbers, row by row; null for a whole number.</param>
internal sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, Real[]? Values)
{
    /// <summary>The whole number.</summary>
    public long Whole { get; init; }

    /// <summary>What its numbers are.</summary>
    public ElementType Type => Values is null ? ElementType.Int64 : ElementType.OfReal;

    /// <summary>Number of numbers.</summary>
    public long Count => Values?.Length ?? 1;

    /// <summary>Number of bytes.</summary>
    public long Bytes => Count * Type.Width;

    /// <summary>Writes the numbers, little-endian.</summary>
    public void WriteTo(Stream stream)
    {
        if (Values is null)
        {
            Span<byte> one = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(one, Whole);
            stream.Write(one);
        }
        else if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes<Real>(Values));
        }
        else
        {
            foreach (Real value in Values)
            {
                byte[] bytes = BitConverter.GetBytes(value);
                Array.Reverse(bytes);
                stream.Write(bytes);
            }
        }
    }
}
