using System.Runtime.InteropServices;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>Numbers with a name and a shape, as a file holds them: read from one, or to be written to one.</summary>
internal sealed class StoredArray
{
    /// <summary>Most axes of an array.</summary>
    public const int MaxRank = 32;

    // What is encoded at a time: small enough to be no large object, and without rest when cut by three.
    private const int PieceSize = 24 << 10;

    private readonly ReadOnlyMemory<Real> values;
    private readonly ArrayBytes? bytes;
    private readonly int width = sizeof(Real);

    /// <summary>An array to be written.</summary>
    /// <param name="name">What it is: <c>lstm/lstm_cell/kernel</c>.</param>
    /// <param name="shape">Length of every axis, slowest first.</param>
    /// <param name="values">The numbers in row-major order.</param>
    public StoredArray(string name, IReadOnlyList<int> shape, ReadOnlyMemory<Real> values)
    {
        Name = name;
        Shape = shape;
        this.values = values;
        Count = values.Length;
    }

    private StoredArray(JsonNode node, string name, int[] shape, ArrayBytes bytes, int width)
    {
        Path = node.Path;
        Name = name;
        Shape = shape;
        this.bytes = bytes;
        this.width = width;
        Count = bytes.Length / width;
    }

    /// <summary>What the numbers are.</summary>
    public string Name { get; }

    /// <summary>Length of every axis, slowest first.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Number of numbers.</summary>
    public long Count { get; }

    /// <summary>Where the array stands in the document that it was read from.</summary>
    public string Path { get; } = string.Empty;

    /// <summary>What a file says of the parameter beside its numbers; null where it says what follows from the layers.</summary>
    public bool? Trainable { get; init; }

    /// <summary>Whether the optimizer trains the parameter, where that is not what <see cref="Trainable"/> says; else
    /// null.</summary>
    public bool? Trained { get; init; }

    /// <summary>Reads an array: everything about it is checked against the numbers present before memory is asked for.</summary>
    /// <param name="node">The array.</param>
    /// <param name="wide">Whether numbers in base64 have 64 bits.</param>
    /// <param name="keys">The keys that it may have beside name, shape and data.</param>
    public static StoredArray Read(JsonNode node, bool wide, params string[] keys)
    {
        node.Allow(["name", "shape", "data", .. keys]);
        JsonNode axes = node["shape"];
        int[] shape = [.. axes.Items.Select(axis => (int)axis.Whole(1, int.MaxValue))];
        if (shape.Length > MaxRank)
        {
            throw axes.Fail("the shape has too many axes.");
        }

        long size = 1;
        foreach (int axis in shape)
        {
            size = size <= Array.MaxLength ? size * axis : long.MaxValue;
        }

        JsonNode data = node["data"];
        ArrayBytes bytes = data.Value as ArrayBytes ?? throw data.Fail("expected numbers in base64, or a list of numbers.");
        int width = bytes.ArePlain ? sizeof(Real) : wide ? sizeof(double) : sizeof(float);
        if (size > Array.MaxLength || bytes.Length != size * width)
        {
            throw data.Fail(bytes.ArePlain
                ? FormattableString.Invariant($"there are {bytes.Length / width} numbers, but the shape asks for {size}.")
                : FormattableString.Invariant(
                $"{bytes.Length} bytes in base64 are not the {size} numbers of {width} bytes that the shape asks for."));
        }

        if (bytes.IndexOfNotFinite(width) is >= 0 and var index)
        {
            throw data.Fail(
                FormattableString.Invariant($"number {index} is not finite, or too large for {ComponentWriter.RealName}."));
        }

        return new(node, node["name"].Text(), shape, bytes, width)
        {
            Trainable = node.Optional("trainable")?.Flag(),
            Trained = node.Optional("trained")?.Flag(),
        };
    }

    /// <summary>Copies the numbers.</summary>
    /// <param name="target">Receives them; as long as there are numbers.</param>
    public void CopyTo(Span<Real> target)
    {
        if (bytes is null)
        {
            values.Span.CopyTo(target);
        }
        else
        {
            bytes.CopyTo(target, width);
        }
    }

    /// <summary>A copy of the numbers.</summary>
    public Real[] ToArray()
    {
        Real[] copy = LargeArrays.Create(Count);
        CopyTo(copy);
        return copy;
    }

    /// <summary>The numbers of an array from a document, which is of no use any more then.</summary>
    public Real[] Take() => bytes?.Take(width)
        ?? (MemoryMarshal.TryGetArray(values, out ArraySegment<Real> own) && own.Array!.Length == own.Count ? own.Array
            : ToArray());

    /// <summary>Writes the array.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="plainNumbers">Whether as a list of numbers, and not in base64.</param>
    public void Write(JsonWriter json, bool plainNumbers)
    {
        json.WriteStartObject();
        json.WritePropertyName("name");
        json.WriteValue(Name);
        json.WritePropertyName("shape");
        json.WriteStartArray();
        foreach (int axis in Shape)
        {
            json.WriteValue(axis);
        }

        json.WriteEndArray();
        WriteFlag(json, "trainable", Trainable);
        WriteFlag(json, "trained", Trained);
        json.WritePropertyName("data");
        if (plainNumbers)
        {
            json.WriteStartArray();
            foreach (Real value in values.Span)
            {
                json.WriteValue(value);
            }

            json.WriteEndArray();
        }
        else
        {
            WriteBase64(json);
        }

        json.WriteEndObject();
    }

    private static void WriteFlag(JsonWriter json, string key, bool? flag)
    {
        if (flag is not null)
        {
            json.WritePropertyName(key);
            json.WriteValue(flag);
        }
    }

    // Piece by piece: a text has no more than 2³⁰ characters, and an array may have more.
    private void WriteBase64(JsonWriter json)
    {
        json.WriteRawValue("\"");
        for (int start = 0; start < values.Length; start += PieceSize / sizeof(Real))
        {
            ReadOnlySpan<Real> piece = values.Span.Slice(start, Math.Min(PieceSize / sizeof(Real), values.Length - start));
            json.WriteRaw(Convert.ToBase64String(LittleEndian(piece)));
        }

        json.WriteRaw("\"");
    }

    private static ReadOnlySpan<byte> LittleEndian(ReadOnlySpan<Real> piece)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes(piece);
        }

        byte[] turned = MemoryMarshal.AsBytes(piece).ToArray();
        for (int i = 0; i < turned.Length; i += sizeof(Real))
        {
            turned.AsSpan(i, sizeof(Real)).Reverse();
        }

        return turned;
    }
}
