using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Text;

/// <content>Files.</content>
public sealed partial class TextClassifier
{
    /// <summary>Writes model, tokenizer and names of classes as one JSON file.</summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays if anything fails.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="InvalidOperationException">A weight is not finite, or no reader could take the file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, bool includeOptimizer = true) =>
        ConfigFile.Save(path, FileFormat.TextClassifier, Content(includeOptimizer));

    /// <summary>Writes it to a stream, as <see cref="Save(string, bool)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    public void Save(Stream stream, bool includeOptimizer = true) =>
        ConfigFile.Save(stream, FileFormat.TextClassifier, Content(includeOptimizer));

    /// <summary>Reads what <see cref="Save(string, bool)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="custom">Layers, cells and tokenizers of one's own, or of another package; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a classifier.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TextClassifier Load(string path, CustomObjects? custom = null, ReadLimits? limits = null) =>
        ConfigFile.Load(path, FileFormat.TextClassifier, limits, custom, reader => Read(reader, limits));

    /// <summary>Reads it to the end of a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="custom">Layers, cells and tokenizers of one's own, or of another package; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a classifier; the message says where.</exception>
    public static TextClassifier Load(Stream stream, CustomObjects? custom = null, ReadLimits? limits = null) =>
        ConfigFile.Load(stream, FileFormat.TextClassifier, limits, custom, reader => Read(reader, limits));

    private static TextClassifier Read(ConfigReader reader, ReadLimits? limits) => new(
        StoredNetwork.Read(reader, "model", compile: true, limits),
        reader.Strings("labels"),
        reader.OptionalComponent("tokenizer", TextTokenizers.Registry),
        reader.OptionalInt("max_length"));

    private Config Content(bool includeOptimizer) => new()
    {
        { "labels", labels },
        { "max_length", MaxLength },
        { "tokenizer", Tokenizer },
        { "model", StoredNetwork.Pack(Model, includeOptimizer) },
    };
}
