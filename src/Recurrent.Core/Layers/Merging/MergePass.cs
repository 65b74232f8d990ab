namespace Recurrent.Layers;

/// <summary>A pass of a <see cref="Merge"/>: it knows how the inputs are laid out, and does the work.</summary>
public abstract class MergePass : Pass
{
    private bool[]? mask;

    private protected MergePass(Layer layer, PassOptions options)
        : base(layer, options) =>
        Output = new SequenceBatch(layer.ComputeOutputShapes(options.InputShapes)[0], options.BatchSize);

    /// <summary>The output.</summary>
    internal SequenceBatch Output { get; }

    /// <summary>Computes the output and its mask.</summary>
    internal SequenceBatch Forward(ReadOnlySpan<SequenceBatch> inputs, Padding? padding)
    {
        Combine(inputs);
        mask ??= new bool[Output.Values.ColumnCount];
        bool masked = FillMask(inputs, mask);
        if (padding is not null && Output.Steps > 1)
        {
            if (!masked)
            {
                Array.Fill(mask, true);
            }

            padding.Hide(mask);
            masked = true;
        }

        Output.Mask = masked ? mask : null;
        return Output;
    }

    /// <summary>Computes the gradients of the inputs.</summary>
    internal abstract void Backward(DenseMatrix outputGradient, Span<DenseMatrix?> inputGradients);

    /// <summary>Computes the output.</summary>
    private protected abstract void Combine(ReadOnlySpan<SequenceBatch> inputs);

    /// <summary>Fills in which columns of the output hold data; false where all do.</summary>
    private protected abstract bool FillMask(ReadOnlySpan<SequenceBatch> inputs, bool[] mask);

    /// <summary>Room for the gradient of an input; null where nobody asks for it.</summary>
    private protected DenseMatrix? RoomForGradient(int input)
    {
        Shapes.Shape shape = Options.InputShapes[input];
        return Options.InputGradients[input] ? new DenseMatrix(shape.Features, shape.Steps * Options.BatchSize) : null;
    }
}
