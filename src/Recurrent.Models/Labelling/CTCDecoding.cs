namespace Recurrent.Labelling;

/// <summary>What a <see cref="CTCDecoder"/> found in one sequence.</summary>
/// <param name="Paths">The best sequences of labels, best first: as many as were asked for, or as were found.</param>
public sealed record CTCDecoding(IReadOnlyList<CTCPath> Paths)
{
    /// <summary>The best labels.</summary>
    public IReadOnlyList<int> Labels => Paths[0].Labels;

    /// <summary>The best labels, and those behind them, as Keras's <c>ctc_decode</c> gives them.</summary>
    /// <param name="decodings">What was found in each sample.</param>
    /// <param name="topPaths">How many sequences of labels.</param>
    /// <param name="length">Most labels; longer ones are cut.</param>
    /// <returns>Labels, shape (topPaths, samples, length), filled up with −1; and scores, shape (samples, topPaths), −∞ where
    /// there are fewer sequences.</returns>
    public static (NDArray Labels, NDArray Scores) ToArrays(IReadOnlyList<CTCDecoding> decodings, int topPaths, int length)
    {
        ArgumentNullException.ThrowIfNull(decodings);
        var labels = new NDArray(topPaths, decodings.Count, length);
        var scores = new NDArray(decodings.Count, topPaths);
        Array.Fill(labels.Values, -1);
        Array.Fill(scores.Values, float.NegativeInfinity);
        for (int i = 0; i < decodings.Count; i++)
        {
            for (int k = 0; k < Math.Min(topPaths, decodings[i].Paths.Count); k++)
            {
                CTCPath path = decodings[i].Paths[k];
                scores[i, k] = (float)path.Score;
                for (int j = 0; j < Math.Min(length, path.Labels.Count); j++)
                {
                    labels[k, i, j] = path.Labels[j];
                }
            }
        }

        return (labels, scores);
    }
}

/// <summary>A sequence of labels.</summary>
/// <param name="Labels">The labels, without blanks.</param>
/// <param name="Score">What the search ranks by: of a beam, <see cref="LogProbability"/> with the language model's part and the
/// bonus of words; of the greedy strategy, as in Keras, minus the sum of the largest outputs.</param>
/// <param name="LogProbability">The logarithm of its probability, summed over the alignments that the search has kept; of the
/// greedy strategy that of the one best alignment.</param>
public sealed record CTCPath(IReadOnlyList<int> Labels, double Score, double LogProbability);

/// <summary>
/// A language model on prefixes: how probable a label is after those before it, as a logarithm. Called for each label that a
/// prefix is extended by, again where the search has given a prefix up and comes back to it, so that it must say the same each
/// time; and with <paramref name="next"/> = −1 for its being the end. It is called from one thread at a time.
/// </summary>
/// <param name="prefix">The labels so far, without blanks.</param>
/// <param name="next">The label that follows; −1 where the sequence ends.</param>
/// <returns>A logarithm; 0 where the model has nothing to say, as one of words within a word.</returns>
public delegate double PrefixScorer(ReadOnlySpan<int> prefix, int next);
