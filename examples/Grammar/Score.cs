namespace Recurrent.Examples.Grammar;

/// <summary>What a network's predictions are worth, symbol by symbol.</summary>
internal sealed class Score
{
    private int symbols;
    private int right;
    private int echoes;
    private int rightEchoes;
    private double openness;

    /// <summary>Share of symbols before which the network held every legal symbol more likely than any other.</summary>
    internal double Legal => (double)right / symbols;

    /// <summary>The same for the symbols that repeat one from far back; a guess between T and P is right half of the
    /// time.</summary>
    internal double Echo => (double)rightEchoes / echoes;

    /// <summary>The mean cross-entropy of predictions that give every legal symbol its true probability: all are drawn
    /// alike.</summary>
    internal double LeastLoss => openness / symbols;

    /// <summary>Symbols before the first fault; null where there is none.</summary>
    internal int? FirstFault { get; private set; }

    /// <summary>Counts one prediction.</summary>
    /// <param name="logits">What the network says of each symbol.</param>
    /// <param name="next">The symbol that came.</param>
    internal void Add(ReadOnlySpan<float> logits, ReberSymbol next)
    {
        float leastLegal = float.PositiveInfinity;
        float mostIllegal = float.NegativeInfinity;
        for (int i = 0; i < logits.Length; i++)
        {
            if (next.Legal.Contains(ReberStream.Symbols[i], StringComparison.Ordinal))
            {
                leastLegal = Math.Min(leastLegal, logits[i]);
            }
            else
            {
                mostIllegal = Math.Max(mostIllegal, logits[i]);
            }
        }

        bool isRight = leastLegal > mostIllegal;
        right += isRight ? 1 : 0;
        echoes += next.IsEcho ? 1 : 0;
        rightEchoes += next.IsEcho && isRight ? 1 : 0;
        FirstFault ??= isRight ? null : symbols;
        openness += Math.Log(next.Legal.Length);
        symbols++;
    }
}
