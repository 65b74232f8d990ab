using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Text;

/// <content>Files.</content>
public sealed partial class Seq2Seq
{
    /// <summary>
    /// Writes it as one JSON file: tokenizers, layers, weights, and how far training has come. One read from it writes the same
    /// texts, and trains on as this one would.
    /// </summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="InvalidOperationException">A weight is not finite, or no reader could take the file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, bool includeOptimizer = true) =>
        ConfigFile.Save(path, FileFormat.Seq2Seq, Content(includeOptimizer));

    /// <summary>Writes it to a stream, as <see cref="Save(string, bool)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    public void Save(Stream stream, bool includeOptimizer = true) =>
        ConfigFile.Save(stream, FileFormat.Seq2Seq, Content(includeOptimizer));

    /// <summary>Reads what <see cref="Save(string, bool)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="custom">Layers, cells and tokenizers of one's own that the file may name; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a Seq2Seq; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Seq2Seq Load(string path, CustomObjects? custom = null, ReadLimits? limits = null) =>
        ConfigFile.Load(path, FileFormat.Seq2Seq, limits, custom, reader => Read(reader, limits));

    /// <summary>Reads it to the end of a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="custom">Layers, cells and tokenizers of one's own that the file may name; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a Seq2Seq; the message says where.</exception>
    public static Seq2Seq Load(Stream stream, CustomObjects? custom = null, ReadLimits? limits = null) =>
        ConfigFile.Load(stream, FileFormat.Seq2Seq, limits, custom, reader => Read(reader, limits));

    private Config Content(bool includeOptimizer)
    {
        var architecture = new Config();
        Parts.AddTo(architecture);
        return new()
        {
            { "source", Source },
            { "target", Target },
            { "architecture", architecture },
            { "max_length", MaxLength },
            { "longest_target", LongestTarget },
            { "model", StoredNetwork.Pack(TrainingModel, includeOptimizer) },
        };
    }

    private static Seq2Seq Read(ConfigReader reader, ReadLimits? limits)
    {
        TextTokenizer source = reader.Component("source", TextTokenizers.Registry);
        TextTokenizer target = reader.Component("target", TextTokenizers.Registry);
        int maxLength = reader.OptionalInt("max_length") is int and >= 1 and var most ? most
            : throw new ConfigException("max_length must be a whole number of at least 1.") { Option = "max_length" };
        int longest = reader.OptionalInt("longest_target") is int and >= 0 and var length ? length
            : throw new ConfigException("longest_target must be a whole number of at least 0.") { Option = "longest_target" };
        Seq2SeqParts parts = reader.Nested("architecture", architecture =>
        {
            int embedding = architecture.OptionalInt("embedding_dim") ?? 0;
            double dropout = architecture.Double("dropout", 0);
            Checked(source, target, embedding, dropout, maxLength, new OptionCheck(nameof(Seq2Seq)));
            return architecture.OptionalString("kind") switch
            {
                "recurrent" => (Seq2SeqParts)RecurrentParts.Read(
                    architecture, source.VocabularySize, target.VocabularySize, embedding, dropout),
                "transformer" => TransformerBlocks.Read(
                    architecture, source.VocabularySize, target.VocabularySize, embedding, dropout),
                _ => throw new ConfigException("kind must be 'recurrent' or 'transformer'.") { Option = "kind" },
            };
        });
        Model model = StoredNetwork.Read(reader, "model", compile: true, limits);
        if (model.Inputs.Count != 2 || model.Outputs.Count != 1)
        {
            throw new ConfigException("the model must read a source and a target, and give one output.") { Option = "model" };
        }

        parts.Take(model);
        var made = new Seq2Seq(source, target, parts, maxLength) { TrainingModel = model, LongestTarget = longest };
        _ = made.DecoderModel;
        return made;
    }
}
