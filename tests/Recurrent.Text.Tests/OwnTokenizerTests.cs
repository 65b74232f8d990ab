using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.Text;

namespace Recurrent.Tests;

/// <summary>A tokenizer of one's own: ids, texts, special tokens, messages, files and models.</summary>
[TestFixture]
public sealed class OwnTokenizerTests
{
    private static readonly CustomObjects Custom = new CustomObjects().Add(nameof(Digits), Digits.Read);

    [Test]
    public void It_has_all_that_tokenizers_have()
    {
        var digits = new Digits(new("<pad>", null, "<s>", "</s>"), gap: 2);
        Assert.Multiple(() =>
        {
            Assert.That(digits.VocabularySize, Is.EqualTo(13));
            Assert.That(digits.Encode("07", addStart: true, addEnd: true), Is.EqualTo(new[] { 1, 3, 10, 2 }));
            Assert.That(digits.Decode([1, 3, 10, 2, 0]), Is.EqualTo("0  7"));
            Assert.That(digits.Decode([1, 3, 2], skipSpecial: false), Is.EqualTo("<s>  0  </s>"));
            Assert.That(digits.EncodePadded(["1", "23"]).Values, Is.EqualTo(new float[] { 4, 0, 5, 6 }));
            Assert.That(digits.DecodeAll([[3], [12, 4]]), Is.EqualTo(new[] { "0", "9  1" }));
            Assert.That(digits.IsSpecial(2), Is.True);
            Assert.That(digits.IsSpecial(3), Is.False);
            Assert.That((digits.IdOf("5"), digits.IdOf("x")), Is.EqualTo(((int?)8, (int?)null)));
            Assert.That(
                () => digits.EncodeAll(["1", "2x"]),
                Throws.ArgumentException.With.Message.StartsWith(
                    "The text of sample 1 has 'x' at 1, which is not in the vocabulary of Digits"));
        });
    }

    [Test]
    public void The_unknown_token_stands_in_texts_and_others_do_not()
    {
        var digits = new Digits(new("<pad>", "?", null, null), gap: 1);
        Assert.That(digits.Encode("1x2"), Is.EqualTo(new[] { 3, 1, 4 }));
        Assert.That(digits.Decode([0, 3, 1, 4]), Is.EqualTo("1 ? 2"));
    }

    [Test]
    public void It_goes_into_files_alone_and_with_a_model()
    {
        var digits = new Digits(new("<pad>", null, "<s>", "</s>"), gap: 3);
        using var alone = new MemoryStream();
        digits.Save(alone);
        alone.Position = 0;
        Assert.That(
            () => TextTokenizer.Load(alone),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("Unknown tokenizer 'Digits'"));
        alone.Position = 0;
        var again = (Digits)TextTokenizer.Load(alone, Custom);
        Assert.That((again.Gap, again.SpecialTokens), Is.EqualTo((3, digits.SpecialTokens)));

        LanguageModel model = LanguageModel.Recurrent(digits, units: 4);
        using var whole = new MemoryStream();
        model.Save(whole);
        whole.Position = 0;
        var greedy = new GreedyDecoding(maxLength: 5);
        Assert.That(LanguageModel.Load(whole, Custom).Generate("12", greedy), Is.EqualTo(model.Generate("12", greedy)));
    }

    /// <summary>A digit is a token; texts have gaps between them.</summary>
    private sealed class Digits(SpecialTokens specials, int gap) : TextTokenizer(specials, normalization: null, lower: false)
    {
        public int Gap => gap;

        public override string ClassName => nameof(Digits);

        public override int VocabularySize => SpecialCount + 10;

        public static Digits Read(ConfigReader config)
        {
            _ = config.OptionalString("normalization");
            _ = config.Bool("lower", false);
            return new(ReadSpecialTokens(config), config.Int("gap"));
        }

        public override Config GetConfig()
        {
            Config config = StartConfig();
            config.Add("gap", gap);
            return config;
        }

        public override string TokenOf(int id) => id >= SpecialCount ? $"{id - SpecialCount}" : id == PadId ? SpecialTokens.Pad!
            : id == UnknownId ? SpecialTokens.Unknown! : id == StartId ? SpecialTokens.Start! : SpecialTokens.End!;

        public override int? IdOf(string token) => token is [>= '0' and <= '9'] ? SpecialCount + token[0] - '0' : null;

        public override TokenDecoder StartDecoding(bool skipSpecial = true) => new Spaced(this, skipSpecial);

        protected override void AppendIds(string text, ICollection<int> ids, int sample)
        {
            for (int i = 0; i < text.Length; i++)
            {
                ids.Add(IdOf(text[i..(i + 1)]) ?? UnknownId ?? throw Unknown(text[i..(i + 1)], i, sample));
            }
        }

        private sealed class Spaced(Digits digits, bool skipSpecial) : TokenDecoder
        {
            private bool hasBegun;

            public override string Append(int id)
            {
                if (skipSpecial && digits.IsSkipped(id))
                {
                    return string.Empty;
                }

                string added = (hasBegun ? new string(' ', digits.Gap) : string.Empty) + digits.TokenOf(id);
                hasBegun = true;
                return added;
            }
        }
    }
}
