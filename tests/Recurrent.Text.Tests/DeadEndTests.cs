using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Text.Tests;

/// <summary>Sequences that cannot go on, beside others that can: what is lost, and what is not.</summary>
[TestFixture]
public sealed class DeadEndTests
{
    private static readonly int[][] Prompts = [[0], [1], [2, 0], [0, 0, 1], [2]];

    private static SequenceDecoder Decoder => new(DecodingModels.Create("LSTM", 3), DecodingModels.End);

    private static DecodingException Inner(InvalidOperationException wrong) => (DecodingException)wrong.InnerException!;

    private static IEnumerable<Decoding> Ways(TokenRule? allow) =>
    [
        new GreedyDecoding(minLength: 4, maxLength: 6, allow: allow),
        new SamplingDecoding(samples: 2, minLength: 4, maxLength: 6, allow: allow),
        new BeamSearch(3, best: 2, minLength: 4, maxLength: 6, allow: allow),
        new BeamSearch(4, groups: 2, best: 2, minLength: 4, maxLength: 6, allow: allow),
    ];

    [Test]
    public void A_group_that_cannot_go_on_leaves_the_others_theirs()
    {
        // The second group must begin with another token than the first, and from there nothing goes on.
        int first = Decoder.Decode([[0]], new GreedyDecoding(minLength: 1, maxLength: 1))[0][0].Tokens[0];
        IReadOnlyList<DecodedSequence> found = Decoder.Decode([[0]], new BeamSearch(
            2, groups: 2, best: 2, diversity: 1000, minLength: 2, maxLength: 4,
            allow: (_, soFar, _) => soFar.Length == 0 || soFar[0] == first))[0];
        IReadOnlyList<DecodedSequence> alone = Decoder.Decode([[0]], new BeamSearch(
            1, minLength: 2, maxLength: 4, allow: (_, soFar, token) => soFar.Length > 0 || token == first))[0];
        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(found.Select(own => own.Tokens[0]), Has.All.EqualTo(first));
        Assert.That(found.Select(own => own.Score), Is.EqualTo(alone.Select(own => own.Score)));
    }

    [Test]
    public void A_sequence_that_cannot_go_on_leaves_the_others_theirs()
    {
        foreach ((Decoding how, Decoding free) in Ways((i, soFar, _) => i is not (1 or 3) || soFar.Length < 2).Zip(Ways(null)))
        {
            InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(() => Decoder.Decode(Prompts, how))!;
            Assert.That(wrong.Message, Does.StartWith("No token may come at place 2 of sequence 1, nor somewhere in 1 more (3)"));
            Assert.That(Inner(wrong).Sequences, Is.EqualTo([1, 3]));
            IReadOnlyList<IReadOnlyList<DecodedSequence>> all = Decoder.Decode(Prompts, free);
            for (int i = 0; i < Prompts.Length; i++)
            {
                Assert.That(
                    Inner(wrong).Results[i].Select(own => own.Score),
                    Is.EqualTo(i is 1 or 3 ? [] : all[i].Select(own => own.Score)), $"{how.GetType().Name}, {i}");
            }
        }
    }

    [Test]
    public void Samples_that_cannot_go_on_are_left_out()
    {
        IReadOnlyList<DecodedSequence> all = Decoder.Decode(
            [[0]], new SamplingDecoding(samples: 30, minLength: 3, maxLength: 3))[0];
        IReadOnlyList<DecodedSequence> some = Decoder.Decode(
            [[0]], new SamplingDecoding(
                samples: 30, minLength: 3, maxLength: 3, allow: (_, soFar, _) => soFar.Length == 0 || soFar[0] != 0))[0];
        Assert.That(some, Has.Count.InRange(1, 29));
        Assert.That(
            some.Select(own => own.LogProbability),
            Is.EqualTo(all.Where(own => own.Tokens[0] != 0).Select(own => own.LogProbability)));
    }

    [Test]
    public void A_state_that_cannot_go_on_leaves_the_others_theirs()
    {
        Model model = DecodingModels.Create("LSTM", 3);
        var decoder = new SequenceDecoder(model, DecodingModels.End);
        States.ModelState state = model.OpenSession(3).State;
        var how = new GreedyDecoding(minLength: 3, maxLength: 3, allow: (i, soFar, _) => i != 2 || soFar.Length < 1);
        InvalidOperationException wrong =
            Assert.Throws<InvalidOperationException>(() => decoder.Decode(state, [0, 1, 2], how))!;
        Assert.That(wrong.Message, Does.StartWith("No token may come at place 1 of sequence 2:"));
        Assert.That(Inner(wrong).Results.Select(own => own.Count), Is.EqualTo([1, 1, 0]));
    }

    [Test]
    public void A_source_that_cannot_be_written_leaves_the_others_theirs([Values(1, 3)] int threads)
    {
        string[] sources = ["ab", "ba", "abba", "b", "a", "bb"];
        var letters = CharacterTokenizer.Learn(sources);
        Seq2Seq model = Seq2Seq.Recurrent(letters, letters, units: 6, maxLength: 6);
        model.DecoderModel.MaxDegreeOfParallelism = threads;
        int[][] ids = letters.EncodeAll(sources, addEnd: true);
        InvalidOperationException wrong = Assert.Throws<InvalidOperationException>(
            () => model.Decode(ids, new BeamSearch(2, minLength: 3, allow: (i, soFar, _) => i < 4 || soFar.Length < 1)))!;
        Assert.That(wrong.Message, Does.StartWith("No token may come at place 1 of source 4, nor somewhere in 1 more (5)"));
        Assert.That(Inner(wrong).Results.Select(own => own.Count), Is.EqualTo([1, 1, 1, 1, 0, 0]));
        Assert.That(() => model.Decode(ids, new GreedyDecoding(minLength: 7)),
            Throws.ArgumentException.With.Message.Contains("minLength is 7, but this Seq2Seq allows 6 tokens"));
    }

    [Test]
    public void Scores_that_are_no_numbers_give_no_sequence()
    {
        Model model = DecodingModels.Create("LSTM", 3);
        foreach (ref Real weight in model.Parameters[^2].Value.Values.AsSpan())
        {
            weight = Real.MaxValue;
        }

        model.SetWeights(model.GetWeights());
        foreach (Decoding how in Ways(null))
        {
            // Infinity less infinity: whatever is chosen by such scores has none of its own.
            try
            {
                foreach (DecodedSequence own in new SequenceDecoder(model, DecodingModels.End).Decode([[0]], how)[0])
                {
                    Assert.That(own.Score, Is.Not.NaN, how.GetType().Name);
                }
            }
            catch (InvalidOperationException wrong)
            {
                Assert.That(wrong.Message, Does.Contain("the model gives none a probability"));
            }
        }
    }

    [Test]
    public void Scores_that_are_no_numbers_are_named([Values] bool softmax)
    {
        Model model = DecodingModels.Create(softmax ? "softmax" : "LSTM", 3);
        model.Parameters[^1].Value.Values.AsSpan()[2] = Real.NaN;
        foreach (Decoding how in Ways(null))
        {
            Assert.That(
                () => new SequenceDecoder(model, DecodingModels.End).Decode([[0]], how),
                Throws.InvalidOperationException.With.Message.StartsWith(
                    $"Model '{model.Name}' gives NaN as the {(softmax ? "probability of token 0" : "logit of token 2")} "
                    + "at place 0, so no token can be chosen."));
        }
    }

    [Test]
    public void Sequences_get_as_long_as_the_model_allows()
    {
        Model model = DecodingModels.Randomize(new Sequential(
            [new Embedding(4, 6, inputShape: new Shape([null])), new PositionalEmbedding(10),
                new TransformerEncoder(6, 2, 8, useCausalMask: true), new Dense(4)]), 1);
        var decoder = new SequenceDecoder(model);
        Assert.That(decoder.Decode([[0, 1, 2], [1]]).Select(all => all[0].Tokens.Count), Is.EqualTo([8, 10]));
        Assert.That(decoder.Decode([[0, 1, 2]], new BeamSearch(2, maxLength: 8))[0][0].Tokens, Has.Count.EqualTo(8));
        foreach (Decoding how in (Decoding[])[new GreedyDecoding(maxLength: 9), new BeamSearch(2, minLength: 9)])
        {
            Assert.That(() => decoder.Decode([[0, 1, 2]], how), Throws.InvalidOperationException.With.Message.Contains(
                "sequence 0 can have 8 more tokens, but 9 are asked for: PositionalEmbedding"));
        }
    }
}
