using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>Numbers with a name and a shape, as a model file holds them.</summary>
/// <param name="Name">What they are: <c>lstm/lstm_cell/kernel</c>.</param>
/// <param name="Shape">Length of every axis, slowest first.</param>
/// <param name="Values">The numbers in row-major order.</param>
internal sealed record StoredArray(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<Real> Values)
{
    private const int MaxRank = 8;

    /// <summary>Where the array stands in the document that it was read from.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Reads an array: everything about it is checked against the numbers present before memory is asked for.</summary>
    /// <param name="node">The array.</param>
    /// <param name="wide">Whether numbers in base64 have 64 bits.</param>
    public static StoredArray Read(JsonNode node, bool wide)
    {
        node.Allow("name", "shape", "data");
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
        Real[] values = data.Value switch
        {
            double[] numbers => FromNumbers(data, numbers, size),
            string text => FromBase64(data, text, size, wide),
            _ => throw data.Fail("expected numbers in base64, or a list of numbers."),
        };
        return new(node["name"].Text(), shape, values) { Path = node.Path };
    }

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
        json.WritePropertyName("data");
        if (plainNumbers)
        {
            json.WriteStartArray();
            foreach (Real value in Values.Span)
            {
                json.WriteValue(value);
            }

            json.WriteEndArray();
        }
        else
        {
            json.WriteValue(ToBytes(Values.Span));
        }

        json.WriteEndObject();
    }

    private static Real[] FromNumbers(JsonNode data, double[] numbers, long size)
    {
        RequireSize(data, numbers.Length, size);
        var values = new Real[numbers.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Finite(data, numbers[i], i);
        }

        return values;
    }

    private static Real[] FromBase64(JsonNode data, string text, long size, bool wide)
    {
        int width = wide ? sizeof(double) : sizeof(float);
        if (size > Array.MaxLength / width || text.Length != ((size * width) + 2) / 3 * 4)
        {
            throw data.Fail(FormattableString.Invariant(
                $"{text.Length} characters of base64 are not the {size} numbers of {width} bytes that the shape asks for."));
        }

        byte[] bytes = new byte[size * width];
        if (!Convert.TryFromBase64String(text, bytes, out int count) || count != bytes.Length)
        {
            throw data.Fail("the base64 is broken.");
        }

        var values = new Real[size];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> number = bytes.AsSpan(i * width, width);
            values[i] = Finite(
                data, wide ? BinaryPrimitives.ReadDoubleLittleEndian(number) : BinaryPrimitives.ReadSingleLittleEndian(number), i);
        }

        return values;
    }

    private static void RequireSize(JsonNode data, long found, long size)
    {
        if (found != size)
        {
            throw data.Fail(FormattableString.Invariant($"there are {found} numbers, but the shape asks for {size}."));
        }
    }

    private static Real Finite(JsonNode data, double number, int index) => Real.IsFinite((Real)number)
        ? (Real)number
        : throw data.Fail(FormattableString.Invariant($"number {index} is not finite, or too large for {ComponentWriter.RealName}."));

    private static byte[] ToBytes(ReadOnlySpan<Real> values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < bytes.Length; i += sizeof(Real))
            {
                bytes.AsSpan(i, sizeof(Real)).Reverse();
            }
        }

        return bytes;
    }
}
