namespace Recurrent.Text;

/// <summary>A text that a <see cref="Seq2Seq"/> or a <see cref="LanguageModel"/> has written.</summary>
/// <param name="Text">The text.</param>
/// <param name="Decoded">Its tokens and scores.</param>
public sealed record GeneratedText(string Text, DecodedSequence Decoded)
{
    /// <summary>What results are ranked by.</summary>
    public double Score => Decoded.Score;

    /// <summary>Whether it ended by itself; else it was cut at the greatest length.</summary>
    public bool Ended => Decoded.Ended;

    /// <summary>The text and its score.</summary>
    public override string ToString() => FormattableString.Invariant($"{Text} ({Score:G4})");
}
