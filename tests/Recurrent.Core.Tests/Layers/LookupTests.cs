using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>Lookups give the numbers that Keras documents, and refuse what they cannot look up.</summary>
[TestFixture]
public sealed class LookupTests
{
    private static readonly string[] Abc = ["a", "b", "c"];

    private static readonly string[] Abcd = ["a", "b", "c", "d"];

    private static readonly string[,] Data = { { "a", "c", "d" }, { "d", "z", "b" } };

    private static readonly string[,] Sentences = { { "a", "c", "d", "d" }, { "d", "z", "b", "z" } };

    [Test]
    public void Strings_get_indices()
    {
        Assert.That(
            new StringLookup(vocabulary: Abcd).Call(Data).ToArray2D(),
            Is.EqualTo(new float[,] { { 1, 3, 4 }, { 4, 0, 2 } }));
        Assert.That(
            new StringLookup(vocabulary: Abcd,
                numOovIndices: 2).Call(new[,] { { "a", "c", "d" }, { "m", "z", "b" } }).ToArray2D(),
            Is.EqualTo(new float[,] { { 2, 4, 5 }, { 0, 1, 3 } }));
        var masked = new StringLookup(maskToken: "", vocabulary: Abc);
        Assert.That(masked.Call(["", "a", "x"]).ToArray1D(), Is.EqualTo((float[])[0, 2, 1]));
        Assert.That(masked.GetVocabulary(), Is.EqualTo((string[])["", "[UNK]", "a", "b", "c"]));
        Assert.That(masked.GetVocabulary(includeSpecialTokens: false), Is.EqualTo(Abc));
        Assert.That(masked.VocabularySize, Is.EqualTo(5));
        Assert.That(
            new StringLookup(vocabulary: masked.GetVocabulary(), maskToken: "").GetVocabulary(),
            Is.EqualTo(masked.GetVocabulary()));
        Assert.That(
            new StringLookup(vocabulary: ["I", "i", "ı", "İ"]).Call(["ı", "i", "İ", "I"]).Values,
            Is.EqualTo((float[])[3, 2, 4, 1]));
    }

    [Test]
    public void Strings_are_encoded()
    {
        Assert.That(
            new StringLookup(vocabulary: Abcd, outputMode: "one_hot").Call(["a", "b", "c", "d", "z"]).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 1, 0, 0, 0 }, { 0, 0, 1, 0, 0 }, { 0, 0, 0, 1, 0 }, { 0, 0, 0, 0, 1 },
                { 1, 0, 0, 0, 0 } }));
        Assert.That(
            new StringLookup(vocabulary: Abcd, numOovIndices: 2, outputMode: "multi_hot").Call(Sentences).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 0, 1, 0, 1, 1 }, { 0, 1, 0, 1, 0, 1 } }));
        Assert.That(
            new StringLookup(vocabulary: Abcd, numOovIndices: 2, outputMode: "count").Call(Sentences).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 0, 1, 0, 1, 2 }, { 0, 2, 0, 1, 0, 1 } }));
        Assert.That(
            new StringLookup(vocabulary: Abcd, idfWeights: [0.25, 0.75, 0.6, 0.4],
                outputMode: "tf_idf").Call(Sentences).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 0.25f, 0, 0.6f, 0.8f }, { 1, 0, 0.75f, 0, 0.4f } }).Within(1e-6f));
        Assert.That(
            new StringLookup(
                vocabulary: ["[UNK]", "a", "b", "c", "d"], idfWeights: [0.9, 0.25, 0.75, 0.6, 0.4], outputMode: "tf-idf")
                .Call(Sentences).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 0.25f, 0, 0.6f, 0.8f }, { 1.8f, 0, 0.75f, 0, 0.4f } }).Within(1e-6f));
        Assert.That(
            new StringLookup(6, maskToken: "d", vocabulary: Abc, outputMode: "count",
                padToMaxTokens: true).Call(Sentences).ToArray2D(),
            Is.EqualTo(new float[,] { { 0, 1, 0, 1, 0, 0 }, { 2, 0, 1, 0, 0, 0 } }), "masked tokens count for nothing");
    }

    [Test]
    public void Indices_become_strings_again()
    {
        var lookup = new StringLookup(vocabulary: Abcd);
        var inverse = new StringLookup(vocabulary: lookup.GetVocabulary(), invert: true);
        Assert.That(
            inverse.Call(lookup.Call(Data)).ToArray2D(), Is.EqualTo(new string[,] { { "a", "c", "d" }, { "d", "[UNK]", "b" } }));
        Assert.That(inverse.Call(new[] { 99, 1 }).ToArray1D(), Is.EqualTo((string[])["[UNK]", "a"]));
        Assert.That(
            new StringLookup(maskToken: "-", oovToken: "?", vocabulary: Abc, invert: true).Call(new[] { 0, 1, 2 }).ToArray1D(),
            Is.EqualTo((string[])["-", "?", "a"]));
        Assert.That(
            new IntegerLookup(vocabulary: [12, 36], invert: true).Call(new[] { 1, 2, 7, 0 }).Values,
            Is.EqualTo((float[])[12, 36, -1, -1]));
    }

    [Test]
    public void Vocabularies_are_learnt_by_frequency()
    {
        var lookup = new StringLookup();
        lookup.Adapt(Data);
        Assert.That(lookup.GetVocabulary(), Is.EqualTo((string[])["[UNK]", "d", "z", "c", "b", "a"]));
        var few = new StringLookup(maxTokens: 3);
        few.Adapt(new string[][] { ["b", "b", "[UNK]"], ["a"], ["c", "c"], ["é", "\U0001F600", "\uFFFD"] });
        Assert.That(few.GetVocabulary(), Is.EqualTo((string[])["[UNK]", "c", "b"]));
        var order = new StringLookup();
        order.Adapt(["é", "\U0001F600", "\uFFFD", "z"]);
        Assert.That(order.GetVocabulary(), Is.EqualTo((string[])["[UNK]", "\U0001F600", "\uFFFD", "é", "z"]), "as UTF-8 sorts");
        var integers = new IntegerLookup();
        integers.Adapt(new float[,] { { 12, 1138, 42 }, { 42, 1000, 36 } });
        Assert.That(integers.GetVocabulary(), Is.EqualTo((long[])[-1, 42, 1138, 1000, 36, 12]));
        Assert.That(
            integers.Call(new float[,] { { 12, 1138, 42 }, { 42, 1000, 36 } }).ToArray2D(),
            Is.EqualTo(new float[,] { { 5, 2, 1 }, { 1, 3, 4 } }));
    }

    [Test]
    public void Documents_are_counted_for_tf_idf()
    {
        var lookup = new StringLookup(outputMode: "tf_idf");
        lookup.Adapt(new string[][] { ["a", "a", "b"], ["a", "c"], ["c", "c", "c", "d"] });
        Assert.That(lookup.GetVocabulary(false), Is.EqualTo((string[])["c", "a", "d", "b"]));
        float[] idf = [Idf(2), Idf(2), Idf(1), Idf(1)];
        Assert.That(lookup.Call(["c", "a", "d", "b"]).Values, Is.EqualTo((float[])[0, .. idf]).Within(1e-6f));
        Assert.That(
            lookup.Call(["x", "x"]).Values[0],
            Is.EqualTo(2 * idf.Average()).Within(1e-6f), "that of unknown tokens is the mean");

        Layer again = LayerNames.Registry.Create(ComponentConfig.Of(lookup));
        Assert.That(((StringLookup)again).Call(["a", "x", "x"]).Values, Is.EqualTo(lookup.Call(["a", "x", "x"]).Values));

        static float Idf(int documents) => MathF.Log(1 + (3f / (1 + documents)));
    }

    [Test]
    public void Whole_numbers_get_indices()
    {
        Assert.That(
            new IntegerLookup(vocabulary: [12, 36, 1138, 42], numOovIndices: 2)
                .Call(new float[,] { { 12, 1138, 42 }, { 37, 1000, 36 } }).ToArray2D(),
            Is.EqualTo(new float[,] { { 2, 4, 5 }, { 1, 0, 3 } }));
        Assert.That(
            new IntegerLookup(vocabulary: [5], numOovIndices: 3).Call(new[] { -1, -2, -3, -4, 5 }).Values,
            Is.EqualTo((float[])[2, 1, 0, 2, 3]), "the remainder is never below 0");
        var hashed = new IntegerLookup(vocabulary: [5], numOovIndices: 3, oovMethod: "farmhash", salt: [133, 137]);
        Assert.That(hashed.Call(new[] { 0, 1, 2, 3, 4 }).Values, Is.EqualTo((float[])[1, 1, 2, 0, 1]), "as Hashing hashes them");
        Assert.That(
            new IntegerLookup(maskToken: 0, vocabulary: [7, 9], outputMode: "multi_hot").Call(new[] { 0, 7, 8 }).Values,
            Is.EqualTo((float[])[1, 1, 0]));
    }

    [Test]
    public void Vocabularies_that_are_none_are_refused()
    {
        Refused(() => new StringLookup(vocabulary: ["a", "b", "a", "b"]),
            "StringLookup: the vocabulary has 'a', 'b' more than once. Give each token once. (Parameter 'vocabulary')");
        Refused(() => new IntegerLookup(vocabulary: [3, 3]),
            "IntegerLookup: the vocabulary has 3 more than once. Give each token once. (Parameter 'vocabulary')");
        Refused(() => new StringLookup(vocabulary: []),
            "StringLookup: the vocabulary is empty. Give it one token at least. (Parameter 'vocabulary')");
        Refused(() => new StringLookup(maxTokens: 3, vocabulary: Abc),
            "StringLookup: the vocabulary has 4 indices, with 1 for what is masked or unknown, but maxTokens is 3. (Parameter "
            + "'vocabulary')");
        Refused(() => new StringLookup(maskToken: "b", vocabulary: Abc),
            "StringLookup: the vocabulary has 'b', which is the maskToken, among its tokens. Leave out the tokens for what is "
            + "masked "
            + "or unknown, or begin with all of them: 'b', '[UNK]'. (Parameter 'vocabulary')");
        Refused(() => new StringLookup(oovToken: "b", vocabulary: Abc, invert: true),
            "StringLookup: the vocabulary has 'b', which is the oovToken, among its tokens. Leave out the tokens for what is "
            + "masked "
            + "or unknown, or begin with all of them: 'b'. (Parameter 'vocabulary')");
        Refused(() => new StringLookup(vocabulary: Abc, outputMode: "tf_idf"),
            "StringLookup: with a vocabulary and the outputMode 'tf_idf', idfWeights must be given, one for each token.");
        Refused(() => new StringLookup(vocabulary: Abc, idfWeights: [1, 2], outputMode: "tf_idf"),
            "StringLookup: there must be an idfWeight for each of the 3 tokens of the vocabulary, but there are 2. "
            + "(Parameter 'idfWeights')");
        Refused(() => new StringLookup(1, -1, outputMode: "ints", padToMaxTokens: true, name: "words"),
            "StringLookup 'words': maxTokens must be at least 2, or null for any number, but is 1; numOovIndices must be at "
            + "least 0 and below 16777216, but is -1; outputMode must be 'int' or 'one_hot' or 'multi_hot' or 'count' or "
            + "'tf_idf', but is "
            + "'ints'; "
            + "padToMaxTokens pads encodings, but the outputMode is 'ints'.");
        Refused(() => new StringLookup(vocabulary: Abc, invert: true, outputMode: "count"),
            "StringLookup: with invert: true the outputMode must be 'int', but is 'count'.");
        Refused(() => new IntegerLookup(vocabulary: [(1L << 40) + 1]),
            "IntegerLookup: the vocabulary has 1099511627777, of which a float would lose digits; use StringLookup for such ids. "
            + "(Parameter 'vocabulary')");
        Refused(() => new IntegerLookup(salt: 3), "IntegerLookup: salt is for oovMethod: \"farmhash\".");
    }

    [Test]
    public void What_cannot_be_looked_up_is_refused()
    {
        Refused(() => new StringLookup(numOovIndices: 0, vocabulary: Abc).Call(new string[,] { { "a", "b" }, { "c", "x" } }),
            "StringLookup does not know 'x' in strings in row 1 at 1, and has no index for what it does not know. Set "
            + "numOovIndices: 1, or "
            + "add it to the vocabulary. (Parameter 'strings')");
        Refused(() => new IntegerLookup(numOovIndices: 0, vocabulary: [1]).Call(new[] { 1, 2 }),
            "IntegerLookup does not know 2 in its input, and has no index for what it does not know. Set numOovIndices: 1, or "
            + "add it to "
            + "the vocabulary. (Parameter 'input')");
        Refused(() => new IntegerLookup(vocabulary: [1]).Call(new[] { 1.5f }),
            "IntegerLookup looks up whole numbers, but gets 1.5 among its tokens. Use Discretization for measurements.");
        Refused(() => new StringLookup(vocabulary: Abc).Call(new string[][] { ["a"], ["a", "b"] }),
            "StringLookup is called on rows of unequal length, which are no array. Call it on each row, or predict with a model. "
            + "(Parameter 'strings')");
        Refused(() => new StringArray([2], ["a", "b\uD83D"]),
            "The string at 1 is no Unicode text: it has half of a surrogate pair (U+D83D) at 1. Cut texts between characters, "
            + "and read "
            + "files as what they are encoded in. (Parameter 'value')");
        Impossible(() => new StringLookup(name: "words").Call(["a"]),
            "StringLookup 'words' has no vocabulary yet: call Adapt with data, or give it a vocabulary.");
        Impossible(() => new StringLookup(vocabulary: Abc, invert: true).Call(["a"]),
            "StringLookup maps indices to strings (invert: true). Call it on indices.");
        Impossible(() => new StringLookup(vocabulary: Abc).Call(new[] { 1 }),
            "StringLookup maps strings to indices. For strings of indices: new StringLookup(vocabulary: "
            + "lookup.GetVocabulary(), invert: true).");
        Impossible(() => new StringLookup(vocabulary: Abc).Adapt(["a"]),
            "StringLookup has a vocabulary that was given, or read from a file, so Adapt has nothing to learn. Create it "
            + "without one, or "
            + "use SetVocabulary.");
        Refused(() => new StringLookup().Adapt(["[UNK]"]),
            "StringLookup can learn no vocabulary without tokens. Give Adapt one token at least.");
    }

    [Test]
    public void Another_vocabulary_can_be_set()
    {
        var lookup = new StringLookup(vocabulary: Abc);
        lookup.SetVocabulary(["z"]);
        Assert.That(lookup.Call(["z", "a"]).Values, Is.EqualTo((float[])[1, 0]));
        var weighted = new StringLookup(outputMode: "tf_idf");
        weighted.SetVocabulary(["z", "y"], [0.5, 1.5]);
        Assert.That(weighted.Call(["z", "z", "q"]).Values, Is.EqualTo((float[])[1, 1, 0]));
        Refused(() => weighted.SetVocabulary(["z"]),
            "StringLookup: idfWeights must be given with the outputMode 'tf_idf', and with no other, but it is 'tf_idf' and "
            + "they are not.");
        Refused(() => lookup.SetVocabulary(["z"], [1]),
            "StringLookup: idfWeights must be given with the outputMode 'tf_idf', and with no other, but it is 'int' and they "
            + "are.");
    }

    [Test]
    public void Configs_that_are_wrong_are_refused()
    {
        Wrong("StringLookup", "vocabulary", "words.txt", "StringLookup: vocabulary names a file, and a file does not read "
            + "another one. Write the tokens themselves.");
        Wrong("StringLookup", "vocabulary", new object[] { "a", 3L },
            "StringLookup: vocabulary must be a list of texts, or null.");
        Wrong("IntegerLookup", "vocabulary", new object[] { "a" }, "IntegerLookup: vocabulary must be a list of whole numbers, "
            + "or null.");
        Wrong("StringLookup", "encoding", "latin-1", "StringLookup: encoding = 'latin-1' is not supported; it must be 'utf-8' "
            + "or null.");
        Wrong("StringLookup", "sparse", true, "StringLookup: sparse = true is not supported; it must be false or null.");
        Wrong("StringLookup", "salt", "x", "StringLookup: salt must be a whole number, a list of two, or null.");
        var config = new Config { { "vocabulary", Abc }, { "vocabulary_size", 7 } };
        Refused(
            () => LayerNames.Registry.Create(new ComponentConfig("StringLookup", config)),
            "StringLookup: vocabulary_size is 7, but the vocabulary makes it 4.");
    }

    private static void Wrong(string layer, string key, object value, string message) =>
        Refused(() => LayerNames.Registry.Create(new ComponentConfig(layer, new Config { { key, value } })), message);

    private static void Refused(Action act, string message) =>
        Assert.That(act, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));

    private static void Impossible(Action act, string message) =>
        Assert.That(act, Throws.InvalidOperationException.With.Message.EqualTo(message));
}
