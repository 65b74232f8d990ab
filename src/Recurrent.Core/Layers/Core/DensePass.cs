namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Dense"/> remembers.</summary>
public sealed class DensePass : Pass
{
    internal DensePass(Dense layer, PassOptions options, bool keepsSums)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        Sums = keepsSums && options.Differentiable
            ? new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount)
            : Output.Values;
        InputGradient = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, Output.Values.ColumnCount)
            : null;
    }

    /// <summary>W·x + b before the activation; the storage of <see cref="Output"/> where the derivative does not need
    /// it.</summary>
    internal DenseMatrix Sums { get; }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; set; }
}
