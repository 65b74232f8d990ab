using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>Writes the states of sessions.</summary>
internal static class SessionFileWriter
{
    /// <summary>Writes a file. The stream stays open.</summary>
    public static void Write(Stream stream, SessionFile file)
    {
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            1 << 16, leaveOpen: true);
        using var json = new JsonTextWriter(text)
        {
            CloseOutput = false,
            Culture = CultureInfo.InvariantCulture,
            StringEscapeHandling = StringEscapeHandling.EscapeNonAscii,
        };
        FileFormat.Session.Begin(json);
        json.WritePropertyName("dtype");
        json.WriteValue(ComponentWriter.RealName);
        json.WritePropertyName("layers");
        json.WriteStartArray();
        foreach (string layer in file.Layers)
        {
            json.WriteValue(layer);
        }

        json.WriteEndArray();
        json.WritePropertyName("sequences");
        json.WriteValue(file.Sequences);
        json.WritePropertyName("steps");
        json.WriteValue(file.Steps);
        json.WritePropertyName("states");
        json.WriteStartArray();
        foreach (StoredArray state in file.States)
        {
            state.Write(json, plainNumbers: false);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
