using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Recurrent.Layers;
using Recurrent.Serialization;
using Recurrent.Text;
using Recurrent.Tokenizers;

namespace Recurrent.Tests;

[TestFixture]
public sealed class SubwordTests
{
    private static readonly string[] Corpus =
    [
        "low low low low low lower lower newest newest newest newest newest newest widest widest widest",
        "the thesis of the theatre, then and there", "नमस्ते दुनिया नमस्ते", "東京は晴れ 東京は雨", "a\n\tb  c \U0001F600\U0001F600",
    ];

    [Test]
    public void The_most_frequent_pair_is_joined_first()
    {
        // Sennrich et al.: e s, then es t; here spaces belong to the words behind them.
        BytePairTokenizer tokenizer = BytePairTokenizer.Learn(
            [Corpus[0]], vocabularySize: 256 + 4, specialTokens: SpecialTokens.None);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.Merges[0], Is.EqualTo(("e", "s")));
            Assert.That(tokenizer.Merges[1], Is.EqualTo(("es", "t")));
            Assert.That(tokenizer.VocabularySize, Is.EqualTo(260));
            Assert.That(tokenizer.TokenOf(257), Is.EqualTo("est"));
            Assert.That(tokenizer.Encode("est"), Is.EqualTo(new[] { 257 }));
        });
    }

    [Test]
    public void Joins_are_those_of_plain_counting()
    {
        BytePairTokenizer tokenizer = BytePairTokenizer.Learn(Corpus, 256 + 60, minCount: 1, SpecialTokens.None);
        Assert.That(tokenizer.Merges, Is.EqualTo(Plainly(Corpus, 60)));
    }

    [Test]
    public void Any_text_comes_back()
    {
        BytePairTokenizer tokenizer = BytePairTokenizer.Learn(Corpus, 320);
        foreach (string text in Corpus.Append("\u0000\uFFFE[END] naïve e\u0301 \U0001F3F3\uFE0F\u200D\U0001F308   x\r\n"))
        {
            Assert.That(tokenizer.Decode(tokenizer.Encode(text, true, true)), Is.EqualTo(text));
        }

        Prop.ForAll<string>(text => string.IsNullOrEmpty(text) || UnicodeText.FirstHalf(text) >= 0
            || (tokenizer.Decode(tokenizer.Encode(text)) == text && Joined(tokenizer, text) == text))
            .Check(Config.QuickThrowOnFailure.WithReplay(815UL, 47UL));
    }

    [Test]
    public void Letters_that_are_not_whole_wait()
    {
        BytePairTokenizer tokenizer = BytePairTokenizer.Learn(["a"], 260);
        int[] ids = tokenizer.Encode("é");
        TokenDecoder stream = tokenizer.StartDecoding();
        Assert.Multiple(() =>
        {
            Assert.That(ids, Has.Length.EqualTo(2));
            Assert.That(stream.Append(ids[0]), Is.Empty);
            Assert.That(stream.Append(ids[1]), Is.EqualTo("é"));
            Assert.That(stream.Append(ids[0]) + stream.Finish(), Is.EqualTo("\uFFFD"));
        });
    }

    [Test]
    public void Gpt2s_files_are_read()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string vocabulary = Path.Combine(folder, "vocab.json");
            string merges = Path.Combine(folder, "merges.txt");
            IEnumerable<string> bytes = Enumerable.Range(0, 256).Select(value => ByteLetters.Letter((byte)value).ToString());
            string[] tokens = [.. bytes, "he", "Ġt", "Ġthe", "<|endoftext|>"];
            File.WriteAllText(vocabulary, "{" + string.Join(",", tokens.Select((token, id) =>
                System.Text.Json.JsonSerializer.Serialize(token) + ":" + id)) + "}");
            File.WriteAllText(merges, "#version: 0.2\nh e\nĠ t\nĠt he\n");
            BytePairTokenizer tokenizer = BytePairTokenizer.FromFiles(vocabulary, merges, new(null, null, null, "<|endoftext|>"));
            Assert.Multiple(() =>
            {
                Assert.That(tokenizer.Encode("he the", addEnd: true), Is.EqualTo(new[] { 256, 258, 259 }));
                Assert.That(tokenizer.Decode([258, 256, 259]), Is.EqualTo(" thehe"));
                Assert.That(tokenizer.EndId, Is.EqualTo(259));
                Assert.That(tokenizer.PadId, Is.Null);
                Assert.That(() => tokenizer.Encode("a", addStart: true), Throws.InvalidOperationException);
                Assert.That(
                    tokenizer.Encode("<|endoftext|>"), Has.No.Member(259), "what spells a special token is text");
            });
            foreach (string broken in (string[])
                ["[]", "{\"a\":0}", "{\"a\":-1}", "{\"a\":\"b\"}", "{\"a\":0", "", "{\"\\ud800\":0}"])
            {
                File.WriteAllText(vocabulary, broken);
                Assert.That(
                    () => BytePairTokenizer.FromFiles(vocabulary, merges), Throws.TypeOf<ModelFormatException>(), broken);
            }

            File.WriteAllText(vocabulary, "{" + string.Join(",", tokens.Select((token, id) =>
                System.Text.Json.JsonSerializer.Serialize(token) + ":" + id)) + "}");
            foreach (string broken in (string[])["he", "h e l", "q q", "\u0000 \u0000"])
            {
                File.WriteAllText(merges, broken);
                Assert.That(
                    () => BytePairTokenizer.FromFiles(vocabulary, merges), Throws.TypeOf<ModelFormatException>(), broken);
            }

            File.WriteAllBytes(merges, [0xFF, 0xFE, 0x41]);
            Assert.That(() => BytePairTokenizer.FromFiles(vocabulary, merges), Throws.TypeOf<ModelFormatException>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Words_are_taken_apart_from_their_beginning_on()
    {
        // BERT's own example, and its tests of how texts are split.
        var tokenizer = new WordPieceTokenizer(
            [
                "[UNK]", "[CLS]", "[SEP]", "[PAD]", "want", "##want", "##ed", "wa", "un", "runn", "##ing", ",", "hello", "!",
                "東", "京",
            ],
            lower: true);
        Assert.Multiple(() =>
        {
            Assert.That(Tokens("unwanted running"), Is.EqualTo(new[] { "un", "##want", "##ed", "runn", "##ing" }));
            Assert.That(Tokens("unwantedX running"), Is.EqualTo(new[] { "[UNK]", "runn", "##ing" }));
            Assert.That(Tokens(" \tHeLLo!\n  HÉLLO,東京"), Is.EqualTo(new[] { "hello", "!", "hello", ",", "東", "京" }));
            Assert.That(tokenizer.Decode(tokenizer.Encode("Hello, unwanted!", true, true)), Is.EqualTo("hello , unwanted !"));
            Assert.That((tokenizer.PadId, tokenizer.UnknownId, tokenizer.StartId, tokenizer.EndId), Is.EqualTo((3, 0, 1, 2)));
            Assert.That(
                tokenizer.EncodePadded(["hello", "un"], addStart: true, addEnd: true, maxlen: 4).Values,
                Is.EqualTo(new float[] { 1, 12, 2, 3, 1, 8, 2, 3 }));
            Assert.That(() => new WordPieceTokenizer(["a"]), Throws.ArgumentException.With.Message.Contains("'[PAD]'"));
            Assert.That(
                () => new WordPieceTokenizer(["a", "a"], SpecialTokens.None),
                Throws.ArgumentException.With.Message.Contains("already"));
            Assert.That(
                () => new WordPieceTokenizer(["a"], SpecialTokens.None),
                Throws.ArgumentException.With.Message.Contains("unknown"));
        });

        string[] Tokens(string text) => [.. tokenizer.Encode(text).Select(tokenizer.TokenOf)];
    }

    [Test]
    public void Models_of_SentencePiece_are_read()
    {
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.FromModel(Pieces());
        Assert.Multiple(() =>
        {
            Assert.That(
                (tokenizer.UnknownId, tokenizer.StartId, tokenizer.EndId, tokenizer.PadId), Is.EqualTo((0, 1, 2, (int?)null)));
            Assert.That(
                tokenizer.Encode("the cat").Select(tokenizer.TokenOf), Is.EqualTo(new[] { "▁the", "▁", "c", "a", "t" }));
            Assert.That(tokenizer.Decode(tokenizer.Encode("the cat", addStart: true, addEnd: true)), Is.EqualTo("the cat"));
            Assert.That(Joined(tokenizer, "at the cat"), Is.EqualTo("at the cat"));
        });
    }

    [Test]
    public void Files_hold_all_there_is()
    {
        foreach (TextTokenizer tokenizer in (TextTokenizer[])
            [
                BytePairTokenizer.Learn(Corpus, 300, pattern: "gpt2", normalization: "NFC", lower: true),
                new WordPieceTokenizer(["[UNK]", "the", "##n", "a"], new(null, "[UNK]", null, null), maxCharactersPerWord: 9),
                SentencePieceTokenizer.FromModel(Pieces()),
            ])
        {
            using var stream = new MemoryStream();
            tokenizer.Save(stream);
            stream.Position = 0;
            TextTokenizer again = TextTokenizer.Load(stream, SubwordTokenizers.Custom);
            Assert.Multiple(() =>
            {
                Assert.That(again.GetType(), Is.EqualTo(tokenizer.GetType()));
                Assert.That(again.SpecialTokens, Is.EqualTo(tokenizer.SpecialTokens));
                Assert.That(again.Encode("Then the cat a"), Is.EqualTo(tokenizer.Encode("Then the cat a")));
                stream.Position = 0;
                Assert.That(() => TextTokenizer.Load(stream), Throws.TypeOf<ModelFormatException>());
            });
        }
    }

    [Test]
    public void A_file_read_without_the_package_says_which_package_and_which_call_are_missing()
    {
        var all = new SpecialTokens("[PAD]", "[UNK]", "[START]", "[END]");
        foreach (TextTokenizer tokenizer in (TextTokenizer[])
            [
                BytePairTokenizer.Learn(Corpus, 300, specialTokens: all),
                new WordPieceTokenizer(["[PAD]", "[UNK]", "[START]", "[END]", "the", "##n", "a"], all),
                SentencePieceTokenizer.FromModel(Pieces()),
            ])
        {
            var model = new Recurrent.Models.Sequential(
                [new Embedding(tokenizer.VocabularySize, 4), new GRU(4), new Dense(2, "softmax")]);
            var letters = new CharacterTokenizer(["a"]);
            foreach ((Action<Stream> save, Func<Stream, object> load) in ((Action<Stream>, Func<Stream, object>)[])[
                (tokenizer.Save, file => TextTokenizer.Load(file)),
                (file => new TextClassifier(model, ["a", "b"], tokenizer).Save(file), file => TextClassifier.Load(file)),
                (file => LanguageModel.Recurrent(tokenizer, 4).Save(file), file => LanguageModel.Load(file)),
                (file => Seq2Seq.Recurrent(tokenizer, letters, 4).Save(file), file => Seq2Seq.Load(file))])
            {
                using var stream = new MemoryStream();
                save(stream);
                stream.Position = 0;
                Assert.That(() => load(stream), Throws.TypeOf<ModelFormatException>().With.Message.Contains(
                    $"Unknown tokenizer '{tokenizer.ClassName}'. It is in the package Recurrent.Tokenizers: reference it, and "
                    + "give custom: SubwordTokenizers.Custom to the method that reads the file."));
            }
        }
    }

    [Test]
    public void Broken_models_of_SentencePiece_are_refused_or_work()
    {
        byte[] right = Pieces();
        Assert.That(() => SentencePieceTokenizer.FromModel([]), Throws.TypeOf<ModelFormatException>());
        var random = new System.Random(5);
        for (int round = 0; round < 300; round++)
        {
            byte[] broken = [.. right];
            for (int change = 0; change <= round % 5; change++)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            broken = round % 3 == 0 ? broken[..random.Next(broken.Length)] : broken;
            try
            {
                SentencePieceTokenizer.FromModel(broken).Encode("the cat é");
            }
            catch (Exception exception) when (exception is ModelFormatException or InvalidOperationException)
            {
            }
        }
    }

    private static string Joined(TextTokenizer tokenizer, string text)
    {
        TokenDecoder stream = tokenizer.StartDecoding();
        var joined = new StringBuilder();
        foreach (int id in tokenizer.Encode(text))
        {
            joined.Append(stream.Append(id));
        }

        return joined.Append(stream.Finish()).ToString();
    }

    /// <summary>A model by hand: byte pairs "▁t", "he", "▁the", "at" and letters.</summary>
    internal static byte[] Pieces()
    {
        var model = new List<byte>();
        Piece("<unk>", 0, 2);
        Piece("<s>", 0, 3);
        Piece("</s>", 0, 3);
        string[] pieces = ["▁t", "he", "▁the", "▁", "t", "h", "e", "c", "a"];
        for (int i = 0; i < pieces.Length; i++)
        {
            Piece(pieces[i], -i, 1);
        }

        Field(2, [0x18, 2]); // Its trainer made byte pairs.
        Field(3, [0x1A + 8, 0]); // Its normalizer has an empty description.
        return [.. model];

        void Piece(string text, float score, byte kind)
        {
            byte[] letters = Encoding.UTF8.GetBytes(text);
            Field(1, [0x0A, (byte)letters.Length, .. letters, 0x15, .. BitConverter.GetBytes(score), 0x18, kind]);
        }

        void Field(int number, byte[] content) => model.AddRange([(byte)((number << 3) | 2), (byte)content.Length, .. content]);
    }

    /// <summary>Counts all pairs anew for each join; of equal counts the one whose tokens are older.</summary>
    private static List<(string First, string Second)> Plainly(string[] texts, int joins)
    {
        List<string>[] words =
        [
            .. texts.SelectMany(text => System.Text.RegularExpressions.Regex
                .Matches(text, @" ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+")
                .Select(match => Encoding.UTF8.GetBytes(match.Value)
                    .Select(value => ByteLetters.Letter(value).ToString()).ToList())),
        ];
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(value => ByteLetters.Letter((byte)value).ToString())];
        var merges = new List<(string First, string Second)>();
        while (merges.Count < joins)
        {
            (string First, string Second) best = words.SelectMany(word => word.Zip(word.Skip(1)))
                .GroupBy(pair => pair)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => tokens.IndexOf(group.Key.First))
                .ThenBy(group => tokens.IndexOf(group.Key.Second))
                .First().Key;
            merges.Add(best);
            if (!tokens.Contains(best.First + best.Second))
            {
                tokens.Add(best.First + best.Second);
            }

            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if ((word[i], word[i + 1]) == best)
                    {
                        word[i] += word[i + 1];
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return merges;
    }
}
