using Recurrent.Text;

namespace Recurrent.Tests;

/// <summary>What scores are made of; all values by hand.</summary>
[TestFixture]
public sealed class ScorePartTests
{
    [Test]
    public void BLEU_says_what_it_is_made_of()
    {
        // a b c d of a b c d e: every n-gram is right, and exp(1 - 5/4) is left of the score.
        BleuScore bleu = TextScores.Bleu(["a b c d"], ["a b c d e"], tokenize: "none");
        Assert.Multiple(() =>
        {
            Assert.That(bleu.Counts, Is.EqualTo(new double[] { 4, 3, 2, 1 }));
            Assert.That(bleu.Totals, Is.EqualTo(new double[] { 4, 3, 2, 1 }));
            Assert.That(bleu.Precisions, Is.EqualTo(new double[] { 100, 100, 100, 100 }));
            Assert.That((bleu.HypothesisLength, bleu.ReferenceLength), Is.EqualTo((4, 5)));
            Assert.That(bleu.BrevityPenalty, Is.EqualTo(Math.Exp(-0.25)).Within(1e-15));
            Assert.That(bleu.Score, Is.EqualTo(100 * Math.Exp(-0.25)).Within(1e-12));
            Assert.That(
                bleu.ToString(),
                Is.EqualTo("BLEU = 77.88 100.0/100.0/100.0/100.0 (BP = 0.779 ratio = 0.800 hyp_len = 4 ref_len = 5)"));
        });
    }

    [Test]
    public void Small_letters_and_short_texts_count_where_asked_for()
    {
        Assert.That((double)TextScores.Bleu(["A B C D"], ["a b c d"], lowercase: true), Is.EqualTo(100).Within(1e-12));
        Assert.That((double)TextScores.Bleu(["A B C D"], ["a b c d"], smoothMethod: "none"), Is.Zero);

        // Of two words there are no triples: only what there is counts.
        Assert.That((double)TextScores.Bleu(["a b"], ["a b"], effectiveOrder: true), Is.EqualTo(100).Within(1e-12));
        Assert.That((double)TextScores.Bleu(["a b"], ["a b"]), Is.Zero);
        Assert.That((double)TextScores.SentenceBleu("A b", ["c", "a b"], lowercase: true), Is.EqualTo(100).Within(1e-12));
        Assert.That(TextScores.ChrF(["A B"], ["a b"], lowercase: true), Is.EqualTo(100).Within(1e-12));
        Assert.That(TextScores.ChrF(["ab"], ["a b"]), Is.EqualTo(100).Within(1e-12));
        Assert.That(TextScores.ChrF(["ab"], ["a b"], whitespace: true), Is.LessThan(50));
    }

    [Test]
    public void A_language_score_has_three_numbers()
    {
        var score = new LanguageScore(Nats: 8 * Math.Log(2), Tokens: 4, Characters: 8);
        Assert.That(score.NatsPerToken, Is.EqualTo(2 * Math.Log(2)).Within(1e-15));
        Assert.That(score.Perplexity, Is.EqualTo(4).Within(1e-14));
        Assert.That(score.BitsPerCharacter, Is.EqualTo(1).Within(1e-15));
        Assert.That(score.ToString(), Is.EqualTo("1 bits a character, perplexity 4 of 4 tokens"));
    }

    [Test]
    public void Errors_of_tokens_of_any_kind_are_counted()
    {
        // 1 2 3 5 for 1 3 5: 2 is too much. Then 7 for 8.
        ErrorRate errors = TextScores.TokenErrorRate([[1, 2, 3, 5], [7]], [[1, 3, 5], [8]]);
        Assert.That((errors.Hits, errors.Insertions, errors.Substitutions, errors.Deletions), Is.EqualTo((3, 1, 1, 0)));
        Assert.That((errors.Errors, errors.Total, errors.Rate), Is.EqualTo((2, 4, 0.5)));
        Assert.That(TextScores.EditDistance([1, 2, 3], [1, 3, 4]), Is.EqualTo(2));
        Assert.That(TextScores.EditDistance("kitten".ToCharArray(), "sitting".ToCharArray()), Is.EqualTo(3));
        Assert.That(TextScores.EditDistance<int>([], [1, 2]), Is.EqualTo(2));
        Assert.That(TextScores.SequenceAccuracy([[1, 2, 0], [3, 0]], [[1, 2], [4]], 0), Is.EqualTo(0.5));
        Assert.That(
            () => TextScores.SequenceAccuracy([[1], null!], [[1], [2]]),
            Throws.ArgumentException.With.Message.StartsWith("predicted[1] is null."));
        Assert.That(
            () => TextScores.TokenErrorRate([[1]], (IReadOnlyList<int>[])null!),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("actual"));
        Assert.That(
            () => TextScores.TokenAccuracy<int>([], []),
            Throws.ArgumentException.With.Message.StartsWith("There are no predicted. Give at least one."));
    }

    [Test]
    public void Classes_have_their_own_precision_and_recall()
    {
        // Actual 0 0 1 1 1, predicted 0 1 1 1 0.
        ConfusionMatrix matrix = ConfusionMatrix.Of([0, 0, 1, 1, 1], [0, 1, 1, 1, 0]);
        Assert.Multiple(() =>
        {
            Assert.That((matrix.Precision(0), matrix.Recall(0), matrix.F1(0)), Is.EqualTo((0.5, 0.5, 0.5)));
            Assert.That((matrix.Precision(1), matrix.Recall(1)), Is.EqualTo((2 / 3.0, 2 / 3.0)));
            Assert.That((matrix.Support(0), matrix.Support(1), matrix.Total), Is.EqualTo((2L, 3L, 5)));
            foreach (Func<int, double> ask in (Func<int, double>[])
                [label => matrix.Support(label), matrix.Precision, matrix.Recall, matrix.F1, label => matrix[0, label]])
            {
                Assert.That(() => ask(2), Throws.TypeOf<ArgumentOutOfRangeException>()
                    .With.Message.StartsWith("There is no class 2: the classes are 0 to 1."));
                Assert.That(() => ask(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
            }
        });
    }

    [Test]
    public void A_way_to_choose_says_what_it_was_told()
    {
        bool Odd(int sequence, ReadOnlySpan<int> soFar, int token) => token % 2 == 1;
        var sampling = new SamplingDecoding(0.5, topK: 7, topP: 0.9, samples: 2, minLength: 1, maxLength: 8, seed: 3, allow: Odd);
        var beam = new BeamSearch(6, lengthPenalty: 0.7, best: 2, groups: 3, diversity: 0.2);
        Assert.Multiple(() =>
        {
            Assert.That((sampling.Temperature, sampling.TopK, sampling.TopP), Is.EqualTo((0.5, (int?)7, 0.9)));
            Assert.That((sampling.Samples, sampling.Seed), Is.EqualTo((2, 3)));
            Assert.That((sampling.MinLength, sampling.MaxLength), Is.EqualTo((1, (int?)8)));
            Assert.That(sampling.Allow!(0, [], 2), Is.False);
            Assert.That((beam.BeamWidth, beam.LengthPenalty, beam.Best), Is.EqualTo((6, 0.7, 2)));
            Assert.That((beam.Groups, beam.Diversity, beam.RepetitionPenalty), Is.EqualTo((3, 0.2, 1.0)));
        });
    }

    [Test]
    public void A_generator_ends_with_the_end_token()
    {
        WordTokenizer tokenizer = WordTokenizer.Learn(["a b c"]);
        int a = tokenizer.IdOf("a")!.Value;
        TextGenerator writer = LanguageModel.Recurrent(tokenizer, units: 4).OpenGenerator(
            new GreedyDecoding(allow: (_, soFar, token) => token == (soFar.Length < 2 ? a : tokenizer.EndId)));
        Assert.That(writer.HasEnded, Is.False);
        writer.Read("b");
        Assert.That(new[] { writer.NextToken(), writer.NextToken() }, Is.EqualTo(new[] { a, a }));
        Assert.That((writer.HasEnded, writer.Written), Is.EqualTo((false, 2)));
        Assert.That((writer.NextToken(), writer.HasEnded, writer.Written), Is.EqualTo((-1, true, 3)));
        Assert.That((writer.Next(), writer.NextToken(), writer.Written), Is.EqualTo(((string?)null, -1, 3)));
        writer.Reset();
        Assert.That((writer.HasEnded, writer.Written), Is.EqualTo((false, 0)));
        Assert.That(() => writer.NextToken(), Throws.InvalidOperationException.With.Message.StartsWith("Nothing has been read"));
    }

    [Test]
    public void Keras_s_tokenizer_says_what_it_was_told_and_what_it_has_seen()
    {
        var tokenizer = new Tokenizer(numWords: 3, filters: "!", lower: false, split: ",", oovToken: "?");
        tokenizer.FitOnTexts(["a,b!b", "a,B"]);
        tokenizer.FitOnTexts(["b"]);
        Assert.Multiple(() =>
        {
            Assert.That((tokenizer.NumWords, tokenizer.Filters, tokenizer.Lower), Is.EqualTo(((int?)3, "!", false)));
            Assert.That((tokenizer.Split, tokenizer.CharLevel, tokenizer.OovToken), Is.EqualTo((",", false, "?")));
            Assert.That(tokenizer.DocumentCount, Is.EqualTo(3));
            Assert.That(tokenizer.WordCounts, Is.EquivalentTo(new Dictionary<string, int> { ["a"] = 2, ["b"] = 3, ["B"] = 1 }));
            Assert.That(tokenizer.WordDocs["b"], Is.EqualTo(2));
            Assert.That(
                tokenizer.WordIndex,
                Is.EquivalentTo(new Dictionary<string, int> { ["?"] = 1, ["b"] = 2, ["a"] = 3, ["B"] = 4 }));

            // Words of the numbers 3 and 4 are not used: unknown, they are 1.
            Assert.That(tokenizer.TextsToSequences(["b,a,B"]), Is.EqualTo(new[] { new[] { 2, 1, 1 } }));
            Assert.That(tokenizer.SequencesToTexts([[2, 3]]), Is.EqualTo(new[] { "b ?" }));
            Assert.That(tokenizer.SequencesToMatrix([[2, 1, 2, 4]], "count").Values, Is.EqualTo(new float[] { 0, 1, 2 }));
            Assert.That(Tokenizer.DefaultFilters, Does.Not.Contain("'"));
            Assert.That(
                () => tokenizer.SequencesToMatrix([[1], null!]),
                Throws.ArgumentException.With.Message.StartsWith("sequences[1] is null"));
            Assert.That(
                () => tokenizer.SequencesToTexts([null!]),
                Throws.ArgumentException.With.Message.StartsWith("sequences[0] is null"));
        });
    }
}
