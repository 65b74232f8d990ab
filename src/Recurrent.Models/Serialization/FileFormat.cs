using System.Globalization;
using Newtonsoft.Json;

namespace Recurrent.Serialization;

/// <summary>A kind of file of this library, by what the keys <c>format</c> and <c>format_version</c> say.</summary>
/// <param name="Name">What stands under <c>format</c>.</param>
/// <param name="Version">The newest version, which is written.</param>
/// <param name="Holds">What such a file holds, for messages.</param>
/// <param name="Advice">What reads it.</param>
/// <param name="Oldest">The oldest version that is read.</param>
internal sealed record FileFormat(string Name, long Version, string Holds, string Advice, long Oldest = 1)
{
    public static readonly FileFormat Model = new(
        "recurrent-model", 3, "a model with its weights", "read it with Model.Load");

    public static readonly FileFormat Weights = new(
        "recurrent-weights", 1, "weights without a model", "build the model, and give it the file with LoadWeights");

    public static readonly FileFormat Session = new(
        "recurrent-session", 1, "the state of a session or of a layer",
        "read it with model.ResumeSession, ModelState.Load or RecurrentStateFile.Load");

    // The second version holds all options of the optimizer and of losses, which must be those of the run that goes on.
    public static readonly FileFormat Backup = new(
        "recurrent-backup", 2, "the backup of a run", "give its folder to BackupAndRestore, and Fit goes on from it", Oldest: 2);

    public static readonly FileFormat Forecaster = new(
        "recurrent-forecaster", 1, "a fitted forecaster", "read it with Forecaster.Load");

    public static readonly FileFormat AnomalyDetector = new(
        "recurrent-anomalies", 1, "a fitted detector of anomalies", "read it with AnomalyDetector.Load");

    public static readonly FileFormat Tokenizer = new(
        "recurrent-tokenizer", 1, "a tokenizer", "read it with TextTokenizer.Load");

    public static readonly FileFormat LanguageModel = new(
        "recurrent-language-model", 1, "a language model with its tokenizer", "read it with LanguageModel.Load");

    public static readonly FileFormat TextClassifier = new(
        "recurrent-text-classifier", 1, "a classifier of texts", "read it with TextClassifier.Load");

    public static readonly FileFormat Seq2Seq = new(
        "recurrent-seq2seq", 1, "a Seq2Seq with its tokenizers", "read it with Seq2Seq.Load");

    public static readonly FileFormat Receipt = new(
        "recurrent-receipt", 1, "the receipt of a run", "read it with Receipt.Load");

    public static readonly FileFormat Search = new(
        "recurrent-search", 1, "the log of a search", "give its path as LogPath to the search, which goes on from it");

    private static readonly FileFormat[] All =
    [
        Model, Weights, Session, Backup, Forecaster, AnomalyDetector, Tokenizer, LanguageModel, TextClassifier, Seq2Seq, Receipt,
        Search,
    ];

    /// <summary>Begins the document: its first two keys.</summary>
    /// <param name="json">The document.</param>
    /// <param name="version">The version, where it is not the newest.</param>
    public void Begin(JsonTextWriter json, long? version = null)
    {
        json.WriteStartObject();
        json.WritePropertyName("format");
        json.WriteValue(Name);
        json.WritePropertyName("format_version");
        json.WriteValue(version ?? Version);
    }

    /// <summary>Requires a file of this format, in a version that is known.</summary>
    /// <param name="root">The document.</param>
    /// <returns>The version.</returns>
    /// <exception cref="ModelFormatException">It is another one; where it is one of this library, the message says what reads
    /// it.</exception>
    public long Require(JsonNode root)
    {
        if (!root.Entries.ContainsKey("format") && (root.Entries.ContainsKey("class_name") || root.Entries.ContainsKey("layers")))
        {
            throw root.Fail("this is an architecture without weights. Read it with Model.FromJson.");
        }

        if (root.Entries.ContainsKey("modelTopology"))
        {
            throw root.Fail("this is a model of TensorFlow.js. Read it with TensorFlowJsFile.Load.");
        }

        string found = root["format"].Text();
        if (found != Name)
        {
            throw root["format"].Fail($"the format is '{found}', not '{Name}'.{AdviceOn(found)}");
        }

        long version = root["format_version"].Whole(1, long.MaxValue);
        return version > Version
            ? throw root["format_version"].Fail(string.Create(CultureInfo.InvariantCulture,
                $"the file is of version {version} of the format, and this library knows version {Version}. Use a newer "
                + $"library."))
            : version < Oldest
            ? throw root["format_version"].Fail(string.Create(CultureInfo.InvariantCulture,
                $"the file is of version {version} of the format, an earlier library's, and this one reads version {Oldest} "
                + $"and later."))
            : version;
    }

    /// <summary>Refuses a file of this library where an architecture is expected.</summary>
    /// <param name="root">The document.</param>
    /// <exception cref="ModelFormatException">It is one.</exception>
    public static void RequireNone(JsonNode root)
    {
        if (root.Entries.GetValueOrDefault("format") is string found)
        {
            throw root["format"].Fail($"this is a file of the format '{found}', and not an architecture.{AdviceOn(found)}");
        }
    }

    /// <summary>Whether numbers in base64 have 64 bits.</summary>
    /// <param name="dtype">What the file says.</param>
    /// <exception cref="ModelFormatException">It says something else.</exception>
    public static bool IsWide(JsonNode dtype) => dtype.Text() switch
    {
        "float32" => false,
        "float64" => true,
        _ => throw dtype.Fail("numbers are float32 or float64."),
    };

    /// <summary>The format of a name; null where there is none.</summary>
    public static FileFormat? Find(string name) => Array.Find(All, format => format.Name == name);

    private static string AdviceOn(string name) => Find(name) is { } known
        ? $" It is {known.Holds}: {known.Advice}."
        : string.Empty;
}
