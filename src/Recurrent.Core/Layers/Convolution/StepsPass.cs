using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>A pass of a layer that works along the steps, on features down, (time, batch) across.</summary>
/// <remarks>Samples that are (channels, timesteps) are brought into that order and back.</remarks>
public class StepsPass : Pass
{
    // In that order, where samples are not; null where they are.
    private readonly DenseMatrix? swappedInput;
    private readonly DenseMatrix? swappedSums;
    private readonly DenseMatrix? swappedInputGradient;

    internal StepsPass(Layer layer, PassOptions options, bool stepsAreLast, bool keepsSums)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        Sums = keepsSums && options.Differentiable
            ? new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount)
            : Output.Values;
        InputGradient = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize)
            : null;
        if (stepsAreLast)
        {
            int columns = options.InputShape.Features * options.BatchSize;
            swappedInput = new DenseMatrix(options.InputShape.Steps, columns);
            swappedInputGradient = options.InputGradient ? new DenseMatrix(options.InputShape.Steps, columns) : null;

            // What has no steps is a vector, in either order.
            swappedSums = Output.SampleShape.Rank > 1
                ? new DenseMatrix(Output.Steps, Output.SampleShape.Features * options.BatchSize)
                : null;
        }
    }

    internal SequenceBatch Output { get; }

    /// <summary>
    /// What the layer computes before an activation; the storage of <see cref="Output"/> where the derivative does not need it.
    /// </summary>
    internal DenseMatrix Sums { get; }

    /// <summary>The input of the last forward pass, features down.</summary>
    internal ColumnBlock Input { get; private protected set; }

    /// <summary>Where <see cref="Sums"/> are computed, features down.</summary>
    internal DenseMatrix StepSums => swappedSums ?? Sums;

    /// <summary>Where the gradient of the input is computed, features down; null where nobody asks for it.</summary>
    internal DenseMatrix? StepInputGradient => swappedInputGradient ?? InputGradient;

    private protected DenseMatrix? InputGradient { get; }

    /// <summary>Which steps of the input are padding of sequences of unequal length; null where there are none.</summary>
    internal Padding? Padding { get; private set; }

    /// <summary>Takes the input.</summary>
    internal virtual void Take(SequenceBatch input)
    {
        Padding = input.Padding;
        if (swappedInput is not null)
        {
            StepLayout.Swap(input.Values, swappedInput);
        }

        Input = swappedInput ?? input.Values;
    }

    /// <summary>Brings the sums into the order of the output.</summary>
    internal void GiveSums()
    {
        if (swappedSums is not null)
        {
            StepLayout.Swap(swappedSums, Sums);
        }
    }

    /// <summary>The gradient of the sums, features down.</summary>
    internal DenseMatrix TakeGradient(DenseMatrix gradient)
    {
        if (swappedSums is not null)
        {
            StepLayout.Swap(gradient, swappedSums);
        }

        return swappedSums ?? gradient;
    }

    /// <summary>The gradient of the input in its own order.</summary>
    internal virtual DenseMatrix? GiveInputGradient()
    {
        if (swappedInputGradient is not null)
        {
            StepLayout.Swap(swappedInputGradient, InputGradient!);
        }

        return InputGradient;
    }
}
