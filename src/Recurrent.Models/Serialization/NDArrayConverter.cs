using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Recurrent.Serialization;

/// <summary>
/// Writes an <see cref="NDArray"/> as nested lists of numbers, as Python's <c>tolist()</c> does, and reads it back; for programs
/// that exchange arrays as JSON. An array without values is <c>{"shape": [0, 3], "values": []}</c>, which keeps its axes.
/// </summary>
/// <remarks>
/// Models have files of their own (<c>Model.Save</c>). What is read here is as large as its text; take texts of strangers through
/// a limit.
/// </remarks>
/// <example><code>
/// string json = JsonConvert.SerializeObject(forecast, new NDArrayConverter());       // [[0.5],[0.7]]
/// NDArray x = JsonConvert.DeserializeObject&lt;NDArray&gt;(json, new NDArrayConverter())!;
/// </code></example>
public sealed class NDArrayConverter : JsonConverter<NDArray>
{
    /// <summary>Lists in lists in lists: more axes than any array has that a layer takes.</summary>
    private const int MostAxes = 16;

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, NDArray? value, JsonSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is null)
        {
            writer.WriteNull();
        }
        else if (value.Size == 0 && value.Rank > 1)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("shape");
            writer.WriteStartArray();
            foreach (int axis in value.Shape)
            {
                writer.WriteValue(axis);
            }

            writer.WriteEndArray();
            writer.WritePropertyName("values");
            writer.WriteStartArray();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        else
        {
            int place = 0;
            Write(writer, value, 0, ref place);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="JsonSerializationException">The JSON is no array of numbers, or its rows differ in length; the message
    /// says where.</exception>
    public override NDArray? ReadJson(JsonReader reader, Type objectType, NDArray? existingValue, bool hasExistingValue,
        JsonSerializer serializer)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.TokenType == JsonToken.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonToken.StartObject)
        {
            return ReadObject(reader);
        }

        var shape = new List<int>();
        var values = new List<Real>();
        Read(reader, shape, values, 0);
        shape.RemoveAll(axis => axis < 0);
        return new NDArray(shape, [.. values]);
    }

    private static void Write(JsonWriter writer, NDArray array, int axis, ref int place)
    {
        if (axis == array.Rank)
        {
            writer.WriteValue(array.Values[place++]);
            return;
        }

        writer.WriteStartArray();
        for (int i = 0; i < array.Shape[axis]; i++)
        {
            Write(writer, array, axis + 1, ref place);
        }

        writer.WriteEndArray();
    }

    private static NDArray ReadObject(JsonReader reader)
    {
        string path = reader.Path;
        JObject read = JObject.Load(reader);
        int[]? shape = (read["shape"] as JArray)?.Select(axis => axis.Type == JTokenType.Integer ? (long)axis : -1)
            .Select(axis => axis is >= 0 and <= int.MaxValue ? (int)axis : -1).ToArray();
        JToken[]? values = (read["values"] as JArray)?.ToArray();
        if (shape is null || values is null || shape.Contains(-1) || shape.Length > MostAxes || read.Count != 2)
        {
            throw Problem(path, "an object must be {\"shape\": [axes], \"values\": [numbers]}");
        }

        try
        {
            return new NDArray(shape,
                [.. values.Select(value => Number(value.Type.ToString(), ((JValue)value).Value, value.Path))]);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidCastException)
        {
            throw new JsonSerializationException($"NDArray at '{path}': {exception.Message}", exception);
        }
    }

    /// <summary>Reads a value at a depth; the first of each depth says how long the axis is.</summary>
    private static void Read(JsonReader reader, List<int> shape, List<Real> values, int depth)
    {
        if (reader.TokenType != JsonToken.StartArray)
        {
            if (depth < shape.Count)
            {
                throw Problem(reader.Path, FormattableString.Invariant($"a number stands where a list should, at depth {depth}"));
            }

            values.Add(Number(reader.TokenType.ToString(), reader.Value, reader.Path));
            return;
        }

        if (depth == MostAxes || (depth == shape.Count && values.Count > 0))
        {
            throw Problem(reader.Path, FormattableString.Invariant($"a list stands where a number should, at depth {depth}"));
        }

        bool first = depth == shape.Count;
        if (first)
        {
            shape.Add(-1);
        }

        int count = 0;
        while (reader.Read() && reader.TokenType != JsonToken.EndArray)
        {
            if (reader.TokenType == JsonToken.Comment)
            {
                continue;
            }

            Read(reader, shape, values, depth + 1);
            count++;
        }

        if (reader.TokenType != JsonToken.EndArray)
        {
            throw Problem(reader.Path, "the text ends inside a list");
        }

        if (shape[depth] < 0)
        {
            shape[depth] = count;
        }
        else if (shape[depth] != count)
        {
            throw Problem(reader.Path, string.Create(CultureInfo.InvariantCulture, $"a list of {count} stands beside one of "
                + $"{shape[depth]}. All rows must have the same length"));
        }
    }

    private static Real Number(string kind, object? value, string path) => value switch
    {
        long whole when (long)(Real)whole == whole => whole,
        long whole =>
        throw Problem(path, FormattableString.Invariant($"{whole} is a whole number of which a float would lose digits")),
        double number when !Real.IsFinite((Real)number) && double.IsFinite(number) =>
            throw Problem(path, FormattableString.Invariant($"{number} is beyond the largest float")),
        double number => (Real)number,
        decimal number => (Real)number,
        "NaN" => Real.NaN,
        "Infinity" => Real.PositiveInfinity,
        "-Infinity" => Real.NegativeInfinity,
        _ => throw Problem(path,
            string.Create(CultureInfo.InvariantCulture, $"a number is expected, but {kind.ToLowerInvariant()} '{value}' came")),
    };

    private static JsonSerializationException Problem(string path, string problem) =>
        new($"NDArray at '{path}': {problem}.");
}
