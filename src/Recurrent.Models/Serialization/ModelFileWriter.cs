using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>Writes model files and architectures.</summary>
internal static class ModelFileWriter
{
    /// <summary>The architecture as a text, in Keras's words.</summary>
    public static string Write(Architecture architecture, bool indented)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (JsonTextWriter json = Open(text, indented))
        {
            new ArchitectureWriter(json).Write(architecture);
        }

        return text.ToString();
    }

    /// <summary>Writes a file. The stream stays open.</summary>
    public static void Write(Stream stream, ModelFile file, bool plainNumbers)
    {
        using StreamWriter text = Text(stream);
        using JsonTextWriter json = Open(text, indented: false);
        FileFormat.Model.Begin(json, VersionOf(file));
        json.WritePropertyName("library_version");
        json.WriteValue(typeof(ModelFileWriter).Assembly.GetName().Version?.ToString(3));
        json.WritePropertyName("dtype");
        json.WriteValue(ComponentWriter.RealName);
        json.WritePropertyName("seed");
        json.WriteValue(file.Seed);
        if (file.Seeds is { } seeds)
        {
            json.WritePropertyName("seeds");
            json.WriteStartArray();
            foreach (long seed in seeds)
            {
                json.WriteValue(seed);
            }

            json.WriteEndArray();
        }

        json.WritePropertyName("model");
        new ArchitectureWriter(json).Write(file.Architecture);
        WriteArrays(json, "weights", file.Weights, plainNumbers);
        json.WritePropertyName("training");
        if (file.Training is null)
        {
            json.WriteNull();
        }
        else
        {
            WriteTraining(json, file.Training, plainNumbers);
        }

        json.WriteEndObject();
    }

    /// <summary>The oldest version that has all that is in the file.</summary>
    private static long VersionOf(ModelFile file) =>
        file.Architecture.Shared.Count > 0 ? FileFormat.Model.Version
        : file.Seeds is not null || file.Weights.Any(array => array.Trainable is not null || array.Trained is not null) ? 2
        : 1;

    /// <summary>Writes how far training has come.</summary>
    internal static void WriteTraining(JsonTextWriter json, TrainingState training, bool plainNumbers)
    {
        json.WriteStartObject();
        json.WritePropertyName("epochs");
        json.WriteValue(training.Epochs);
        json.WritePropertyName("steps");
        json.WriteValue(training.Steps);
        json.WritePropertyName("iterations");
        json.WriteValue(training.Iterations);
        WriteArrays(json, "slots", training.Slots, plainNumbers);
        json.WriteEndObject();
    }

    /// <summary>A text in a stream, which stays open.</summary>
    internal static StreamWriter Text(Stream stream) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);

    /// <summary>Writes a list of arrays under a key.</summary>
    internal static void WriteArrays(JsonTextWriter json, string key, IReadOnlyList<StoredArray> arrays, bool plainNumbers)
    {
        json.WritePropertyName(key);
        json.WriteStartArray();
        foreach (StoredArray array in arrays)
        {
            array.Write(json, plainNumbers);
        }

        json.WriteEndArray();
    }

    // All in ASCII, as Python does.
    internal static JsonTextWriter Open(TextWriter text, bool indented)
    {
        text.NewLine = "\n";
        return new JsonTextWriter(text)
        {
            CloseOutput = false,
            Culture = CultureInfo.InvariantCulture,
            Formatting = indented ? Formatting.Indented : Formatting.None,
            StringEscapeHandling = StringEscapeHandling.EscapeNonAscii,
        };
    }
}
