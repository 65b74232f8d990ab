namespace Recurrent.Text;

/// <summary>How well a language model knows a text.</summary>
/// <param name="Nats">−Σ log p of the tokens, each after those before it, in nats.</param>
/// <param name="Tokens">How many tokens were predicted.</param>
/// <param name="Characters">How many characters (Unicode code points) these tokens are in the text.</param>
public sealed record LanguageScore(double Nats, int Tokens, int Characters)
{
    /// <summary>The mean of −log p over tokens, in nats: what the cross-entropy loss is.</summary>
    public double NatsPerToken => Nats / Tokens;

    /// <summary><c>e^(nats per token)</c>: among how many equally likely tokens the model would have to choose.</summary>
    public double Perplexity => Math.Exp(NatsPerToken);

    /// <summary>−Σ log₂ p divided by the number of characters, which does not depend on how a text is cut into
    /// tokens.</summary>
    public double BitsPerCharacter => Nats / Math.Log(2) / Characters;

    /// <summary>All three.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{BitsPerCharacter:G4} bits a character, perplexity {Perplexity:G4} of {Tokens} tokens");
}
