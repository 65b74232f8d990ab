namespace Recurrent.Layers;

/// <summary>What a forward pass of a layer that applies a function, such as <see cref="Activation"/>, remembers.</summary>
public sealed class ActivationPass : Pass
{
    internal ActivationPass(Layer layer, PassOptions options)
        : base(layer, options) => Output = new SequenceBatch(options.InputShape, options.BatchSize);

    internal SequenceBatch Output { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; set; }

    /// <summary>Which parameter each value of a sample goes with, where a layer has several.</summary>
    internal int[]? Places { get; set; }
}
