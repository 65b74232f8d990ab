namespace Recurrent.Layers;

/// <summary>Why a layer cannot be used in some way, and what would help.</summary>
/// <param name="Reason">Why, as the end of a sentence whose subject is the layer: <c>it reads the sequence from its
/// end</c>.</param>
/// <param name="Advice">What to change on the layer, as a sentence without its full stop; null where nothing on it would
/// help.</param>
public sealed record Obstacle(string Reason, string? Advice = null)
{
    /// <summary>The obstacle of a layer around the one that has it.</summary>
    /// <param name="reason">Says it of the outer layer; the advice stays.</param>
    internal Obstacle Outside(Func<string, string> reason) => this with { Reason = reason(Reason) };

    /// <summary>Reason and advice, without a full stop at the end.</summary>
    public override string ToString() => Advice is null ? Reason : $"{Reason}. {Advice}";
}
