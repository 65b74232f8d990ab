using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Shapes;

namespace Recurrent.Tests;

/// <summary>Keras's own examples and tests of the layer, and what its code says of cases that they leave out.</summary>
[TestFixture]
public sealed class TextVectorizationTests
{
    private static readonly string[] FooBarBaz = ["foo", "bar", "baz"];

    [Test]
    public void A_learnt_vocabulary_has_frequent_tokens_first_and_ties_from_the_back()
    {
        var layer = new TextVectorization(maxTokens: 5000, outputSequenceLength: 4);
        layer.Adapt(["foo bar", "bar baz", "baz bada boom"]);
        Assert.Multiple(() =>
        {
            Assert.That(layer.GetVocabulary(), Is.EqualTo(new[] { string.Empty, "[UNK]", "baz", "bar", "foo", "boom", "bada" }));
            Assert.That(layer.VocabularySize, Is.EqualTo(7));
            Assert.That(
                layer.Call(["foo qux bar", "qux baz"]).ToArray2D(), Is.EqualTo(new float[,] { { 4, 1, 3, 0 }, { 1, 2, 0, 0 } }));
        });
    }

    [Test]
    public void A_given_vocabulary()
    {
        var layer = new TextVectorization(maxTokens: 5000, outputSequenceLength: 4, vocabulary: ["earth", "wind", "and", "fire"]);
        Assert.Multiple(() =>
        {
            Assert.That(layer.GetVocabulary(), Is.EqualTo(new[] { string.Empty, "[UNK]", "earth", "wind", "and", "fire" }));
            Assert.That(layer.GetVocabulary(includeSpecialTokens: false), Is.EqualTo(new[] { "earth", "wind", "and", "fire" }));
            Assert.That(layer.Call("Fire and earth, wind and water").Values, Is.EqualTo(new float[] { 5, 4, 2, 3 }));
        });
    }

    [TestCase("lower_and_strip_punctuation", "Hello, World!. This is just a nice test!", "hello world this is just a nice test")]
    [TestCase("lower", "Hello, World!.", "hello, world!.")]
    [TestCase("strip_punctuation", "Hello, World! It's [a] {b}~`|\\^_-+=<>@#$%&*/:;?\"", "Hello World Its a b")]
    [TestCase(null, "Hello, World!.", "Hello, World!.")]
    [TestCase("lower_and_strip_punctuation", "ÉCOLE «Ça» STRAßE", "École «Ça» straße")]
    public void Standardization(string? standardize, string text, string expected)
    {
        // Capital letters and punctuation are those of ASCII, as TensorFlow's operations have them.
        var layer = new TextVectorization(standardize: standardize);
        layer.Adapt([text]);
        string[] tokens = expected.Split(' ');
        Assert.That(layer.GetVocabulary(includeSpecialTokens: false), Is.EquivalentTo(tokens.Distinct()));
    }

    [Test]
    public void Splitting()
    {
        var spaces = new TextVectorization(standardize: null);
        spaces.Adapt(["  a\tb\n\u000Bc\u00A0d  \r\fe"]);
        var letters = new TextVectorization(split: "character", vocabulary: ["a", "b", "c", "d", "e", "\U0001F600", " "]);
        var none = new TextVectorization(split: null, vocabulary: FooBarBaz);
        Assert.Multiple(() =>
        {
            Assert.That(
                spaces.GetVocabulary(includeSpecialTokens: false), Is.EquivalentTo(new[] { "a", "b", "c\u00A0d", "e" }));
            Assert.That(letters.Call(["abcf"]).Values, Is.EqualTo(new float[] { 2, 3, 4, 1 }));
            Assert.That(letters.Call(["a \U0001F600"]).Values, Is.EqualTo(new float[] { 2, 8, 7 }));
            Assert.That(
                none.Call(new[,] { { "foo" }, { "bar" }, { "unknown" } }).ToArray2D(),
                Is.EqualTo(new float[,] { { 2 }, { 3 }, { 1 } }));
            Assert.That(
                none.Call(new[,] { { "foo", "BAR" }, { string.Empty, "baz" } }).ToArray2D(),
                Is.EqualTo(new float[,] { { 2, 3 }, { 0, 4 } }));
        });
    }

    [Test]
    public void Tokens_in_a_row()
    {
        var up = new TextVectorization(ngrams: 2);
        up.Adapt(["foo bar baz"]);
        var some = new TextVectorization(ngrams: [1, 3], vocabulary: ["foo", "foo bar baz", "foo bar"]);
        Assert.Multiple(() =>
        {
            Assert.That(
                up.GetVocabulary(includeSpecialTokens: false),
                Is.EqualTo(new[] { "foo bar", "foo", "baz", "bar baz", "bar" }));
            Assert.That(up.Call("foo bar baz").Values, Is.EqualTo(new float[] { 3, 6, 4, 2, 5 }));
            Assert.That(some.Call("foo bar baz").Values, Is.EqualTo(new float[] { 2, 1, 1, 3 }));
            Assert.That(some.Call("foo bar").Values, Is.EqualTo(new float[] { 2, 1 }));
            int[] computed = [.. Enumerable.Range(1, 3).Where(width => width != 2)];
            Assert.That(
                new TextVectorization(ngrams: computed, vocabulary: ["foo", "foo bar baz"]).Call("foo bar baz").Values,
                Is.EqualTo(new float[] { 2, 1, 1, 3 }));
        });
    }

    [Test]
    public void Encodings()
    {
        string[] texts = ["foo bar", "baz foo foo", "qux"];
        var multiHot = new TextVectorization(outputMode: "multi_hot", vocabulary: FooBarBaz);
        var count = new TextVectorization(outputMode: "count", vocabulary: FooBarBaz);
        var tfIdf = new TextVectorization(outputMode: "tf_idf", vocabulary: FooBarBaz, idfWeights: [0.3, 0.5, 0.2]);
        var oneHot = new TextVectorization(outputMode: "one_hot", vocabulary: FooBarBaz);
        var padded = new TextVectorization(
            outputMode: "multi_hot", vocabulary: ["foo", "bar"], maxTokens: 8, padToMaxTokens: true);
        float unknown = (0.3f + 0.5f + 0.2f) / 3;
        Assert.Multiple(() =>
        {
            Assert.That(
                multiHot.Call(texts).ToArray2D(), Is.EqualTo(new float[,] { { 0, 1, 1, 0 }, { 0, 1, 0, 1 }, { 1, 0, 0, 0 } }));
            Assert.That(
                count.Call(texts).ToArray2D(), Is.EqualTo(new float[,] { { 0, 1, 1, 0 }, { 0, 2, 0, 1 }, { 1, 0, 0, 0 } }));
            Assert.That(
                tfIdf.Call(texts).Values,
                Is.EqualTo(new[] { 0, 0.3f, 0.5f, 0, 0, 0.6f, 0, 0.2f, unknown, 0, 0, 0 }).Within(1e-7f));
            Assert.That(oneHot.Call(["foo bar"]).Shape, Is.EqualTo(new[] { 1, 2, 4 }));
            Assert.That(oneHot.Call(["foo bar"]).Values, Is.EqualTo(new float[] { 0, 1, 0, 0, 0, 0, 1, 0 }));
            Assert.That(padded.Call(["foo bar"]).Values, Is.EqualTo(new float[] { 0, 1, 1, 0, 0, 0, 0, 0 }));
            Assert.That(multiHot.GetVocabulary()[0], Is.EqualTo("[UNK]"));
        });
    }

    [Test]
    public void Documents_are_texts()
    {
        var layer = new TextVectorization(outputMode: "tf_idf");
        layer.Adapt(["a a b", "a c", "d"]);
        double[] idf = [.. ((int[])[2, 1, 1, 1]).Select(documents => Math.Log(1 + (3.0 / (1 + documents))))];
        Assert.Multiple(() =>
        {
            Assert.That(layer.GetVocabulary(), Is.EqualTo(new[] { "[UNK]", "a", "d", "c", "b" }));
            Assert.That(
                layer.Call("a a d x").Values,
                Is.EqualTo(new[] { (float)idf.Average(), (float)(2 * idf[0]), (float)idf[1], 0, 0 }).Within(1e-6f));
        });
    }

    [Test]
    public void Lengths()
    {
        var free = new TextVectorization(vocabulary: ["baz", "bar", "foo"]);
        var cut = new TextVectorization(vocabulary: ["baz", "bar", "foo"], outputSequenceLength: 2);
        var own = new TextVectorization(vocabulary: ["baz", "bar", "foo"], ragged: true);
        var both = new TextVectorization(vocabulary: ["baz", "bar", "foo"], ragged: true, outputSequenceLength: 2);
        string[] texts = ["foo qux bar", "qux baz", "foo"];
        Assert.Multiple(() =>
        {
            Assert.That(
                free.Call(texts).ToArray2D(), Is.EqualTo(new float[,] { { 4, 1, 3 }, { 1, 2, 0 }, { 4, 0, 0 } }));
            Assert.That(cut.Call(texts).ToArray2D(), Is.EqualTo(new float[,] { { 4, 1 }, { 1, 2 }, { 4, 0 } }));
            Assert.That(
                own.CallRagged(texts).Select(row => row.Values),
                Is.EqualTo(new[] { new float[] { 4, 1, 3 }, [1, 2], [4] }));
            Assert.That(
                both.CallRagged(texts).Select(row => row.Values), Is.EqualTo(new[] { new float[] { 4, 1 }, [1, 2], [4] }));
            Assert.That(free.Call(["foo", string.Empty]).ToArray2D(), Is.EqualTo(new float[,] { { 4 }, { 0 } }));
            Assert.That(() => own.Call(texts), Throws.InvalidOperationException.With.Message.Contains("CallRagged"));
            Assert.That(() => own.CallRagged(["foo", " ! "]), Throws.ArgumentException.With.Message.Contains("Sample 1"));
        });
    }

    [Test]
    public void Functions_of_ones_own()
    {
        var split = new TextVectorization(
            splitter: text => text.Split('|'), standardize: null, vocabulary: ["foo|bar", "foo", "bar"]);
        var standard = new TextVectorization(standardizer: text => text.Replace('-', ' '), vocabulary: ["foo", "bar"]);
        Assert.Multiple(() =>
        {
            Assert.That(split.Call(["foo|bar"]).Values, Is.EqualTo(new float[] { 3, 4 }));
            Assert.That(standard.Call(["foo-bar"]).Values, Is.EqualTo(new float[] { 2, 3 }));
            Assert.That(
                () => standard.GetConfig(),
                Throws.InvalidOperationException.With.Message.Contains("holds code (standardizer)"));
            Assert.That(
                () => new TextVectorization(splitter: _ => null!, vocabulary: ["a"]).Call(["b", "c"]),
                Throws.ArgumentException.With.Message.Contains("gave null for sample 0"));
        });
    }

    [Test]
    public void A_model_takes_texts()
    {
        var vectorize = new TextVectorization(outputSequenceLength: 4);
        string[] texts = ["what a good film", "a bad one", "good good good", "bad bad film that was bad"];
        vectorize.Adapt(texts);
        var model = new Sequential(
            [vectorize, new Embedding(vectorize.VocabularySize, 8, maskZero: true), new LSTM(8), new Dense(1, "sigmoid")],
            seed: 3);
        model.Compile("adam", "binary_crossentropy");
        model.Fit(texts, new float[] { 1, 0, 1, 0 }, epochs: 60, verbose: 0);
        NDArray scores = model.Predict(texts);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Model again = Model.Load(file);
        Assert.Multiple(() =>
        {
            Assert.That(model.InputShape, Is.EqualTo(new Shape(1)));
            Assert.That(scores.Values[0], Is.GreaterThan(scores.Values[1]));
            Assert.That(model.PredictOne(texts[1]).Values[0], Is.EqualTo(scores.Values[1]));
            Assert.That(again.Predict(texts).Values, Is.EqualTo(scores.Values));
            Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        });
    }

    [Test]
    public void Texts_of_their_own_lengths_give_the_same_bits_in_any_company()
    {
        var vectorize = new TextVectorization(vocabulary: ["a", "b", "c"], ragged: true);
        var model = new Sequential(
            [vectorize, new Embedding(vectorize.VocabularySize, 4), new GRU(3), new Dense(2)], seed: 1);
        string[] texts = ["a", "b c a", "x", "c c c c c c b"];
        NDArray together = model.Predict(texts);
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.That(together[i].Values, Is.EqualTo(model.Predict([texts[i]]).Values), texts[i]);
        }

        model.Compile("adam", "mse");
        model.Fit(texts, new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 }, { 0, 0 } }, epochs: 2, verbose: 0);

        // Each token of a text has an output of its own.
        var tagger = new Sequential([new TextVectorization(vocabulary: ["a", "b"], ragged: true), new Embedding(4, 2)]);
        Assert.That(texts.Select(text => tagger.Predict([text]).Shape[1]), Is.EqualTo(new[] { 1, 3, 1, 7 }));
    }

    [Test]
    public void Several_layers_read_one_input_each_in_its_way()
    {
        var text = new Input(new Shape(1), dtype: "string", name: "text");
        Symbol counts = new TextVectorization(outputMode: "count", vocabulary: ["good", "bad"], name: "counts").Call(text);
        Symbol ids = new TextVectorization(outputSequenceLength: 3, vocabulary: ["film", "good"], name: "ids").Call(text);
        Symbol whole = new StringLookup(vocabulary: ["good film"], name: "whole").Call(text);
        Symbol bigrams = new TextVectorization(
            ngrams: [2], outputMode: "multi_hot", vocabulary: ["good film"], name: "pairs").Call(text);
        var model = new Model(text, new Concatenate().Call(counts, ids, whole, bigrams));
        float[,] expected = { { 1, 1, 0, 3, 2, 0, 1, 0, 1 }, { 1, 0, 2, 1, 1, 1, 0, 1, 0 } };
        string[] texts = ["good film", "a bad, bad"];
        Assert.Multiple(() =>
        {
            Assert.That(model.Predict(texts).ToArray2D(), Is.EqualTo(expected));
            Assert.That(Model.FromJson(model.ToJson()).Predict(texts).ToArray2D(), Is.EqualTo(expected));
        });
    }

    [Test]
    public void A_scalar_input_is_a_text_too()
    {
        var text = new Input(new Shape(), dtype: "string");
        var model = new Model(text, new TextVectorization(outputMode: "count", vocabulary: ["a"]).Call(text));
        Assert.That(model.Predict(["a b a", "c"]).ToArray2D(), Is.EqualTo(new float[,] { { 1, 2 }, { 1, 0 } }));
    }

    [Test]
    public void Configs_are_Kerass()
    {
        const string Config = """
            {"module":"keras.layers","class_name":"TextVectorization","config":{"name":"text_vectorization","trainable":true,
            "dtype":{"module":"keras","class_name":"DTypePolicy","config":{"name":"float32"},"registered_name":null},
            "max_tokens":5000,"standardize":"lower_and_strip_punctuation","split":"whitespace","ngrams":[1,2],"output_mode":"int",
            "output_sequence_length":3,"pad_to_max_tokens":false,"sparse":false,"ragged":false,
            "vocabulary":["foo","bar","foo bar"],"idf_weights":null,"encoding":"utf-8","vocabulary_size":5},
            "registered_name":null,"build_config":{"input_shape":[null,1]}}
            """;
        Model model = Model.FromJson(
            """
            {"module":"keras","class_name":"Sequential","config":{"name":"sequential","trainable":true,"dtype":{"module":"keras",
            "class_name":"DTypePolicy","config":{"name":"float32"},"registered_name":null},"layers":[{"module":"keras.layers",
            "class_name":"InputLayer","config":{"batch_shape":[null,1],"dtype":"string","sparse":false,"ragged":false,
            "name":"input_layer"},"registered_name":null},
            """ + Config + """],"build_input_shape":[null,1]},"registered_name":null,"build_config":{"input_shape":[null,1]}}""");
        var layer = (TextVectorization)model.Layers[0];
        string json = model.ToJson();
        Assert.Multiple(() =>
        {
            Assert.That(layer.Call("foo bar").Values, Is.EqualTo(new float[] { 2, 3, 4 }));
            Assert.That(model.Predict(["bar foo bar"]).Values, Is.EqualTo(new float[] { 3, 2, 3 }));
            foreach (string entry in (string[])
                [
                    "\"max_tokens\":5000", "\"standardize\":\"lower_and_strip_punctuation\"", "\"split\":\"whitespace\"",
                    "\"ngrams\":[1,2]", "\"output_mode\":\"int\"", "\"output_sequence_length\":3", "\"pad_to_max_tokens\":false",
                    "\"sparse\":false", "\"ragged\":false", "\"vocabulary\":[\"foo\",\"bar\",\"foo bar\"]",
                    "\"idf_weights\":null",
                    "\"encoding\":\"utf-8\"", "\"vocabulary_size\":5",
                    "\"module\":\"keras.layers\",\"class_name\":\"TextVectorization\"",
                ])
            {
                Assert.That(json, Does.Contain(entry));
            }

            Assert.That(Model.FromJson(json).ToJson(), Is.EqualTo(json));
        });
    }

    [Test]
    public void Tokens_that_are_no_letters_go_into_files()
    {
        var vectorize = new TextVectorization(standardize: null, split: "character", outputSequenceLength: 3);
        vectorize.Adapt(["a\n\t\u0001\u202E"]);
        var model = new Sequential([vectorize]);
        Model again = Model.FromJson(model.ToJson());
        Assert.That(((TextVectorization)again.Layers[0]).GetVocabulary(), Is.EqualTo(vectorize.GetVocabulary()));
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        Assert.That(Model.Load(file).Predict(["\n\ta"]).Values, Is.EqualTo(model.Predict(["\n\ta"]).Values));
    }

    [TestCase("\"standardize\":{\"class_name\":\"f\",\"config\":{}}")]
    [TestCase("\"sparse\":true")]
    [TestCase("\"encoding\":\"latin-1\"")]
    [TestCase("\"ngrams\":0")]
    [TestCase("\"ngrams\":[]")]
    [TestCase("\"ngrams\":[1,\"a\"]")]
    [TestCase("\"vocabulary\":\"words.txt\"")]
    [TestCase("\"vocabulary\":[\"a\",\"a\"]")]
    [TestCase("\"output_sequence_length\":0")]
    [TestCase("\"output_sequence_length\":1000000000")]
    [TestCase("\"vocabulary\":[\"a\"],\"vocabulary_size\":9")]
    [TestCase("\"vocabulary_size\":9")]
    [TestCase("\"output_mode\":\"sum\"")]
    [TestCase("\"split\":\"sentences\"")]
    public void Broken_configs_are_refused(string entry) => Assert.That(
        () => Model.FromJson("""{"class_name":"Sequential","config":{"layers":[{"class_name":"TextVectorization","config":{"""
            + entry + "}}]}}"),
        Throws.TypeOf<ModelFormatException>());

    [Test]
    public void Mistakes_are_named()
    {
        Assert.Multiple(() =>
        {
            Refused(() => _ = new TextVectorization(standardize: "upper"), "standardize must be");
            Refused(() => _ = new TextVectorization(split: "words"), "split must be");
            Refused(() => _ = new TextVectorization(ngrams: 0), "at least 1");
            Refused(() => _ = new TextVectorization(ngrams: []), "no width");
            Refused(() => _ = new TextVectorization(outputMode: "sum"), "outputMode must be");
            Refused(() => _ = new TextVectorization(outputMode: "count", outputSequenceLength: 5), "outputSequenceLength is for");
            Refused(() => _ = new TextVectorization(outputMode: "count", ragged: true), "ragged: true is for");
            Refused(() => _ = new TextVectorization(sparse: true), "sparse: true is not supported");
            Refused(() => _ = new TextVectorization(encoding: "latin-1"), "encoding must be");
            Refused(() => _ = new TextVectorization(padToMaxTokens: true, outputMode: "count"), "padToMaxTokens needs maxTokens");
            Refused(() => _ = new TextVectorization(vocabulary: ["a", "a"]), "more than once");
            Refused(() => _ = new TextVectorization(outputMode: "tf_idf", vocabulary: ["a"]), "idfWeights must be given");
            var layer = new TextVectorization(vocabulary: ["a"]);
            Refused(() => layer.Call(new[,] { { "a", "b" } }), "sample 0 of texts has 2");
            Refused(() => layer.Call(["a", "b\uD800"]), "half of a surrogate pair (U+D800) at 1");
            Refused(() => _ = new TextVectorization(vocabulary: ["a", "b\uD800"]), "which is no Unicode text");
            Refused(() => _ = new StringLookup(vocabulary: ["a", "\uDC00b"]), "which is no Unicode text");
            Refused(
                () => new TextVectorization(splitter: text => text.Select(letter => letter.ToString())).Adapt(["a😀"]),
                "which is no Unicode text");
            Refused(() => new TextVectorization().Adapt(["!", " "]), "no vocabulary without tokens");
            Assert.That(
                () => new TextVectorization().Call(["a"]), Throws.InvalidOperationException.With.Message.Contains("Adapt"));
            Assert.That(() => layer.Adapt(["a"]), Throws.InvalidOperationException.With.Message.Contains("was given"));
            var text = new Input(new Shape(2), dtype: "string");
            Refused(() => layer.Call(text), "one text a sample");
            Refused(() => new TextVectorization(vocabulary: ["a"]).Call(new Input(new Shape(1))), "reads strings");
            var model = new Sequential([new TextVectorization(vocabulary: ["a", "b"], outputSequenceLength: 2), new Dense(2)]);
            Refused(() => model.Predict(new float[,] { { 1 } }), "takes strings");
        });
    }

    private static void Refused(Action act, string message) =>
        Assert.That(() => act(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
}
