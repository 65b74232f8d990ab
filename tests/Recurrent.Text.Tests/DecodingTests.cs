using Recurrent.Models;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Text.Tests;

/// <summary>Decoding, held to what models give on whole sequences, to exhaustive search, and to itself in other
/// company.</summary>
[TestFixture]
public sealed class DecodingTests
{
    private const int Longest = 4;
    private static readonly int[][] Prompts = [[0], [1], [2, 0], [0, 0, 1], [1], [2]];

    private static IEnumerable<string> Names => DecodingModels.Names;

    [Test]
    public void Greedy_takes_what_whole_sequences_say([ValueSource(nameof(Names))] string name, [Values(1, 2, 3)] int seed)
    {
        Model model = DecodingModels.Create(name, seed);
        var decoder = new SequenceDecoder(model, DecodingModels.End);
        var results = decoder.Decode(Prompts, new GreedyDecoding(maxLength: 12));
        for (int i = 0; i < Prompts.Length; i++)
        {
            (List<int> tokens, double log, bool ended) = Follow(model, Prompts[i], 12);
            Assert.That(results[i], Has.Count.EqualTo(1));
            Assert.That(results[i][0].Tokens, Is.EqualTo(tokens));
            Assert.That(results[i][0].Ended, Is.EqualTo(ended));
            Assert.That(results[i][0].LogProbability, Is.EqualTo(log).Within(1e-4));
        }
    }

    [Test]
    public void A_wide_beam_is_exhaustive_search(
        [ValueSource(nameof(Names))] string name, [Values(1, 2)] int seed, [Values(0, 0.7, 1.3)] double lengthPenalty)
    {
        Model model = DecodingModels.Create(name, seed);
        var decoder = new SequenceDecoder(model, DecodingModels.End);

        // As many beginnings as there can be at any step, and ends beside them.
        int width = 4 * 81 * 3;
        var how = new BeamSearch(width, lengthPenalty, best: 10, maxLength: Longest);
        IReadOnlyList<DecodedSequence> found = decoder.Decode([[1, 0]], how)[0];
        var all = new List<(int[] Tokens, double Score, bool Ended)>();
        Enumerate(model, [1, 0], [], 0, all, lengthPenalty);
        var expected = all.OrderByDescending(own => own.Ended).ThenByDescending(own => own.Score).Take(10).ToArray();
        for (int i = 0; i < 10; i++)
        {
            Assert.That(found[i].Tokens, Is.EqualTo(expected[i].Tokens), $"{i}");
            Assert.That(found[i].Score, Is.EqualTo(expected[i].Score).Within(1e-4));
            Assert.That(found[i].Ended, Is.EqualTo(expected[i].Ended));
        }
    }

    [Test]
    public void A_constraint_holds_in_exhaustive_search()
    {
        Model model = DecodingModels.Create("LSTM", 3);
        var decoder = new SequenceDecoder(model, DecodingModels.End);
        TokenRule rule = (_, soFar, token) => soFar.Length == 0 ? token != DecodingModels.End : token != soFar[^1];
        IReadOnlyList<DecodedSequence> found = decoder.Decode(
            [[0]], new BeamSearch(width: 400, lengthPenalty: 0, best: 5, maxLength: Longest, allow: rule))[0];
        var all = new List<(int[] Tokens, double Score, bool Ended)>();
        Enumerate(model, [0], [], 0, all, 0);
        var expected = all
            .Where(own => own.Tokens.Length > 0 && !own.Tokens.Zip(own.Tokens.Skip(1)).Any(pair => pair.First == pair.Second))
            .OrderByDescending(own => own.Ended).ThenByDescending(own => own.Score).Take(5).ToArray();
        Assert.That(found.Select(own => own.Tokens), Is.EqualTo(expected.Select(own => own.Tokens)));
    }

    [Test]
    public void A_beam_of_one_is_greedy(
        [ValueSource(nameof(Names))] string name, [Values(1, 2, 5)] int seed, [Values(0, 1, 2)] double lengthPenalty)
    {
        var decoder = new SequenceDecoder(DecodingModels.Create(name, seed), DecodingModels.End);
        var greedy = decoder.Decode(Prompts, new GreedyDecoding(minLength: 2, maxLength: 9, repetitionPenalty: 1.3));
        var beam = decoder.Decode(
            Prompts, new BeamSearch(1, lengthPenalty, minLength: 2, maxLength: 9, repetitionPenalty: 1.3));
        for (int i = 0; i < Prompts.Length; i++)
        {
            Assert.That(beam[i][0].Tokens, Is.EqualTo(greedy[i][0].Tokens));
            Assert.That(beam[i][0].LogProbability, Is.EqualTo(greedy[i][0].LogProbability));
            Assert.That(beam[i][0].Ended, Is.EqualTo(greedy[i][0].Ended));
        }
    }

    [Test]
    public void Company_and_threads_change_no_bit([ValueSource(nameof(Names))] string name)
    {
        Model model = DecodingModels.Create(name, 4);
        var decoder = new SequenceDecoder(model, DecodingModels.End);
        foreach (Decoding how in All())
        {
            model.MaxDegreeOfParallelism = 4;
            string[] together = [.. decoder.Decode(Prompts, how).Select(Text)];
            model.MaxDegreeOfParallelism = 1;
            Assert.That(decoder.Decode(Prompts, how).Select(Text), Is.EqualTo(together));
            for (int i = 0; i < Prompts.Length; i++)
            {
                Assert.That(Text(decoder.Decode([Prompts[i]], how)[0]), Is.EqualTo(together[i]), $"{how.GetType().Name}, {i}");
            }

            int[][] turned = [.. Prompts.Reverse(), .. Prompts];
            Assert.That(decoder.Decode(turned, how).Select(Text), Is.EqualTo((string[])[.. together.Reverse(), .. together]));
        }
    }

    [Test]
    public void A_session_goes_on_as_its_whole_sequence([ValueSource(nameof(Names))] string name)
    {
        Model model = DecodingModels.Create(name, 2);
        var decoder = new SequenceDecoder(model, DecodingModels.End);
        foreach (Decoding how in All().Where(how => how is not SamplingDecoding && how.RepetitionPenalty == 1))
        {
            string[] whole = [.. decoder.Decode([[0, 1, 2, 0], [1, 1, 2, 2]], how).Select(Text)];
            StreamingSession session = model.OpenSession(2);
            Feed(session, [0, 1]);
            Feed(session, [1, 1]);
            Feed(session, [2, 2]);
            ModelState state = session.State;
            Assert.That(decoder.Decode(state, [0, 2], how).Select(Text), Is.EqualTo(whole));
        }
    }

    [Test]
    public void Samples_follow_the_distribution()
    {
        Model model = DecodingModels.Create("LSTM", 2);
        var decoder = new SequenceDecoder(model);
        double[] logs = DecodingModels.LogProbabilities(model, [1]);
        foreach ((double temperature, int? topK, double topP) in
            ((double, int?, double)[])[(1, null, 1), (0.5, null, 1), (2, 3, 1), (1.5, null, 0.8), (1, 2, 0.99)])
        {
            const int Count = 4000;
            var drawn = decoder.Decode([[1]], new SamplingDecoding(temperature, topK, topP, samples: Count, maxLength: 1))[0];
            double[] expected = Cut([.. logs.Select(log => Math.Exp(log / temperature))], topK, topP);
            for (int token = 0; token < DecodingModels.Tokens; token++)
            {
                double share = drawn.Count(own => own.Tokens[0] == token) / (double)Count;
                Assert.That(share, Is.EqualTo(expected[token]).Within(0.035), $"{temperature} {topK} {topP}: {token}");
                Assert.That(expected[token] > 0 || share == 0);
            }
        }
    }

    [Test]
    public void One_token_of_the_most_likely_is_greedy([ValueSource(nameof(Names))] string name)
    {
        var decoder = new SequenceDecoder(DecodingModels.Create(name, 3), DecodingModels.End);
        string[] greedy = [.. decoder.Decode(Prompts, new GreedyDecoding(maxLength: 7)).Select(Text)];
        Assert.That(decoder.Decode(Prompts, new SamplingDecoding(topK: 1, maxLength: 7)).Select(Text), Is.EqualTo(greedy));
        Assert.That(decoder.Decode(Prompts, new SamplingDecoding(topP: 1e-9, maxLength: 7)).Select(Text), Is.EqualTo(greedy));
    }

    [Test]
    public void Lengths_are_kept_to([ValueSource(nameof(Names))] string name)
    {
        var decoder = new SequenceDecoder(DecodingModels.Create(name, 6), DecodingModels.End);
        foreach (Decoding how in (Decoding[])[
            new GreedyDecoding(5, 6), new SamplingDecoding(samples: 3, minLength: 5, maxLength: 6),
            new BeamSearch(4, best: 4, minLength: 5, maxLength: 6),
            new BeamSearch(6, groups: 3, best: 6, minLength: 5, maxLength: 6)])
        {
            foreach (DecodedSequence own in decoder.Decode(Prompts, how).SelectMany(all => all))
            {
                Assert.That(own.Tokens.Count, Is.InRange(5, 6));
                Assert.That(own.Ended || own.Tokens.Count == 6);
                Assert.That(own.Tokens, Has.None.EqualTo(DecodingModels.End));
            }
        }
    }

    [Test]
    public void Groups_differ_where_diversity_is_dear()
    {
        var decoder = new SequenceDecoder(DecodingModels.Create("LSTM", 1), DecodingModels.End);
        IReadOnlyList<DecodedSequence> found = decoder.Decode(
            [[0]], new BeamSearch(3, groups: 3, diversity: 1000, best: 3, minLength: 3, maxLength: 3))[0];
        for (int t = 0; t < 3; t++)
        {
            Assert.That(found.Select(own => own.Tokens[t]), Is.Unique, $"{t}");
        }

        IReadOnlyList<DecodedSequence> alike = decoder.Decode(
            [[0]], new BeamSearch(3, groups: 3, diversity: 0, best: 3, maxLength: 3))[0];
        Assert.That(alike.Select(own => string.Join(' ', own.Tokens)).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_dear_repetition_does_not_come()
    {
        var decoder = new SequenceDecoder(DecodingModels.Create("softmax", 1), DecodingModels.End);
        IReadOnlyList<int> tokens = decoder.Decode([[0]], new GreedyDecoding(2, 2, repetitionPenalty: 1e6))[0][0].Tokens;
        Assert.That(((int[])[0, .. tokens]), Is.Unique);
    }

    [Test]
    public void What_cannot_be_decoded_is_refused_with_its_place()
    {
        var decoder = new SequenceDecoder(DecodingModels.Create("LSTM"), DecodingModels.End);
        Assert.Multiple(() =>
        {
            Assert.That(() => decoder.Decode([]), Throws.ArgumentException.With.Message.Contains("at least one prompt"));
            Assert.That(() => decoder.Decode([[0], []]), Throws.ArgumentException.With.Message.Contains("prompts[1] is empty"));
            Assert.That(() => decoder.Decode([[0], [0, 1, 4]]),
                Throws.ArgumentException.With.Message.Contains("prompts[1] has the token 4 at place 2"));
            Assert.That(() => decoder.Decode([[0], [1]], new GreedyDecoding(allow: (i, soFar, _) => i == 0 || soFar.Length < 3)),
                Throws.InvalidOperationException.With.Message.Contains("at place 3 of sequence 1"));
            Assert.That(
                () => decoder.Decode(
                    [[0], [1]], new BeamSearch(minLength: 5, allow: (i, soFar, _) => i == 0 || soFar.Length < 3)),
                Throws.InvalidOperationException.With.Message.Contains("at place 3 of sequence 1"));
            Assert.That(() => new BeamSearch(5, -1, best: 6, groups: 2, minLength: 4, maxLength: 3),
                Throws.ArgumentException.With.Message.Contains("lengthPenalty").And.Message.Contains("best")
                    .And.Message.Contains("groups").And.Message.Contains("minLength"));
            Assert.That(() => new SamplingDecoding(0, 0, 0, 0), Throws.ArgumentException.With.Message.Contains("temperature")
                .And.Message.Contains("topK").And.Message.Contains("topP").And.Message.Contains("samples"));
            Assert.That(() => new SequenceDecoder(DecodingModels.Create("LSTM"), 4),
                Throws.ArgumentException.With.Message.Contains("end token 4"));
        });
    }

    private static IEnumerable<Decoding> All() =>
    [
        new GreedyDecoding(maxLength: 9),
        new GreedyDecoding(minLength: 3, maxLength: 9, repetitionPenalty: 1.5),
        new SamplingDecoding(samples: 3, maxLength: 9, seed: 7),
        new SamplingDecoding(0.7, topK: 3, topP: 0.9, samples: 2, maxLength: 9),
        new BeamSearch(3, best: 3, maxLength: 9),
        new BeamSearch(4, 0, groups: 2, best: 4, maxLength: 9, minLength: 2),
        new BeamSearch(5, best: 2, maxLength: 9, allow: (_, soFar, token) => soFar.Length == 0 || token != soFar[^1]),
    ];

    private static string Text(IReadOnlyList<DecodedSequence> own) => string.Join("; ", own.Select(sequence =>
        FormattableString.Invariant($"{string.Join(' ', sequence.Tokens)} {sequence.Score:R} {sequence.Ended}")));

    private static void Feed(StreamingSession session, int[] tokens)
    {
        Span<Real> input = session.Input(0);
        if (input.Length == tokens.Length)
        {
            for (int i = 0; i < tokens.Length; i++)
            {
                input[i] = tokens[i];
            }
        }
        else
        {
            input.Clear();
            for (int i = 0; i < tokens.Length; i++)
            {
                input[(i * DecodingModels.Tokens) + tokens[i]] = 1;
            }
        }

        session.Advance();
    }

    private static (List<int> Tokens, double Log, bool Ended) Follow(Model model, int[] prompt, int most)
    {
        var tokens = new List<int>();
        double log = 0;
        while (tokens.Count < most)
        {
            double[] logs = DecodingModels.LogProbabilities(model, [.. prompt, .. tokens]);
            int token = Array.IndexOf(logs, logs.Max());
            log += logs[token];
            if (token == DecodingModels.End)
            {
                return (tokens, log, true);
            }

            tokens.Add(token);
        }

        return (tokens, log, false);
    }

    private static void Enumerate(
        Model model, int[] prompt, int[] soFar, double log, List<(int[], double, bool)> all, double lengthPenalty)
    {
        if (soFar.Length == Longest)
        {
            all.Add((soFar, log / Math.Pow(Longest, lengthPenalty), false));
            return;
        }

        double[] logs = DecodingModels.LogProbabilities(model, [.. prompt, .. soFar]);
        all.Add((soFar, (log + logs[DecodingModels.End]) / Math.Pow(soFar.Length + 1, lengthPenalty), true));
        for (int token = 0; token < DecodingModels.End; token++)
        {
            Enumerate(model, prompt, [.. soFar, token], log + logs[token], all, lengthPenalty);
        }
    }

    private static double[] Cut(double[] weights, int? topK, double topP)
    {
        int[] order = [.. Enumerable.Range(0, weights.Length).OrderByDescending(token => weights[token]).Take(topK ?? 99)];
        double all = order.Sum(token => weights[token]);
        double sum = 0;
        var kept = new double[weights.Length];
        foreach (int token in order)
        {
            if (sum < topP * all)
            {
                kept[token] = weights[token];
                sum += weights[token];
            }
        }

        return [.. kept.Select(weight => weight / sum)];
    }
}
