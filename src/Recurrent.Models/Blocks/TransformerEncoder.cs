using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Models;

/// <summary>A block of a transformer that reads: attention of a sequence to itself, then two dense layers, each around a
/// shortcut.</summary>
/// <remarks>
/// With A the attention and <c>F(x) = W₂·f(W₁·x + b₁) + b₂</c>: <c>h = norm(x + A(x, x))</c>, <c>y = norm(h + F(h))</c> (Vaswani
/// et al., "Attention is all you need", 2017), or, with <c>normalizeFirst</c>, <c>n = norm(x)</c>, <c>h = x + A(n, n)</c>,
/// <c>y = h + F(norm(h))</c> (Xiong et al., "On layer normalization in the transformer architecture", 2020). Dropout follows A
/// and F. It is a model of the layers <see cref="MultiHeadAttention"/>, <see cref="LayerNormalization"/>, <see cref="Dense"/>,
/// <see cref="Dropout"/> and <see cref="Add"/>, and a file keeps it as such. Input and output: (batch, timesteps, features);
/// masks are kept to and passed on.
/// </remarks>
/// <example><code>
/// model.Add(new PositionalEncoding(inputShape: (timesteps: 64, features: 32)));
/// model.Add(new TransformerEncoder(features: 32, numHeads: 4, intermediateDim: 64, name: "block_1"));
/// model.Add(new TransformerEncoder(features: 32, numHeads: 4, intermediateDim: 64, name: "block_2"));
/// </code></example>
public sealed class TransformerEncoder : Model
{
    /// <summary>Creates the block.</summary>
    /// <param name="features">Features of input and output; a multiple of <paramref name="numHeads"/>.</param>
    /// <param name="numHeads">Heads of the attention, at least 1; each has features / numHeads features.</param>
    /// <param name="intermediateDim">Units of the first dense layer, at least 1.</param>
    /// <param name="dropout">The share that training drops, of the attention's weights too, from 0 to 1; default 0.</param>
    /// <param name="activation">The function f; null (the default) is <c>relu</c>.</param>
    /// <param name="normalizeFirst">Whether what goes into attention and dense layers is normalized, and not what comes out;
    /// default false.</param>
    /// <param name="useCausalMask">Whether a step looks at itself and the steps before it only; default false.</param>
    /// <param name="layerNormEpsilon">ε of the normalizations; default 1e-5.</param>
    /// <param name="name">Name of the block; default <c>transformer_encoder</c>. Blocks of one model need different ones.</param>
    /// <param name="seed">Where first weights come from; null (the default) derives it from the name, so that blocks
    /// differ.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public TransformerEncoder(
        int features,
        int numHeads,
        int intermediateDim,
        double dropout = 0,
        ActivationFunction? activation = null,
        bool normalizeFirst = false,
        bool useCausalMask = false,
        double layerNormEpsilon = 1e-5,
        string? name = null,
        int? seed = null)
        : this(
            Graph(
                new TransformerParts("TransformerEncoder", features, numHeads, intermediateDim, dropout, activation,
                    normalizeFirst, layerNormEpsilon),
                useCausalMask),
            name ?? "transformer_encoder",
            seed)
    {
    }

    private TransformerEncoder((Symbols Inputs, Symbols Outputs) graph, string name, int? seed)
        : base(graph.Inputs, graph.Outputs, name, seed ?? TransformerParts.SeedOf(name))
    {
    }

    private static (Symbols Inputs, Symbols Outputs) Graph(TransformerParts parts, bool useCausalMask)
    {
        var x = new Input((null, parts.Features));
        Symbol h = parts.Around(x.Output, n => parts.Attention("attention", useCausalMask).Call(n, n), "attention");
        return (x, parts.Around(h, parts.FeedForward, "feed_forward"));
    }
}
