namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Activation"/> remembers.</summary>
public sealed class ActivationPass : Pass
{
    internal ActivationPass(Activation layer, PassOptions options)
        : base(layer, options) => Output = new SequenceBatch(options.InputShape, options.BatchSize);

    internal SequenceBatch Output { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; set; }
}
