using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Text;
using Recurrent.Tokenizers;

namespace Recurrent.Tests;

[TestFixture]
public sealed class TextClassifierTests
{
    private static readonly string[] Texts =
    [
        "a good film", "so bad", "a bad film and long", "good", "good actors in a good film", "bad, bad",
        "what a bad end", "good end",
    ];

    private static readonly string[] Classes = ["good", "bad", "bad", "good", "good", "bad", "bad", "good"];

    [Test]
    public void Texts_in_names_out_in_one_file()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(Texts);
        TextClassifier classifier = Trained(tokenizer, new Dense(2, "softmax"));
        TextClassifier again = Reloaded(classifier);
        Assert.Multiple(() =>
        {
            Assert.That(classifier.Predict(Texts), Is.EqualTo(Classes));
            Assert.That(classifier.Evaluate(Texts, Classes).Accuracy, Is.EqualTo(1));
            Assert.That(again.Predict("a good good film"), Is.EqualTo("good"));
            Assert.That(again.Labels, Is.EqualTo(classifier.Labels));
            Assert.That(again.PredictProbabilities(Texts).Values, Is.EqualTo(classifier.PredictProbabilities(Texts).Values));
            Assert.That(
                classifier.PredictProbabilities([Texts[2]]).Values,
                Is.EqualTo(classifier.PredictProbabilities(Texts)[2].Values),
                "a text by itself");
        });
    }

    [Test]
    public void Any_tokenizer_and_one_unit_for_two_classes()
    {
        BytePairTokenizer tokenizer = BytePairTokenizer.Learn(Texts, 270);
        TextClassifier classifier = Trained(tokenizer, new Dense(1, "sigmoid"));
        Assert.Multiple(() =>
        {
            Assert.That(classifier.Predict(Texts), Is.EqualTo(Classes));
            Assert.That(Reloaded(classifier, SubwordTokenizers.Custom).Predict(Texts), Is.EqualTo(Classes));
            Assert.That(() => Reloaded(classifier), Throws.TypeOf<ModelFormatException>());
            Assert.That(classifier.PredictProbabilities(["good"]).Values.Sum(), Is.EqualTo(1).Within(1e-6f));
        });
    }

    [Test]
    public void A_model_that_takes_strings_needs_no_tokenizer()
    {
        var vectorize = new TextVectorization(ragged: true);
        vectorize.Adapt(Texts);
        var model = new Sequential(
            [vectorize, new Embedding(vectorize.VocabularySize, 8), new GRU(8), new Dense(2, "softmax")], seed: 2);
        var classifier = new TextClassifier(model, ["good", "bad"]);
        classifier.Fit(Texts, Classes, epochs: 80, batchSize: 4, verbose: 0);
        Assert.Multiple(() =>
        {
            Assert.That(classifier.Predict(Texts), Is.EqualTo(Classes));
            Assert.That(Reloaded(classifier).Predict(Texts), Is.EqualTo(Classes));
        });
    }

    [Test]
    public void Long_texts_are_cut_where_asked()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(Texts);
        TextClassifier whole = Trained(tokenizer, new Dense(2, "softmax"));
        var cut = new TextClassifier(whole.Model, whole.Labels, tokenizer, maxLength: 4);
        Assert.That(cut.PredictProbabilities(["good end"]).Values, Is.EqualTo(whole.PredictProbabilities(["good"]).Values));
    }

    [Test]
    public void Mistakes_are_named()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(Texts);
        TextClassifier classifier = Trained(tokenizer, new Dense(2, "softmax"));
        Assert.Multiple(() =>
        {
            Refused(() => classifier.Predict(string.Empty), "sample 0 is empty");
            Refused(() => classifier.Predict(["good", "\uDC00"]), "sample 1 is no Unicode text");
            Refused(() => classifier.Predict(["good", null!]), "sample 1 is null");
            Refused(() => classifier.Fit(["a"], ["fine"]), "The label of sample 0 is 'fine', and there is no such class");
            Refused(() => classifier.Fit(["a"], ["good", "bad"]), "There are 1 texts, but 2 labels");
            Refused(() => _ = new TextClassifier(classifier.Model, ["a", "b", "c"], tokenizer), "there are 3 classes");
            Refused(() => _ = new TextClassifier(classifier.Model, ["a", "a"], tokenizer), "each once");
            Refused(() => _ = new TextClassifier(classifier.Model, ["a"], tokenizer), "at least two");
            Refused(() => _ = new TextClassifier(classifier.Model, ["a", "b"], maxLength: 3), "no tokenizer");
        });
        foreach (string document in (string[])
            [
                "{}", "{\"format\":\"recurrent-text-classifier\",\"format_version\":1}",
                "{\"format\":\"recurrent-text-classifier\",\"format_version\":1,\"labels\":[\"a\",\"b\"],\"model\":[\"{}\"]}",
            ])
        {
            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(document));
            Assert.That(() => TextClassifier.Load(stream), Throws.TypeOf<ModelFormatException>(), document);
        }
    }

    private static TextClassifier Trained(TextTokenizer tokenizer, Dense last)
    {
        var model = new Sequential([new Embedding(tokenizer.VocabularySize, 12), new GRU(16), last], seed: 1);
        var classifier = new TextClassifier(model, ["good", "bad"], tokenizer);
        classifier.Fit(Texts, Classes, epochs: 100, batchSize: 4, validationTexts: Texts, validationLabels: Classes, verbose: 0);
        return classifier;
    }

    private static TextClassifier Reloaded(TextClassifier classifier, Registration.CustomObjects? custom = null)
    {
        using var stream = new MemoryStream();
        classifier.Save(stream);
        stream.Position = 0;
        return TextClassifier.Load(stream, custom);
    }

    private static void Refused(Action act, string message) =>
        Assert.That(() => act(), Throws.ArgumentException.With.Message.Contains(message));
}
