using System.Text.Json;
using Recurrent.Text;

namespace Recurrent.Tests;

/// <summary>Keras's reference values of its Tokenizer.</summary>
[TestFixture]
public sealed class KerasTokenizerTests
{
    private static IEnumerable<FixtureCase> Cases =>
        KerasFixture.Load("preprocessing.json").Cases.Where(c => c.String("function") == "Tokenizer");

    [TestCaseSource(nameof(Cases))]
    public void Numbers_are_Kerass(FixtureCase fixture)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        FixtureNode options = fixture.Node("kwargs");
        var tokenizer = new Tokenizer(
            options.Has("num_words") ? options.Int("num_words") : null,
            oovToken: options.Has("oov_token") ? options.String("oov_token") : null);
        tokenizer.FitOnTexts(Texts("fit_texts"));
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.WordIndex, Is.EquivalentTo(Numbers("word_index")));
            Assert.That(tokenizer.WordCounts, Is.EquivalentTo(Numbers("word_counts")));
            Assert.That(
                tokenizer.TextsToSequences(Texts("texts")),
                Is.EqualTo(fixture.Json.GetProperty("sequences").EnumerateArray()
                    .Select(row => row.EnumerateArray().Select(number => number.GetInt32()).ToArray()).ToArray()));
            foreach (string mode in (string[])["binary", "tfidf"])
            {
                if (fixture.Has("matrix_" + mode))
                {
                    NDArray expected = fixture.Array("matrix_" + mode);
                    NDArray found = tokenizer.TextsToMatrix(Texts("texts"), mode);
                    Assert.That(found.Shape, Is.EqualTo(expected.Shape));
                    Assert.That(found.Values, Is.EqualTo(expected.Values).Within(1e-6f), mode);
                }
            }
        });

        string[] Texts(string key) =>
            [.. fixture.Json.GetProperty(key).EnumerateArray().Select((JsonElement text) => text.GetString()!)];

        Dictionary<string, int> Numbers(string key) => fixture.Json.GetProperty(key).EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetInt32());
    }

    [Test]
    public void Characters_texts_and_shares()
    {
        var letters = new Tokenizer(charLevel: true);
        letters.FitOnTexts(["Ab a!", "\U0001F600"]);
        var words = new Tokenizer(oovToken: "?");
        words.FitOnTexts(["a b", "a c c"]);
        Assert.Multiple(() =>
        {
            Assert.That(letters.WordIndex["a"], Is.EqualTo(1));
            Assert.That(letters.WordIndex, Does.ContainKey("!"));
            Assert.That(letters.TextsToSequences(["\U0001F600x"])[0], Is.EqualTo(new[] { letters.WordIndex["\U0001F600"] }));
            Assert.That(words.SequencesToTexts([[2, 3, 9, 4]]), Is.EqualTo(new[] { "a c ? b" }));
            Assert.That(words.TextsToMatrix(["a a b x"], "freq").Values, Is.EqualTo(new[] { 0, 0.25f, 0.5f, 0, 0.25f }));
            Assert.That(words.TextsToMatrix(["a a b x"], "count").Values, Is.EqualTo(new float[] { 0, 1, 2, 0, 1 }));
            Assert.That(words.WordDocs["c"], Is.EqualTo(1));
            Assert.That(() => words.TextsToMatrix(["a"], "mean"), Throws.ArgumentException);
            Assert.That(() => new Tokenizer().TextsToMatrix(["a"]), Throws.ArgumentException.With.Message.Contains("FitOnTexts"));
            Assert.That(
                () => words.FitOnTexts(["a", "\uD800"]), Throws.ArgumentException.With.Message.Contains("sample 1"));
        });
    }
}
