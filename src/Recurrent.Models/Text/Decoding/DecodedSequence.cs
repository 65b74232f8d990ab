namespace Recurrent.Text;

/// <summary>A sequence that a decoder has written.</summary>
public sealed class DecodedSequence
{
    internal DecodedSequence(int[] tokens, double logProbability, double score, bool ended)
    {
        Tokens = tokens;
        LogProbability = logProbability;
        Score = score;
        Ended = ended;
    }

    /// <summary>The tokens, without the prompt and without the end token.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>Σ log p of the tokens and of the end token, in nats, as the decoder saw them: with its repetition penalty,
    /// before temperature and cuts.</summary>
    public double LogProbability { get; }

    /// <summary>What sequences are ranked by: the log-probability, divided by a power of the length where a beam search
    /// normalises it.</summary>
    public double Score { get; }

    /// <summary>Whether it ended by itself; else it was cut at the greatest length.</summary>
    public bool Ended { get; }

    /// <summary>The score and the number of tokens.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Tokens.Count} tokens, score {Score:G5}{(Ended ? string.Empty : ", cut")}");
}
