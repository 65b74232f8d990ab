using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Text.Tests;

/// <summary>Whether draws have the shares that a cut softmax says, by chi-square with seeds that do not change.</summary>
[TestFixture]
public sealed class SamplingDistributionTests
{
    private const int Draws = 20000;
    private static readonly Real[] Logits = [0.4f, -1.3f, 2.1f, 0.4f, -6, 1.7f, Real.NegativeInfinity, 0.9f];
    private static readonly double[] Temperatures = [0.25, 1, 3];
    private static readonly double[] Shares = [1e-12, 0.3, 0.6, 0.95, 1];

    [Test]
    public void Draws_have_the_shares_of_a_cut_softmax(
        [ValueSource(nameof(Temperatures))] double temperature, [Values(null, 1, 2, 3, 4, 8, 50)] int? topK,
        [ValueSource(nameof(Shares))] double topP, [Values] bool areProbabilities)
    {
        double[] expected = Expected([.. Logits.Select(logit => (double)logit)], temperature, topK, topP);
        double all = Logits.Sum(logit => Math.Exp(logit));
        Real[] row = areProbabilities ? [.. Logits.Select(logit => (Real)(Math.Exp(logit) / all))] : Logits;
        var scores = new TokenScores(row.Length);
        int[] counts = new int[row.Length];
        var random = new SeededRandom(SeededRandom.Key((ulong)(topK ?? 0), (ulong)(topP * 100) + (ulong)(temperature * 1000)));
        for (int i = 0; i < Draws; i++)
        {
            Assert.That(scores.Take(row, areProbabilities), Is.EqualTo(-1));
            counts[scores.Draw(temperature, topK, topP, random.NextDouble())]++;
        }

        RequireShares(counts, expected);
    }

    [Test]
    public void Near_zero_a_temperature_is_greedy_and_beyond_bounds_it_is_even()
    {
        var scores = new TokenScores(Logits.Length);
        var random = new SeededRandom(1);
        int[] counts = new int[Logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            scores.Take(Logits, false);
            foreach (double temperature in (double[])[1e-6, 1e-300, double.Epsilon])
            {
                Assert.That(scores.Draw(temperature, null, 1, random.NextDouble()), Is.EqualTo(2));
            }

            counts[scores.Draw(1e300, null, 1, random.NextDouble())]++;
        }

        RequireShares(counts, [.. Logits.Select(logit => logit > Real.NegativeInfinity ? 1 / 7.0 : 0)]);
    }

    [Test]
    public void Of_tokens_that_are_equally_likely_the_first_are_kept([Values(1, 2, 3)] int topK)
    {
        Real[] even = [1, 1, 1, 1, 1];
        var scores = new TokenScores(5);
        int[] counts = new int[5];
        var random = new SeededRandom(2);
        for (int i = 0; i < Draws; i++)
        {
            scores.Take(even, false);
            counts[scores.Draw(1, topK, 1, random.NextDouble())]++;
        }

        RequireShares(counts, [.. even.Select((_, token) => token < topK ? 1.0 / topK : 0)]);
    }

    [Test]
    public void All_options_of_a_decoding_together_and_one_step_after_the_other(
        [Values("LSTM", "softmax", "one-hot", "transformer")] string name)
    {
        const int Samples = 6000;
        Model model = DecodingModels.Create(name, 5);
        var how = new SamplingDecoding(
            1.4, topK: 3, topP: 0.97, samples: Samples, minLength: 1, maxLength: 2, repetitionPenalty: 1.3, seed: 11,
            allow: (_, soFar, token) => soFar.Length == 0 || token != 0);
        IReadOnlyList<DecodedSequence> drawn = new SequenceDecoder(model, DecodingModels.End).Decode([[2, 1]], how)[0];

        // Pairs of tokens, the end among the second: each by what the model says after the ones before.
        double[] first = After([2, 1], [], token => token != DecodingModels.End);
        var expected = new double[16];
        var counts = new int[16];
        for (int a = 0; a < 3; a++)
        {
            double[] second = After([2, 1], [a], token => token != 0);
            for (int b = 0; b < 4; b++)
            {
                expected[(4 * a) + b] = first[a] == 0 ? 0 : first[a] * second[b];
            }
        }

        foreach (DecodedSequence own in drawn)
        {
            counts[(4 * own.Tokens[0]) + (own.Tokens.Count == 2 ? own.Tokens[1] : DecodingModels.End)]++;
        }

        Assert.That(drawn, Has.Count.EqualTo(Samples));
        RequireShares(counts, expected);

        double[] After(int[] prompt, int[] soFar, Func<int, bool> allow)
        {
            double[] logs = DecodingModels.LogProbabilities(model, [.. prompt, .. soFar]);
            foreach (int seen in prompt.Concat(soFar).Distinct())
            {
                logs[seen] *= 1.3;
            }

            return Expected([.. logs.Select((log, token) => allow(token) ? log : double.NegativeInfinity)], 1.4, 3, 0.97);
        }
    }

    [Test]
    public void Seeds_samples_and_prompts_draw_for_themselves()
    {
        var decoder = new SequenceDecoder(DecodingModels.Create("LSTM", 2));
        string Drawn(int seed, int[] prompt, int samples = 40) => string.Join('|', decoder
            .Decode([prompt], new SamplingDecoding(samples: samples, maxLength: 6, seed: seed))[0]
            .Select(own => string.Join(' ', own.Tokens)));
        string once = Drawn(1, [0]);
        Assert.That(Drawn(1, [0]), Is.EqualTo(once));
        Assert.That(Drawn(1, [0]), Does.StartWith(Drawn(1, [0], 7)));
        Assert.That(((string[])[Drawn(1, [0]), Drawn(2, [0]), Drawn(-1, [0]), Drawn(1, [0, 0]), Drawn(1, [1])]), Is.Unique);
        Assert.That(Drawn(1, [0]).Split('|').Distinct().Count(), Is.GreaterThan(20));
    }

    [Test]
    public void What_is_out_of_range_is_refused([Values] bool isNegative)
    {
        int sign = isNegative ? -1 : 1;
        Assert.Multiple(() =>
        {
            foreach (double temperature in (double[])[0, -1e-300, double.NaN, sign * double.PositiveInfinity])
            {
                Assert.That(() => new SamplingDecoding(temperature),
                    Throws.ArgumentException.With.Message.Contains("temperature"));
            }

            foreach (double topP in (double[])[0, -0.1, 1.0000001, double.NaN, sign * double.PositiveInfinity])
            {
                Assert.That(() => new SamplingDecoding(topP: topP), Throws.ArgumentException.With.Message.Contains("topP"));
            }

            foreach (double penalty in (double[])[0, -1, double.NaN, sign * double.PositiveInfinity])
            {
                Assert.That(() => new GreedyDecoding(repetitionPenalty: penalty),
                    Throws.ArgumentException.With.Message.Contains("repetitionPenalty"));
                Assert.That(() => new BeamSearch(repetitionPenalty: penalty),
                    Throws.ArgumentException.With.Message.Contains("repetitionPenalty"));
            }

            foreach (double number in (double[])[-0.1, double.NaN, sign * double.PositiveInfinity])
            {
                Assert.That(() => new BeamSearch(lengthPenalty: number),
                    Throws.ArgumentException.With.Message.Contains("lengthPenalty"));
                Assert.That(() => new BeamSearch(diversity: number),
                    Throws.ArgumentException.With.Message.Contains("diversity"));
            }

            Assert.That(() => new SamplingDecoding(topK: isNegative ? -1 : 0),
                Throws.ArgumentException.With.Message.Contains("topK"));
            Assert.That(() => new SamplingDecoding(samples: 0), Throws.ArgumentException.With.Message.Contains("samples"));
        });
    }

    /// <summary>The shares of a softmax after the temperature: of the topK likeliest, those that reach topP together.</summary>
    private static double[] Expected(double[] logs, double temperature, int? topK, double topP)
    {
        double most = logs.Max();
        double[] weights = [.. logs.Select(log => Math.Exp((log - most) / temperature))];
        int[] order =
            [.. Enumerable.Range(0, logs.Length).OrderByDescending(token => weights[token]).Take(topK ?? logs.Length)];
        double all = order.Sum(token => weights[token]);
        var kept = new List<int>();
        for (int i = 0; i < order.Length && (i == 0 || order[..i].Sum(token => weights[token]) < topP * all); i++)
        {
            kept.Add(order[i]);
        }

        double sum = kept.Sum(token => weights[token]);
        return [.. weights.Select((weight, token) => kept.Contains(token) ? weight / sum : 0)];
    }

    /// <summary>Requires that counts are such as a fair draw gives in all but one of a hundred thousand cases.</summary>
    private static void RequireShares(int[] counts, double[] expected)
    {
        double all = counts.Sum();
        double square = 0;
        int degrees = -1;
        for (int i = 0; i < counts.Length; i++)
        {
            Assert.That(expected[i] > 0 || counts[i] == 0, $"{i} came {counts[i]} times");
            if (expected[i] > 0)
            {
                square += Math.Pow(counts[i] - (all * expected[i]), 2) / (all * expected[i]);
                degrees++;
            }
        }

        // Wilson and Hilferty: the third root of chi-square over its degrees is nearly normal.
        const double Deviations = 4.3;
        double bound = degrees == 0 ? 1e-9
            : degrees * Math.Pow(1 - (2.0 / (9 * degrees)) + (Deviations * Math.Sqrt(2.0 / (9 * degrees))), 3);
        Assert.That(square, Is.LessThan(bound), string.Join(' ', counts));
    }
}
