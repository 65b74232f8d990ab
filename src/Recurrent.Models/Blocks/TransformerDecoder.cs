using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Models;

/// <summary>
/// A block of a transformer that writes: causal attention of a sequence to itself, attention to what an encoder gave, then two
/// dense layers, each around a shortcut.
/// </summary>
/// <remarks>
/// As <see cref="TransformerEncoder"/>, with <c>h' = norm(h + A'(h, e))</c> between its two parts, where e is the encoder's
/// output (Vaswani et al., "Attention is all you need", 2017). Inputs: the decoder's sequence (batch, timesteps, features) and
/// the encoder's (batch, steps, encoder features): <c>block.Call(x, encoded)</c>; without cross-attention the former alone.
/// Output: (batch, timesteps, features); masks are kept to, that of the first input is passed on.
/// </remarks>
public sealed class TransformerDecoder : Model
{
    /// <summary>Creates the block.</summary>
    /// <param name="features">Features of the decoder's sequence; a multiple of <paramref name="numHeads"/>.</param>
    /// <param name="numHeads">Heads of each attention, at least 1.</param>
    /// <param name="intermediateDim">Units of the first dense layer, at least 1.</param>
    /// <param name="encoderFeatures">Features of the encoder's output; null (the default) is <paramref name="features"/>, 0
    /// leaves out cross-attention.</param>
    /// <param name="dropout">The share that training drops, of attentions' weights too, from 0 to 1; default 0.</param>
    /// <param name="activation">The function between the dense layers; null (the default) is <c>relu</c>.</param>
    /// <param name="normalizeFirst">Whether what goes into attention and dense layers is normalized, and not what comes out;
    /// default false.</param>
    /// <param name="layerNormEpsilon">ε of the normalizations; default 1e-5.</param>
    /// <param name="name">Name of the block; default <c>transformer_decoder</c>. Blocks of one model need different ones.</param>
    /// <param name="seed">Where first weights come from; null (the default) derives it from the name, so that blocks
    /// differ.</param>
    /// <param name="returnAttentionScores">Whether the weights of cross-attention are a second output, (batch, heads, timesteps,
    /// steps); default false.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public TransformerDecoder(
        int features,
        int numHeads,
        int intermediateDim,
        int? encoderFeatures = null,
        double dropout = 0,
        ActivationFunction? activation = null,
        bool normalizeFirst = false,
        double layerNormEpsilon = 1e-5,
        string? name = null,
        int? seed = null,
        bool returnAttentionScores = false)
        : this(
            Graph(
                new TransformerParts(
                    "TransformerDecoder", features, numHeads, intermediateDim, dropout, activation,
                        normalizeFirst, layerNormEpsilon,
                    encoderFeatures ?? features),
                encoderFeatures ?? features,
                returnAttentionScores),
            name ?? "transformer_decoder",
            seed)
    {
    }

    private TransformerDecoder((Symbols Inputs, Symbols Outputs) graph, string name, int? seed)
        : base(graph.Inputs, graph.Outputs, name, seed ?? TransformerParts.SeedOf(name))
    {
    }

    private static (Symbols Inputs, Symbols Outputs) Graph(TransformerParts parts, int encoderFeatures, bool returnScores)
    {
        new Registration.OptionCheck("TransformerDecoder")
            .Require(!returnScores || encoderFeatures > 0,
                "returnAttentionScores needs cross-attention, but encoderFeatures is 0", "returnAttentionScores")
            .ThrowIfAny();
        var x = new Input((null, parts.Features), name: "decoder");
        Symbol h = parts.Around(x.Output, n => parts.Attention("self_attention", useCausalMask: true).Call(n, n),
            "self_attention");
        if (encoderFeatures == 0)
        {
            return (x, parts.Around(h, parts.FeedForward, "feed_forward"));
        }

        var encoder = new Input((null, encoderFeatures), name: "encoder");
        Symbols attended = [];
        h = parts.Around(
            h,
            n => (attended = parts.Attention("cross_attention", useCausalMask: false, returnScores).Call(n, encoder.Output))[0],
            "cross_attention");
        Symbol y = parts.Around(h, parts.FeedForward, "feed_forward");
        return ([x.Output, encoder.Output], returnScores ? [y, attended[1]] : y);
    }
}
