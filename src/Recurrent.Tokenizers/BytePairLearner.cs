using System.Text;

namespace Recurrent.Tokenizers;

/// <summary>Learns which pairs of tokens to join.</summary>
/// <remarks>
/// Of equally frequent pairs the one whose tokens came to be first is joined, so that the outcome depends on counts alone. Pairs
/// are looked up where they stand, so a join costs what it changes.
/// </remarks>
internal sealed class BytePairLearner
{
    private readonly List<string> tokens;
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<(string First, string Second)> merges = [];
    private readonly List<int[]> words = [];
    private readonly List<long> counts = [];
    private readonly Dictionary<(int First, int Second), long> pairs = [];
    private readonly Dictionary<(int First, int Second), HashSet<int>> places = [];
    private readonly PriorityQueue<(int First, int Second), (long Count, int First, int Second)> queue = new();

    private BytePairLearner(IEnumerable<string> texts)
    {
        tokens = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(value => ByteLetters.Letter((byte)value).ToString())];
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            if (found.TryGetValue(text, out int word))
            {
                counts[word]++;
                continue;
            }

            found.Add(text, words.Count);
            words.Add(Array.ConvertAll(Encoding.UTF8.GetBytes(text), value => (int)value));
            counts.Add(1);
        }

        for (int word = 0; word < words.Count; word++)
        {
            Count(word, counts[word]);
        }

        foreach ((int, int) pair in pairs.Keys)
        {
            Enqueue(pair);
        }
    }

    /// <summary>The bytes, and what was joined.</summary>
    public IReadOnlyList<string> Tokens => tokens;

    /// <summary>What was joined, in order.</summary>
    public IReadOnlyList<(string First, string Second)> Merges => merges;

    /// <summary>Learns.</summary>
    /// <param name="words">The words, as they come.</param>
    /// <param name="most">Most joins.</param>
    /// <param name="minCount">How often a pair must come at least.</param>
    /// <exception cref="ArgumentException">There are no words.</exception>
    public static BytePairLearner Learn(IEnumerable<string> words, int most, int minCount)
    {
        var learner = new BytePairLearner(words);
        if (learner.words.Count == 0)
        {
            throw new ArgumentException($"{nameof(BytePairTokenizer)} can learn nothing: the texts are empty. Give texts.");
        }

        while (learner.merges.Count < most && learner.Next(minCount) is { } pair)
        {
            learner.Join(pair);
        }

        return learner;
    }

    /// <summary>The most frequent pair; null where none comes often enough.</summary>
    private (int First, int Second)? Next(int minCount)
    {
        while (queue.TryDequeue(out (int, int) pair, out (long Count, int, int) key))
        {
            long count = pairs.GetValueOrDefault(pair);
            if (count < minCount)
            {
                continue;
            }

            if (count == -key.Count)
            {
                return pair;
            }

            // What is in the queue was its count once; it has become less since.
            Enqueue(pair);
        }

        return null;
    }

    private void Join((int First, int Second) pair)
    {
        // Two ways may lead to the same token.
        string token = tokens[pair.First] + tokens[pair.Second];
        int joined = ids.GetValueOrDefault(token, tokens.Count);
        if (ids.TryAdd(token, joined))
        {
            tokens.Add(token);
        }

        merges.Add((tokens[pair.First], tokens[pair.Second]));
        var changed = new HashSet<(int, int)>();
        foreach (int word in places[pair].Order().ToArray())
        {
            int[] before = words[word];
            Count(word, -counts[word]);
            var after = new List<int>(before.Length);
            for (int i = 0; i < before.Length; i++)
            {
                bool joins = i + 1 < before.Length && before[i] == pair.First && before[i + 1] == pair.Second;
                after.Add(joins ? joined : before[i]);
                i += joins ? 1 : 0;
            }

            words[word] = [.. after];
            Count(word, counts[word]);
            for (int i = 0; i + 1 < after.Count; i++)
            {
                changed.Add((after[i], after[i + 1]));
            }
        }

        pairs.Remove(pair);
        places.Remove(pair);
        foreach ((int, int) other in changed)
        {
            Enqueue(other);
        }
    }

    /// <summary>Counts the pairs of a word, or takes them out again.</summary>
    private void Count(int word, long count)
    {
        int[] own = words[word];
        for (int i = 0; i + 1 < own.Length; i++)
        {
            (int, int) pair = (own[i], own[i + 1]);
            pairs[pair] = pairs.GetValueOrDefault(pair) + count;
            if (count > 0)
            {
                (places.TryGetValue(pair, out HashSet<int>? at) ? at : places[pair] = []).Add(word);
            }
        }
    }

    private void Enqueue((int First, int Second) pair) =>
        queue.Enqueue(pair, (-pairs.GetValueOrDefault(pair), pair.First, pair.Second));
}
