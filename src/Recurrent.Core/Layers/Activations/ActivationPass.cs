namespace Recurrent.Layers;

/// <summary>What a forward pass of a layer that applies a function, such as <see cref="Activation"/>, remembers.</summary>
public sealed class ActivationPass : Pass
{
    internal ActivationPass(Layer layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        InputGradient = options.InputGradient && Output.Values.RowCount != options.InputShape.Features
            ? new DenseMatrix(options.InputShape.Features, Output.Values.ColumnCount)
            : null;
    }

    internal SequenceBatch Output { get; }

    /// <summary>Receives the gradient of the input, where it does not fit into that of the output.</summary>
    internal DenseMatrix? InputGradient { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; set; }

    /// <summary>Which parameter each value of a sample goes with, where a layer has several.</summary>
    internal int[]? Places { get; set; }
}
