namespace Recurrent.Layers;

/// <summary>
/// What a forward pass remembers of a layer that works on values along some axes together, such as <see
/// cref="LayerNormalization"/>. They stand in one column: that is so from the start where the axis is the last; otherwise values
/// are brought there and back.
/// </summary>
public class AxisPass : Pass
{
    private readonly AxisGather gather;
    private readonly DenseMatrix? gatheredInput;
    private readonly DenseMatrix? gatheredGradient;
    private readonly SequenceBatch output;
    private bool[]? notPadding;

    internal AxisPass(Layer layer, PassOptions options, AxisGather gather)
        : base(layer, options)
    {
        this.gather = gather;
        output = new SequenceBatch(options.InputShape, options.BatchSize);
        if (!gather.IsInPlace)
        {
            gatheredInput = gather.NewMatrix();
            gatheredGradient = options.Differentiable ? gather.NewMatrix() : null;
        }

        GatheredOutput = gather.IsInPlace ? output.Values : gather.NewMatrix();
        Normalized = options.Differentiable ? gather.NewMatrix() : GatheredOutput;
        Factors = new Real[gather.Columns];
    }

    /// <summary>Whether what goes together is a column of the batch: nothing is gathered.</summary>
    internal bool IsInPlace => gather.IsInPlace;

    /// <summary>Number of channels in a column of gathered groups.</summary>
    internal int ChannelsPerColumn => gather.Channels;

    /// <summary>Receives the output, gathered.</summary>
    internal DenseMatrix GatheredOutput { get; }

    /// <summary>
    /// What the backward pass needs of the last forward pass, such as x̂, gathered; the storage of <see cref="GatheredOutput"/>
    /// where none follows.
    /// </summary>
    internal DenseMatrix Normalized { get; }

    /// <summary>A number for each gathered column, such as 1 / √(σ² + ε).</summary>
    internal Real[] Factors { get; }

    /// <summary>The input with what goes together in one column.</summary>
    internal DenseMatrix Gather(DenseMatrix input) => Gather(input, gatheredInput);

    /// <summary>The gradient of the output, gathered.</summary>
    internal DenseMatrix GatherGradient(DenseMatrix gradient) => Gather(gradient, gatheredGradient);

    /// <summary>Whether a gathered value is in a column of the input that a mask hides.</summary>
    internal bool IsMasked(bool[] mask, int index) => !mask[gather.PlaceOf(index) / output.Values.RowCount];

    /// <summary>Brings the output to where it belongs.</summary>
    internal SequenceBatch Finish(bool[]? mask)
    {
        if (!gather.IsInPlace)
        {
            gather.Scatter(GatheredOutput.Values, output.Values.Values);
        }

        output.Mask = mask;
        return output;
    }

    /// <summary>Brings the output to where it belongs, without the mask of the input, which Keras drops, too.</summary>
    internal SequenceBatch FinishUnmasked(SequenceBatch input) => Finish(input.PaddingMask(ref notPadding));

    /// <summary>Brings the gradient of the input to where it belongs: into the place of that of the output.</summary>
    internal DenseMatrix ScatterGradient(DenseMatrix gradient)
    {
        if (!gather.IsInPlace)
        {
            gather.Scatter(gatheredGradient!.Values, gradient.Values);
        }

        return gradient;
    }

    private DenseMatrix Gather(DenseMatrix values, DenseMatrix? gathered)
    {
        if (gathered is null)
        {
            return values;
        }

        gather.Gather(values.Values, gathered.Values);
        return gathered;
    }
}
