using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of a <see cref="ConvolutionLayer"/> remembers.</summary>
public class ConvolutionPass : StepsPass
{
    private bool[]? mask;
    private DenseMatrix? withoutPadding;
    private Padding? padding;

    internal ConvolutionPass(ConvolutionLayer layer, PassOptions options, StepWindow window)
        : base(layer, options, layer.Window.StepsAreLast, layer.Activation.NeedsInput) => Window = window;

    /// <summary>Which steps of the input an output sees.</summary>
    internal StepWindow Window { get; }

    /// <summary>Takes the input, without what stands in its padding.</summary>
    internal override void Take(SequenceBatch input)
    {
        base.Take(input);
        padding = Padding;
        Output.Mask = null;
        if (padding is not null)
        {
            Input = WithoutPadding(input.Values, padding);
            Output.Mask = MaskOf(padding);
        }
    }

    /// <inheritdoc/>
    internal override DenseMatrix? GiveInputGradient()
    {
        DenseMatrix? gradient = base.GiveInputGradient();
        if (gradient is not null && padding is not null)
        {
            Clear(gradient, padding);
        }

        return gradient;
    }

    private static void Clear(ColumnBlock block, Padding padding)
    {
        for (int column = 0; column < block.ColumnCount; column++)
        {
            if (padding.Hides(column, block.ColumnCount))
            {
                block.Column(column).Clear();
            }
        }
    }

    private DenseMatrix WithoutPadding(DenseMatrix input, Padding padding)
    {
        withoutPadding ??= new DenseMatrix(input.RowCount, input.ColumnCount);
        input.Values.CopyTo(withoutPadding.Values, 0);
        Clear(withoutPadding, padding);
        return withoutPadding;
    }

    /// <summary>Keras's convolutions end a mask; but padding of sequences of unequal length stays padding.</summary>
    private bool[] MaskOf(Padding padding)
    {
        mask ??= new bool[Output.Values.ColumnCount];
        Array.Fill(mask, true);
        padding.Hide(mask);
        return mask;
    }
}
