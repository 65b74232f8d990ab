using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Models;

/// <summary>What the blocks of a transformer are put together from.</summary>
internal sealed class TransformerParts
{
    private readonly int numHeads;
    private readonly int intermediateDim;
    private readonly double dropout;
    private readonly ActivationFunction activation;
    private readonly bool normalizeFirst;
    private readonly double layerNormEpsilon;

    /// <summary>Keeps the options of a block.</summary>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public TransformerParts(
        string block, int features, int numHeads, int intermediateDim, double dropout, ActivationFunction? activation,
            bool normalizeFirst,
        double layerNormEpsilon, int encoderFeatures = 0)
    {
        new OptionCheck(block)
            .Positive(nameof(features), features)
            .Positive(nameof(numHeads), numHeads)
            .Positive(nameof(intermediateDim), intermediateDim)
            .Require(
                numHeads < 1 || features % numHeads == 0,
                $"features must be a multiple of numHeads, of which each takes an equal share, but {features} is none of "
                + $"{numHeads}")
            .Require(dropout is >= 0 and <= 1,
                FormattableString.Invariant($"dropout must be at least 0 and at most 1, but is {dropout}"))
            .AtLeast(nameof(layerNormEpsilon), layerNormEpsilon, 0)
            .Require(encoderFeatures >= 0,
                FormattableString.Invariant($"encoderFeatures must be at least 0, but is {encoderFeatures}"))
            .ThrowIfAny();
        Features = features;
        this.numHeads = numHeads;
        this.intermediateDim = intermediateDim;
        this.dropout = dropout;
        this.activation = activation ?? "relu";
        this.normalizeFirst = normalizeFirst;
        this.layerNormEpsilon = layerNormEpsilon;
    }

    /// <summary>Features of the sequence that goes through the block.</summary>
    public int Features { get; }

    /// <summary>A seed that differs from name to name, the same everywhere.</summary>
    public static int SeedOf(string name) =>
        (int)(name.Aggregate(0UL, (key, letter) => SeededRandom.Key(key, letter)) & int.MaxValue);

    /// <summary>A part of the block around its shortcut: normalized after the sum, or before the part.</summary>
    public Symbol Around(Symbol x, Func<Symbol, Symbol> part, string name)
    {
        var norm = new LayerNormalization(epsilon: layerNormEpsilon, name: $"{name}_norm");
        Symbol result = part(normalizeFirst ? norm.Call(x) : x);
        if (dropout > 0)
        {
            result = new Dropout(dropout, name: $"{name}_dropout").Call(result);
        }

        Symbol sum = new Add(name: $"{name}_add").Call(x, result);
        return normalizeFirst ? sum : norm.Call(sum);
    }

    /// <summary>Attention as wide as the sequence.</summary>
    public MultiHeadAttention Attention(string name, bool useCausalMask, bool returnScores = false) => new(
        numHeads, Features / numHeads, dropout: dropout, outputShape: Features, useCausalMask: useCausalMask,
        returnAttentionScores: returnScores, name: name);

    /// <summary>Two dense layers, step by step.</summary>
    public Symbol FeedForward(Symbol x)
    {
        Symbol hidden = new Dense(intermediateDim, activation, name: "feed_forward_intermediate").Call(x);
        return new Dense(Features, name: "feed_forward_output").Call(hidden);
    }
}
