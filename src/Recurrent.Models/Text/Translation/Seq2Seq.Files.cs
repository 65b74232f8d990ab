using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Text;

/// <content>Files.</content>
public sealed partial class Seq2Seq
{
    private const string Format = "recurrent-seq2seq";
    private const long Version = 1;

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
    public void Save(string path, bool includeOptimizer = true)
    {
        FileKinds.RequireJson(path);
        Config content = Content(includeOptimizer);
        AtomicFile.Write(path, stream => ConfigFile.Write(stream, Format, Version, content));
    }

    /// <summary>Writes it to a stream, as <see cref="Save(string, bool)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <param name="includeOptimizer">Whether the state of the optimizer and of training is written.</param>
    public void Save(Stream stream, bool includeOptimizer = true)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ConfigFile.Write(stream, Format, Version, Content(includeOptimizer));
    }

    /// <summary>Reads what <see cref="Save(string, bool)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="custom">Layers, cells and tokenizers of one's own that the file may name; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a Seq2Seq; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Seq2Seq Load(string path, CustomObjects? custom = null, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, custom, limits);
    }

    /// <summary>Reads it to the end of a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="custom">Layers, cells and tokenizers of one's own that the file may name; null for none.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a Seq2Seq; the message says where.</exception>
    public static Seq2Seq Load(Stream stream, CustomObjects? custom = null, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        Config content = ConfigFile.Read(stream, Format, Version, limits);
        return TextFile.Read(content, custom, reader => Read(reader, limits, custom));
    }

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

    private static Seq2Seq Read(ConfigReader reader, ReadLimits limits, CustomObjects? custom)
    {
        TextTokenizer source = Tokenizer("source");
        TextTokenizer target = Tokenizer("target");
        int maxLength = reader.OptionalInt("max_length") is int and >= 1 and var most ? most
            : throw new ConfigException("max_length must be a whole number of at least 1.") { Option = "max_length" };
        int longest = reader.OptionalInt("longest_target") is int and >= 0 and var length ? length
            : throw new ConfigException("longest_target must be a whole number of at least 0.") { Option = "longest_target" };
        var architecture = new ConfigReader("the architecture", reader.Raw("architecture") as Config
            ?? throw new ConfigException("the architecture is missing.") { Option = "architecture" });
        int embedding = architecture.OptionalInt("embedding_dim") ?? 0;
        double dropout = architecture.Double("dropout", 0);
        Checked(source, target, embedding, dropout, maxLength, new OptionCheck(nameof(Seq2Seq)));
        Seq2SeqParts parts = architecture.OptionalString("kind") switch
        {
            "recurrent" => RecurrentParts.Read(
                architecture, source.VocabularySize, target.VocabularySize, embedding, dropout),
            "transformer" => TransformerBlocks.Read(
                architecture, source.VocabularySize, target.VocabularySize, embedding, dropout),
            _ => throw new ConfigException("kind must be 'recurrent' or 'transformer'.") { Option = "architecture.kind" },
        };
        architecture.RefuseUnreadKeys();
        Model model = StoredNetwork.Read(reader, "model", compile: true, limits, custom);
        if (model.Inputs.Count != 2 || model.Outputs.Count != 1)
        {
            throw new ConfigException("the model must read a source and a target, and give one output.") { Option = "model" };
        }

        parts.Take(model);
        var made = new Seq2Seq(source, target, parts, maxLength) { TrainingModel = model, LongestTarget = longest };
        _ = made.DecoderModel;
        return made;

        TextTokenizer Tokenizer(string key) => reader.OptionalComponent(key, TextTokenizers.Registry)
            ?? throw new ConfigException($"the {key}'s tokenizer is missing.") { Option = key };
    }
}
