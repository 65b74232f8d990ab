using System.Text;
using Recurrent.Forecasting;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Text;

namespace Recurrent.Tests.Serialization;

/// <summary>Files of this library, given to what reads files of another kind of it.</summary>
public class FileFormatTests
{
    private static readonly (string Format, Action<Stream> Load)[] Loaders =
    [
        ("recurrent-model", stream => Model.Load(stream)),
        ("recurrent-forecaster", stream => Forecaster.Load(stream)),
        ("recurrent-anomalies", stream => AnomalyDetector.Load(stream)),
        ("recurrent-tokenizer", stream => TextTokenizer.Load(stream)),
        ("recurrent-language-model", stream => LanguageModel.Load(stream)),
        ("recurrent-text-classifier", stream => TextClassifier.Load(stream)),
        ("recurrent-seq2seq", stream => Seq2Seq.Load(stream)),
    ];

    [TestCase("recurrent-model", "It is a model with its weights: read it with Model.Load.")]
    [TestCase("recurrent-weights",
        "It is weights without a model: build the model, and give it the file with LoadWeights.")]
    [TestCase("recurrent-session", "It is the state of a session or of a layer: read it with model.ResumeSession, "
        + "ModelState.Load or RecurrentStateFile.Load.")]
    [TestCase("recurrent-backup",
        "It is the backup of a run: give its folder to BackupAndRestore, and Fit goes on from it.")]
    [TestCase("recurrent-forecaster", "It is a fitted forecaster: read it with Forecaster.Load.")]
    [TestCase("recurrent-anomalies", "It is a fitted detector of anomalies: read it with AnomalyDetector.Load.")]
    [TestCase("recurrent-tokenizer", "It is a tokenizer: read it with TextTokenizer.Load.")]
    [TestCase("recurrent-language-model", "It is a language model with its tokenizer: read it with LanguageModel.Load.")]
    [TestCase("recurrent-text-classifier", "It is a classifier of texts: read it with TextClassifier.Load.")]
    [TestCase("recurrent-seq2seq", "It is a Seq2Seq with its tokenizers: read it with Seq2Seq.Load.")]
    [TestCase("recurrent-receipt", "It is the receipt of a run: read it with Receipt.Load.")]
    [TestCase("recurrent-search", "It is the log of a search: give its path as LogPath to the search, which goes on from it.")]
    public void A_file_of_another_kind_names_what_reads_it(string format, string advice)
    {
        foreach ((string own, Action<Stream> load) in Loaders.Where(loader => loader.Format != format))
        {
            Assert.That(() => load(Document(format)), Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
                $"format: the format is '{format}', not '{own}'. {advice}"));
        }
    }

    [Test]
    public void A_file_of_a_newer_version_is_refused_by_all_alike([Range(0, 6)] int loader)
    {
        (string format, Action<Stream> load) = Loaders[loader];
        Assert.That(() => load(Document(format, 99)), Throws.TypeOf<ModelFormatException>().With.Message.Match(
            "^format_version: the file is of version 99 of the format, and this library knows version [13]. "
            + "Use a newer library.$"));
    }

    [Test]
    public void A_file_without_content_says_what_is_missing([Range(1, 6)] int loader)
    {
        (string format, Action<Stream> load) = Loaders[loader];
        Assert.That(() => load(Document(format)), Throws.TypeOf<ModelFormatException>().With.Message.Match(
            "needs the option '.+', which is missing|must be a list of texts"));
    }

    private static MemoryStream Document(string format, int version = 1) =>
        new(Encoding.UTF8.GetBytes($"{{\"format\":\"{format}\",\"format_version\":{version}}}"));
}
