using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Text.Tests;

/// <summary>Beam search with all its options at random, beside one that is written down plainly over whole sequences.</summary>
[TestFixture]
public sealed class BeamReferenceTests
{
    private static readonly double[] LengthPenalties = [0, 0.5, 1, 1.7, 3];
    private static readonly double[] Diversities = [0, 0.3, 2, 50];
    private static readonly double[] Repetitions = [0.5, 1, 1, 1.4, 5];

    [Test]
    public void All_options_together_find_what_a_plain_search_finds([Range(0, 59)] int trial)
    {
        var random = new SeededRandom(SeededRandom.Key(0xBEA4, (ulong)trial));
        int Next(int from, int to) => from + (int)(random.NextDouble() * (to - from));
        string name = ((string[])["LSTM", "softmax", "transformer"])[trial % 3];
        Model model = DecodingModels.Create(name, Next(1, 50));
        int groups = Next(1, 4);
        int width = groups * Next(1, 4);
        int least = Next(0, 3);
        ulong? key = Next(0, 2) == 0 ? (ulong)Next(0, 1000) : null;
        var how = new BeamSearch(
            width,
            LengthPenalties[Next(0, 5)],
            Next(1, width + 1),
            groups,
            Diversities[Next(0, 4)],
            least,
            Next(Math.Max(1, least), 7),
            Repetitions[Next(0, 5)],
            key is null ? null : (sequence, soFar, token) => Allows(key.Value, sequence, soFar, token));
        int[] prompt = [.. Enumerable.Range(0, Next(1, 4)).Select(_ => Next(0, 3))];

        IReadOnlyList<DecodedSequence> found;
        try
        {
            found = new SequenceDecoder(model, DecodingModels.End).Decode([[0], prompt, [1, 1]], how)[1];
        }
        catch (InvalidOperationException wrong) when (wrong.InnerException is DecodingException stuck)
        {
            found = stuck.Results[1];
        }

        (int[] Tokens, double Log, double Score, bool Ended)[] expected = Search(model, prompt, how);
        Assert.That(found.Select(own => own.Tokens), Is.EqualTo(expected.Select(own => own.Tokens)));
        Assert.That(found.Select(own => own.Ended), Is.EqualTo(expected.Select(own => own.Ended)));
        Assert.That(found.Select(own => own.Score), Is.EqualTo(expected.Select(own => own.Score)).Within(2e-4));
        Assert.That(found.Select(own => own.LogProbability), Is.EqualTo(expected.Select(own => own.Log)).Within(2e-4));
    }

    [Test]
    public void A_wide_beam_with_all_options_is_exhaustive_search(
        [Values("LSTM", "one-hot", "stacked", "transformer")] string name, [Range(1, 6)] int seed)
    {
        const int Longest = 4;
        Model model = DecodingModels.Create(name, seed);
        var how = new BeamSearch(
            4 * 81 * 3, LengthPenalties[seed % 5], best: 12, minLength: seed % 3, maxLength: Longest,
            repetitionPenalty: Repetitions[seed % 5],
            allow: (sequence, soFar, token) => Allows((ulong)seed, sequence, soFar, token));
        IReadOnlyList<DecodedSequence> found;
        try
        {
            found = new SequenceDecoder(model, DecodingModels.End).Decode([[0], [2, 1]], how)[1];
        }
        catch (InvalidOperationException wrong) when (wrong.InnerException is DecodingException stuck)
        {
            found = stuck.Results[1];
        }

        var all = new List<(int[] Tokens, double Score, bool Ended)>();
        Follow([], 0);
        var expected = all.OrderByDescending(own => own.Ended).ThenByDescending(own => own.Score).Take(12).ToArray();
        Assert.That(found.Select(own => own.Tokens), Is.EqualTo(expected.Select(own => own.Tokens)));
        Assert.That(found.Select(own => own.Score), Is.EqualTo(expected.Select(own => own.Score)).Within(2e-4));

        void Follow(int[] soFar, double log)
        {
            if (soFar.Length == Longest)
            {
                all.Add((soFar, log / Math.Pow(Longest, how.LengthPenalty), false));
                return;
            }

            double[] logs = DecodingModels.LogProbabilities(model, [2, 1, .. soFar]);
            for (int token = 0; token < DecodingModels.Tokens; token++)
            {
                double next = log + (logs[token] * (token is 1 or 2 || soFar.Contains(token) ? how.RepetitionPenalty : 1));
                if (!Allows((ulong)seed, 1, soFar, token))
                {
                    continue;
                }

                if (token != DecodingModels.End)
                {
                    Follow([.. soFar, token], next);
                }
                else if (soFar.Length >= how.MinLength)
                {
                    all.Add((soFar, next / Math.Pow(soFar.Length + 1, how.LengthPenalty), true));
                }
            }
        }
    }

    private static bool Allows(ulong key, int sequence, ReadOnlySpan<int> soFar, int token)
    {
        key = SeededRandom.Key(key, (ulong)sequence);
        foreach (int own in soFar)
        {
            key = SeededRandom.Key(key, (ulong)own);
        }

        return SeededRandom.Key(key, (ulong)token) % 10 >= 3;
    }

    private static (int[] Tokens, double Log, double Score, bool Ended)[] Search(Model model, int[] prompt, BeamSearch how)
    {
        const int End = DecodingModels.End;
        int each = how.BeamWidth / how.Groups;
        List<(int[] Tokens, double Log)>[] live =
            [.. Enumerable.Range(0, how.Groups).Select(_ => (List<(int[], double)>)[([], 0)])];
        List<(int[] Tokens, double Log, double Score, bool Ended)>[] done =
            [.. live.Select(_ => (List<(int[], double, double, bool)>)[])];
        for (int step = 0; step < how.MaxLength; step++)
        {
            var chosen = new int[DecodingModels.Tokens];
            for (int group = 0; group < how.Groups; group++)
            {
                if (live[group].Count == 0 || done[group].Count >= each)
                {
                    continue;
                }

                var next = new List<(double Rank, double Log, int[] Tokens, int Token)>();
                foreach ((int[] tokens, double log) in live[group])
                {
                    double[] logs = DecodingModels.LogProbabilities(model, [.. prompt, .. tokens]);
                    foreach (int seen in prompt.Concat(tokens).Distinct())
                    {
                        logs[seen] *= how.RepetitionPenalty;
                    }

                    next.AddRange(Enumerable.Range(0, logs.Length)
                        .Where(token => token != End || tokens.Length >= how.MinLength)
                        .Where(token => how.Allow?.Invoke(1, tokens, token) != false)
                        .Select(token => (
                            log + logs[token] - (how.Diversity * chosen[token]), log + logs[token], tokens, token)));
                }

                var goOn = new List<(int[] Tokens, double Log)>();
                var mine = new List<int>();
                foreach (((_, double log, int[] tokens, int token), int rank) in
                    next.OrderByDescending(own => own.Rank).Select((own, rank) => (own, rank)))
                {
                    if (goOn.Count < each && token != End)
                    {
                        goOn.Add(([.. tokens, token], log));
                        mine.Add(token);
                    }
                    else if (token == End && rank < each && done[group].Count < each)
                    {
                        done[group].Add((tokens, log, Score(log, tokens.Length + 1), true));
                        mine.Add(token);
                    }
                }

                mine.ForEach(token => chosen[token]++);
                live[group] = goOn;
                if (step + 1 == how.MaxLength)
                {
                    done[group].AddRange(goOn.Select(own => (own.Tokens, own.Log, Score(own.Log, own.Tokens.Length), false)));
                }
            }
        }

        return
        [
            .. done.SelectMany(all => all).OrderByDescending(own => own.Ended).ThenByDescending(own => own.Score).Take(how.Best),
        ];

        double Score(double log, int length) => log / Math.Pow(length, how.LengthPenalty);
    }
}
