using Recurrent.Models;

namespace Recurrent.Text.Tests;

/// <summary>What is said of texts that were written: how many tokens, whether they ended, how good they are.</summary>
[TestFixture]
public sealed class WrittenTextTests
{
    private static readonly CharacterTokenizer Letters = new(["a", "b", "c", "d"]);

    [Test]
    public void Rows_are_decoded_one_by_one()
    {
        int[][] rows = [Letters.Encode("abc", addEnd: true), [], Letters.Encode("d")];
        Assert.That(Letters.DecodeAll(rows), Is.EqualTo(new[] { "abc", string.Empty, "d" }));
        Assert.That(Letters.DecodeAll(rows, skipSpecial: false)[0], Is.EqualTo("abc[END]"));
        Assert.That(() => Letters.DecodeAll([[4], [4, 99]]), Throws.ArgumentException.With.Message.Contain("99"));
    }

    [Test]
    public void A_decoder_knows_how_many_tokens_there_are()
    {
        Model model = DecodingModels.Create(DecodingModels.Names.First(), seed: 1);
        Assert.That(new SequenceDecoder(model, DecodingModels.End).TokenCount, Is.EqualTo(model.OutputShape!.Features));
    }

    [Test]
    public void A_generator_counts_what_it_has_written_since_it_read()
    {
        LanguageModel model = LanguageModel.Recurrent(Letters, 8, embeddingDim: 4);
        DecodingModels.Randomize(model.Model, 3);
        TextGenerator generator = model.OpenGenerator(new SamplingDecoding(minLength: 50, maxLength: 50));
        generator.Read("ab");
        Assert.That(generator.Written, Is.Zero);
        generator.Next();
        generator.Next();
        Assert.That(generator.Written, Is.EqualTo(2));
        generator.Read("c");
        Assert.That(generator.Written, Is.Zero);
    }

    [Test]
    public void Texts_that_were_cut_have_not_ended()
    {
        Seq2Seq model = Seq2Seq.Recurrent(Letters, Letters, 8, embeddingDim: 4, maxLength: 20);
        DecodingModels.Randomize(model.TrainingModel, 2);
        IReadOnlyList<IReadOnlyList<GeneratedText>> all = model.TranslateAll(["abcd", "da"], new BeamSearch(4, maxLength: 3));
        foreach (GeneratedText text in all.SelectMany(best => best))
        {
            Assert.That(text.Ended, Is.EqualTo(text.Decoded.Ended));
            Assert.That(text.Ended || text.Text.Length == 3, $"{text}");
        }
    }

    [Test]
    public void Seq2Seq_is_evaluated_by_teacher_forcing()
    {
        Seq2Seq model = Seq2Seq.Recurrent(Letters, Letters, 12, embeddingDim: 6, maxLength: 20);
        model.Compile("adam");
        string[] sources = ["ab", "bc", "cd", "da"];
        Scores before = model.Evaluate(sources, sources);
        model.Fit(sources, sources, epochs: 40, verbose: 0);
        Assert.That(model.Evaluate(sources, sources)["loss"], Is.LessThan(before["loss"] - 0.2));
    }

    [Test]
    public void A_BLEU_score_is_a_number()
    {
        BleuScore bleu = TextScores.Bleu(["the cat sat on the mat"], ["the cat sat on a mat"]);
        double number = bleu;
        Assert.That(number, Is.EqualTo(bleu.Score).And.InRange(1, 99));
    }
}
