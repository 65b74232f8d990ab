using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Residual"/> remembers: the wrapped layer's pass, and room for the sums.</summary>
public sealed class ResidualPass : WrapperPass
{
    private readonly SequenceBatch output;
    private readonly DenseMatrix? inputGradient;

    internal ResidualPass(Residual layer, PassOptions options)
        : base(layer, options)
    {
        output = new SequenceBatch(options.InputShape, options.BatchSize);
        inputGradient = options.InputGradient ? new DenseMatrix(output.Values.RowCount, output.Values.ColumnCount) : null;
        Wrap(layer.Layer.CreatePass(Options));
    }

    /// <summary>x + f(x), with the mask of f(x).</summary>
    internal SequenceBatch Sum(SequenceBatch input, SequenceBatch inner)
    {
        inner.Values.Values.CopyTo(output.Values.Values, 0);
        VectorMath.Add(input.Values.Values, output.Values.Values);
        output.Mask = inner.Mask;
        return output;
    }

    /// <summary>Keeps dy, which the wrapped layer may overwrite.</summary>
    internal void KeepGradient(DenseMatrix gradient)
    {
        if (inputGradient is not null)
        {
            gradient.Values.CopyTo(inputGradient.Values, 0);
        }
    }

    /// <summary>dy plus the gradient of the wrapped layer's input.</summary>
    internal DenseMatrix? SumGradient(DenseMatrix? inner)
    {
        if (inputGradient is not null)
        {
            VectorMath.Add(inner!.Values, inputGradient.Values);
        }

        return inputGradient;
    }
}
