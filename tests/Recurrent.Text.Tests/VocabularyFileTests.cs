using System.Text;
using Recurrent.Serialization;
using Recurrent.Tokenizers;

namespace Recurrent.Tests;

/// <summary>Tokenizers of vocabularies in files of BERT and SentencePiece, and what is wrong with such files.</summary>
[TestFixture]
public sealed class VocabularyFileTests
{
    private string folder = string.Empty;

    private string PathOfFile => Path.Combine(folder, "vocabulary");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("\n", "")]
    [TestCase("\r\n", "\r\n")]
    public void A_vocabulary_of_BERT_has_a_part_a_line(string between, string last)
    {
        string[] parts = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "!"];
        File.WriteAllText(PathOfFile, string.Join(between, parts) + last);
        WordPieceTokenizer tokenizer = WordPieceTokenizer.FromFile(PathOfFile, lower: true);
        Assert.Multiple(() =>
        {
            Assert.That(tokenizer.VocabularySize, Is.EqualTo(8));
            Assert.That(tokenizer.Encode("UNAFFABLE!", addStart: true, addEnd: true), Is.EqualTo(new[] { 2, 4, 5, 6, 7, 3 }));
            Assert.That((tokenizer.Lower, tokenizer.StripAccents, tokenizer.MaxCharactersPerWord), Is.EqualTo((true, true, 100)));
            Assert.That(WordPieceTokenizer.FromFile(PathOfFile).Encode("Un"), Is.EqualTo(new[] { 1 }));
        });
    }

    [Test]
    public void A_byte_order_mark_and_other_special_tokens_are_understood()
    {
        File.WriteAllText(PathOfFile, "<unk>\na\n##b\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        WordPieceTokenizer tokenizer = WordPieceTokenizer.FromFile(PathOfFile, specialTokens: new(null, "<unk>", null, null));
        Assert.That(tokenizer.Encode("ab é"), Is.EqualTo(new[] { 1, 2, 0 }));
    }

    [Test]
    public void A_vocabulary_that_is_none_is_named_with_what_is_wrong() => Assert.Multiple(() =>
    {
        Refused([.. "a\nb\n"u8], "the special token '[PAD]' is not in the vocabulary");
        Refused([.. "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n"u8], "vocabulary[5] is 'a', which is there already");
        Refused([.. "[PAD]\n[UNK]\n[CLS]\n[SEP]\n\na\n"u8], "vocabulary[4] is empty");
        Refused([.. "[PAD]\n[UNK]\n[CLS]\n[SEP]\na b\n"u8], "no part has white space inside");
        Refused([], "the special token '[PAD]' is not in the vocabulary");
        Refused([0xFF, 0x41], "this is not UTF-8 text");
        Refused([.. "[PAD]\n[UNK]\n"u8], "longer than 5 bytes", new() { MaxLength = 5 });
        Assert.That(() => WordPieceTokenizer.FromFile(PathOfFile + "2"), Throws.InstanceOf<IOException>());

        void Refused(byte[] content, string message, ReadLimits? limits = null)
        {
            File.WriteAllBytes(PathOfFile, content);
            Assert.That(() => WordPieceTokenizer.FromFile(PathOfFile, limits: limits), Throws.TypeOf<ModelFormatException>()
                .With.Message.Contains(message).And.Message.Contains("vocabulary").And.Property("Path").EqualTo("vocabulary"));
        }
    });

    [Test]
    public void A_model_of_SentencePiece_is_read_from_its_file()
    {
        File.WriteAllBytes(PathOfFile, SubwordTests.Pieces());
        SentencePieceTokenizer tokenizer = SentencePieceTokenizer.FromFile(PathOfFile);
        Assert.That(tokenizer.Encode("the cat").Select(tokenizer.TokenOf), Is.EqualTo(new[] { "▁the", "▁", "c", "a", "t" }));
        Assert.That(tokenizer.Encode("the cat"), Is.EqualTo(
            SentencePieceTokenizer.FromModel(SubwordTests.Pieces()).Encode("the cat")));
    }

    [Test]
    public void A_model_of_SentencePiece_that_is_none_is_named() => Assert.Multiple(() =>
    {
        Refused([], "This is no model of SentencePiece: it has no pieces.");
        Refused([.. "<unk>\n<s>\n"u8], "This is no model of SentencePiece");
        Refused(SubwordTests.Pieces()[..20], "This is no model of SentencePiece");
        Refused(SubwordTests.Pieces(), "the file is longer than 40 bytes. If you trust it, raise ReadLimits.MaxLength.",
            new() { MaxLength = 40 });
        Assert.That(() => SentencePieceTokenizer.FromFile(PathOfFile + "2"), Throws.InstanceOf<IOException>());

        void Refused(byte[] content, string message, ReadLimits? limits = null)
        {
            File.WriteAllBytes(PathOfFile, content);
            Assert.That(() => SentencePieceTokenizer.FromFile(PathOfFile, limits), Throws.TypeOf<ModelFormatException>()
                .With.Message.Contains(message).And.Property("Path").EqualTo("vocabulary"));
        }
    });

    [Test]
    public void Byte_pairs_say_how_they_split_texts()
    {
        Assert.That(BytePairTokenizer.Learn(["a b"], 260, pattern: "gpt2").Pattern, Is.EqualTo("gpt2"));
        Assert.That(
            () => WordPieceTokenizer.FromFile(string.Empty), Throws.ArgumentException.With.Property("ParamName").EqualTo("path"));
    }
}
