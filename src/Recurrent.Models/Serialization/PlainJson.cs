using System.Globalization;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>Writes plain values as JSON, in the order in which they are given.</summary>
internal static class PlainJson
{
    /// <summary>One line of an object.</summary>
    /// <param name="entries">Keys and values: null, flags, numbers, texts, lists (arrays of objects) and objects (arrays of
    /// pairs).</param>
    public static string Write(IReadOnlyList<KeyValuePair<string, object?>> entries)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var json = new JsonTextWriter(text) { Culture = CultureInfo.InvariantCulture };
        Value(json, entries);
        json.Flush();
        return text.ToString();
    }

    private static void Value(JsonTextWriter json, object? value)
    {
        switch (value)
        {
            case IReadOnlyList<KeyValuePair<string, object?>> entries:
                json.WriteStartObject();
                foreach ((string key, object? inner) in entries)
                {
                    json.WritePropertyName(key);
                    Value(json, inner);
                }

                json.WriteEndObject();
                break;
            case Dictionary<string, object?> entries:
                Value(json, entries.ToArray());
                break;
            case IReadOnlyList<object?> items:
                json.WriteStartArray();
                foreach (object? item in items)
                {
                    Value(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteValue(value);
                break;
        }
    }
}
