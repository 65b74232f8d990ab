using FsCheck;
using FsCheck.Fluent;
using Recurrent.Serialization;
using Recurrent.Text;

namespace Recurrent.Tests;

[TestFixture]
public sealed class TokenizerTests
{
    private const string Start =
        "{\"format\":\"recurrent-tokenizer\",\"format_version\":1,\"tokenizer\":{\"class_name\":\"";

    private static readonly string[] Lines =
    [
        "The cat sat on the mat.\n", "naïve cafe\u0301 \U0001F3F3\uFE0F\u200D\U0001F308", "東京は晴れ",
        "안녕하세요 각", "नमस्ते", "a\tb\r\nc", "مرحبا",
    ];

    [Test]
    public void A_character_is_a_grapheme_cluster_or_a_code_point()
    {
        const string Text = "e\u0301\U0001F3F3\uFE0F\u200D\U0001F308\r\n";
        CharacterTokenizer clusters = CharacterTokenizer.Learn([Text], SpecialTokens.None);
        CharacterTokenizer points = CharacterTokenizer.Learn([Text], SpecialTokens.None, unit: "codepoint");
        Assert.Multiple(() =>
        {
            Assert.That(clusters.Encode(Text), Has.Length.EqualTo(3));
            Assert.That(points.Encode(Text), Has.Length.EqualTo(8));
            Assert.That(clusters.Decode(clusters.Encode(Text)), Is.EqualTo(Text));
            Assert.That(points.Decode(points.Encode(Text)), Is.EqualTo(Text));
        });
    }

    [Test]
    public void Special_tokens_come_first_and_frequent_ones_next()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(["abbccc", "c"]);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Vocabulary, Is.EqualTo(new[] { "c", "b", "a" }));
            Assert.That(tokenizer.VocabularySize, Is.EqualTo(7));
            Assert.That((tokenizer.PadId, tokenizer.UnknownId, tokenizer.StartId, tokenizer.EndId), Is.EqualTo((0, 1, 2, 3)));
            Assert.That(tokenizer.Encode("abxc", addStart: true, addEnd: true), Is.EqualTo(new[] { 2, 6, 5, 1, 4, 3 }));
            Assert.That(tokenizer.Decode([2, 6, 5, 1, 4, 3, 0, 0]), Is.EqualTo("ab[UNK]c"));
            Assert.That(tokenizer.Decode([2, 6, 3, 0], skipSpecial: false), Is.EqualTo("[START]a[END][PAD]"));
            Assert.That(tokenizer.IdOf("b"), Is.EqualTo(5));
            Assert.That(tokenizer.IdOf("z"), Is.Null);
            Assert.That(tokenizer.TokenOf(3), Is.EqualTo("[END]"));
        });
    }

    [Test]
    public void A_text_that_spells_a_special_token_is_text()
    {
        WordTokenizer tokenizer = WordTokenizer.Learn(["say [END] now"]);
        Assert.That(tokenizer.Encode("[END]"), Is.EqualTo(new[] { tokenizer.UnknownId }));
    }

    [TestCase(null, new[] { "e\u0301", "\u00E9" })]
    [TestCase("NFC", new[] { "\u00E9" })]
    [TestCase("NFD", new[] { "e\u0301" })]
    public void Normal_forms_make_the_same_of_what_looks_the_same(string? form, string[] vocabulary)
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(["\u00E9e\u0301"], normalization: form);
        Assert.That(tokenizer.Vocabulary, Is.EqualTo(vocabulary));
    }

    [Test]
    public void Compatibility_forms_and_small_letters()
    {
        WordTokenizer tokenizer = WordTokenizer.Learn(["ﬁne \uFF21\uFF22"], normalization: "NFKC", lower: true);
        Assert.That(tokenizer.Vocabulary, Is.EquivalentTo(new[] { "fine", "ab" }));
    }

    [Test]
    public void Words_between_spaces()
    {
        WordTokenizer tokenizer = WordTokenizer.Learn(["  the cat,\tthe  dog "], SpecialTokens.None);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Vocabulary, Is.EqualTo(new[] { "the", "cat,", "dog" }));
            Assert.That(tokenizer.Decode(tokenizer.Encode("dog   the")), Is.EqualTo("dog the"));
        });
    }

    [TestCase("Can't stop, won't stop!", new[] { "Can't", " ", "stop", ",", " ", "won't", " ", "stop", "!" })]
    [TestCase("pi = 3.14. Yes", new[] { "pi", " ", "=", " ", "3.14", ".", " ", "Yes" })]
    [TestCase("東京は\n", new[] { "東", "京", "は", "\n" })]
    [TestCase("नमस्ते दुनिया", new[] { "नमस्ते", " ", "दुनिया" })]
    [TestCase("a\u0301b \U0001F469\u200D\U0001F4BB", new[] { "a\u0301b", " ", "\U0001F469\u200D\U0001F4BB" })]
    [TestCase("'quoted'", new[] { "'", "quoted", "'" })]
    public void Words_and_what_stands_between_them(string text, string[] words)
    {
        WordTokenizer tokenizer = WordTokenizer.Learn([text], SpecialTokens.None, split: "words");
        int[] ids = tokenizer.Encode(text);
        Assert.Multiple(() =>
        {
            Assert.That(ids.Select(tokenizer.TokenOf), Is.EqualTo(words));
            Assert.That(tokenizer.Decode(ids), Is.EqualTo(text));
        });
    }

    [Test]
    public void Any_text_comes_back()
    {
        Prop.ForAll<string>(text =>
        {
            if (string.IsNullOrEmpty(text) || UnicodeText.FirstHalf(text) >= 0)
            {
                return true;
            }

            TextTokenizer[] all =
            [
                CharacterTokenizer.Learn([text]), CharacterTokenizer.Learn([text], SpecialTokens.None, unit: "codepoint"),
                WordTokenizer.Learn([text], split: "words"),
            ];
            return Array.TrueForAll(all, tokenizer =>
                tokenizer.Decode(tokenizer.Encode(text, addStart: tokenizer.StartId is not null)) == text
                && Reloaded(tokenizer).Encode(text).SequenceEqual(tokenizer.Encode(text)));
        }).Check(Config.QuickThrowOnFailure.WithReplay(4711UL, 13UL));
    }

    [Test]
    public void Files_hold_all_there_is()
    {
        foreach (TextTokenizer tokenizer in (TextTokenizer[])
            [
                CharacterTokenizer.Learn(Lines, new(null, "?", "<s>", null), normalization: "NFKD", lower: true, minCount: 1),
                WordTokenizer.Learn(Lines, split: "words", maxTokens: 12),
            ])
        {
            TextTokenizer again = Reloaded(tokenizer);
            Assert.Multiple(() =>
            {
                Assert.That(again.GetType(), Is.EqualTo(tokenizer.GetType()));
                Assert.That(again.SpecialTokens, Is.EqualTo(tokenizer.SpecialTokens));
                Assert.That(
                    Enumerable.Range(0, again.VocabularySize).Select(again.TokenOf),
                    Is.EqualTo(Enumerable.Range(0, tokenizer.VocabularySize).Select(tokenizer.TokenOf)));
                Assert.That(again.EncodeAll(Lines), Is.EqualTo(tokenizer.EncodeAll(Lines)));
            });
        }
    }

    [TestCase("{}")]
    [TestCase("{\"format\":\"recurrent-tokenizer\",\"format_version\":1}")]
    [TestCase("{\"format\":\"recurrent-tokenizer\",\"format_version\":1,\"tokenizer\":{\"class_name\":\"Evil\",\"config\":{}}}")]
    [TestCase(Start + "CharacterTokenizer\",\"config\":{\"vocabulary\":[\"a\",\"a\"]}}}")]
    [TestCase(Start + "CharacterTokenizer\",\"config\":{\"vocabulary\":[\"ab\"]}}}")]
    [TestCase(Start + "CharacterTokenizer\",\"config\":{\"vocabulary\":[\"\\ud800\"]}}}")]
    [TestCase(Start + "WordTokenizer\",\"config\":{\"vocabulary\":[\"a\"],\"split\":\"magic\"}}}")]
    public void Broken_files_are_refused_as_such(string document)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(document));
        Assert.That(() => TextTokenizer.Load(stream), Throws.TypeOf<ModelFormatException>());
    }

    [Test]
    public void Half_of_a_pair_is_refused_with_sample_and_place()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(["abc"]);
        Assert.Multiple(() =>
        {
            Assert.That(() => tokenizer.EncodeAll(["ab", "a\uD83Db"]), Throws.ArgumentException.With.Message
                .StartsWith("The text of sample 1 is no Unicode text: it has half of a surrogate pair (U+D83D) at 1."));
            Assert.That(() => tokenizer.Encode("\uDC00"), Throws.ArgumentException.With.Message.Contains("U+DC00) at 0"));
            Assert.That(
                () => CharacterTokenizer.Learn(["a", "b\uD83D"]), Throws.ArgumentException.With.Message.Contains("sample 1"));
        });
    }

    [Test]
    public void What_is_unknown_is_refused_where_no_token_stands_for_it()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(["abc"], SpecialTokens.None);
        Assert.Multiple(() =>
        {
            Assert.That(() => tokenizer.EncodeAll(["ab", "abx"]), Throws.ArgumentException.With.Message
                .StartsWith("The text of sample 1 has 'x' at 2, which is not in the vocabulary of CharacterTokenizer"));
            Assert.That(() => tokenizer.Encode("a", addEnd: true), Throws.InvalidOperationException);
            Assert.That(() => tokenizer.EncodePadded(["a"]), Throws.InvalidOperationException.With.Message.Contains("pad token"));
            Assert.That(() => tokenizer.Decode([0, 3]), Throws.ArgumentException.With.Message.Contains("The id 3 at 1"));
            Assert.That(
                () => tokenizer.EncodeAll(["a", string.Empty]),
                Throws.ArgumentException.With.Message.Contains("sample 1 is empty"));
            Assert.That(() => tokenizer.EncodeAll([]), Throws.ArgumentException);
            Assert.That(tokenizer.Encode(string.Empty), Is.Empty);
        });
    }

    [Test]
    public void Padded_texts_are_an_array()
    {
        CharacterTokenizer tokenizer = CharacterTokenizer.Learn(["abc"]);
        Assert.That(tokenizer.EncodePadded(["a", "bcb"], addEnd: true).ToArray2D(), Is.EqualTo(new float[,]
        {
            { 4, 3, 0, 0 },
            { 5, 6, 5, 3 },
        }));
    }

    private static TextTokenizer Reloaded(TextTokenizer tokenizer)
    {
        using var stream = new MemoryStream();
        tokenizer.Save(stream);
        stream.Position = 0;
        return TextTokenizer.Load(stream);
    }
}
