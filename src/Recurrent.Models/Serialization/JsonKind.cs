using System.Globalization;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>What a JSON file is, by its first keys.</summary>
internal static class JsonKind
{
    private const int MostKeys = 100;

    /// <summary>What the key <c>format</c> says, or the first key that says enough: <c>class_name</c>, <c>config</c>,
    /// <c>layers</c>, <c>modelTopology</c>, <c>weightsManifest</c>; null where there is none of them.</summary>
    /// <param name="stream">The file, which is read no further than it is needed.</param>
    public static string? Of(Stream stream)
    {
        using var text = new StreamReader(stream, leaveOpen: true);
        using var json = new JsonTextReader(text) { CloseInput = false, Culture = CultureInfo.InvariantCulture, MaxDepth = 128 };
        try
        {
            if (!json.Read() || json.TokenType != JsonToken.StartObject)
            {
                return null;
            }

            for (int i = 0; i < MostKeys && json.Read() && json.TokenType == JsonToken.PropertyName; i++)
            {
                string key = (string)json.Value!;
                if (key == "format")
                {
                    return json.ReadAsString();
                }

                if (key is "class_name" or "config" or "layers" or "modelTopology" or "weightsManifest")
                {
                    return key;
                }

                json.Read();
                json.Skip();
            }
        }
        catch (JsonException)
        {
            // What is wrong with it, its reader says better.
        }

        return null;
    }
}
