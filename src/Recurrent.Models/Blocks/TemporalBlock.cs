using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Models;

/// <summary>
/// A block of a temporal convolutional network: two dilated causal convolutions around a shortcut (Bai, Kolter and Koltun, "An
/// empirical evaluation of generic convolutional and recurrent networks for sequence modeling", 2018; here without weight
/// normalization).
/// </summary>
/// <remarks>
/// <c>h = drop(f(W₁∗x + b₁))</c>, <c>F(x) = drop(f(W₂∗h + b₂))</c>, <c>y = f(x + F(x))</c>, where ∗ is a <see cref="Conv1D"/>
/// with padding "causal" and drop a <see cref="SpatialDropout1D"/>; where features and filters differ, <c>P·x</c> takes the place
/// of x in the sum, a convolution of kernel size 1. Blocks with dilation rates 1, 2, 4, … see
/// <c>2·(kernelSize − 1)·(1 + 2 + 4 + …)</c> steps back. It is a model of these layers, and a file keeps it as such.
/// Input (batch, timesteps, features), output (batch, timesteps, filters); it works step by step.
/// </remarks>
/// <example><code>
/// model.Add(new TemporalBlock(features: 8, filters: 32, kernelSize: 3, dilationRate: 1, name: "block_1"));
/// model.Add(new TemporalBlock(features: 32, filters: 32, kernelSize: 3, dilationRate: 2, name: "block_2"));
/// </code></example>
public sealed class TemporalBlock : Model
{
    /// <summary>Creates the block.</summary>
    /// <param name="features">Features of the input, at least 1.</param>
    /// <param name="filters">Features of the output, and filters of both convolutions, at least 1.</param>
    /// <param name="kernelSize">Number of steps that each convolution sees, at least 1.</param>
    /// <param name="dilationRate">Distance of these steps, at least 1; default 1.</param>
    /// <param name="dropout">The share of channels that training drops behind each convolution, from 0 to 1; default 0.</param>
    /// <param name="activation">The function f; null (the default) is <c>relu</c>.</param>
    /// <param name="name">Name of the block; default <c>temporal_block</c>. Blocks of one model need different ones.</param>
    /// <param name="seed">Where first weights come from; null (the default) derives it from the name.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public TemporalBlock(
        int features,
        int filters,
        int kernelSize,
        int dilationRate = 1,
        double dropout = 0,
        ActivationFunction? activation = null,
        string? name = null,
        int? seed = null)
        : this(Graph(features, filters, kernelSize, dilationRate, dropout, activation ?? "relu"), name ?? "temporal_block", seed)
    {
    }

    private TemporalBlock((Symbols Inputs, Symbols Outputs) graph, string name, int? seed)
        : base(graph.Inputs, graph.Outputs, name, seed ?? TransformerParts.SeedOf(name))
    {
    }

    private static (Symbols Inputs, Symbols Outputs) Graph(
        int features, int filters, int kernelSize, int dilationRate, double dropout, ActivationFunction activation)
    {
        new OptionCheck(nameof(TemporalBlock))
            .Positive(nameof(features), features)
            .Positive(nameof(filters), filters)
            .Positive(nameof(kernelSize), kernelSize)
            .Positive(nameof(dilationRate), dilationRate)
            .Require(
                dropout is >= 0 and <= 1,
                FormattableString.Invariant($"dropout must be at least 0 and at most 1, but is {dropout}"))
            .ThrowIfAny();
        var x = new Input((null, features));
        Symbol shortcut = features == filters ? x.Output : new Conv1D(filters, 1, name: "shortcut").Call(x);
        Symbol found = Convolved(Convolved(x.Output, "first"), "second");
        return (x, new Activation(activation, name: "output").Call(new Add(name: "sum").Call(shortcut, found)));

        Symbol Convolved(Symbol input, string place)
        {
            var convolution = new Conv1D(
                filters, kernelSize, padding: "causal", dilationRate: dilationRate, activation: activation, name: place);
            Symbol result = convolution.Call(input);
            return dropout > 0 ? new SpatialDropout1D(dropout, name: $"{place}_dropout").Call(result) : result;
        }
    }
}
