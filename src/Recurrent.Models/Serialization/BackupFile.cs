using Newtonsoft.Json;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>What a run that may be killed leaves behind to go on from.</summary>
/// <param name="Settings">What must be the same in the run that goes on: the model, its data, the options.</param>
/// <param name="Weights">Every parameter.</param>
/// <param name="Training">How far training has come, and what the optimizer remembers.</param>
/// <param name="Run">How far the run has come, and what callbacks have counted.</param>
/// <param name="Arrays">What else is large: copies of weights, states that go from batch to batch.</param>
internal sealed record BackupFile(
    Config Settings, IReadOnlyList<StoredArray> Weights, TrainingState Training, Config Run, IReadOnlyList<StoredArray> Arrays)
{
    /// <summary>Writes the file. The stream stays open.</summary>
    public void Write(Stream stream)
    {
        using StreamWriter text = ModelFileWriter.Text(stream);
        using JsonTextWriter json = ModelFileWriter.Open(text, indented: false);
        FileFormat.Backup.Begin(json);
        json.WritePropertyName("dtype");
        json.WriteValue(ComponentWriter.RealName);
        json.WritePropertyName("settings");
        ConfigFile.Write(json, Settings, "settings");
        ModelFileWriter.WriteArrays(json, "weights", Weights, plainNumbers: false);
        json.WritePropertyName("training");
        ModelFileWriter.WriteTraining(json, Training, plainNumbers: false);
        json.WritePropertyName("run");
        ConfigFile.Write(json, Run, "run");
        ModelFileWriter.WriteArrays(json, "states", Arrays, plainNumbers: false);
        json.WriteEndObject();
    }

    /// <summary>Reads a file to the end of the stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The content is not that of a backup.</exception>
    public static BackupFile Read(Stream stream, ReadLimits limits)
    {
        JsonNode root = JsonTree.Read(stream, limits);
        FileFormat.Backup.Require(root);
        root.Allow("format", "format_version", "dtype", "settings", "weights", "training", "run", "states");
        bool wide = FileFormat.IsWide(root["dtype"]);
        return new(
            ConfigFile.ReadConfig(root["settings"]),
            ModelFileReader.ReadArrays(root["weights"], wide, "trainable", "trained"),
            ModelFileReader.ReadTraining(root["training"], wide),
            ConfigFile.ReadConfig(root["run"]),
            ModelFileReader.ReadArrays(root["states"], wide));
    }
}
