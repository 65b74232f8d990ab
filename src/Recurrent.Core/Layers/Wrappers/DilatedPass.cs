using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Dilated"/> remembers: the wrapped layer's pass over rate · batch samples.</summary>
public sealed class DilatedPass : Pass
{
    private readonly Shape innerShape;
    private readonly int first;
    private readonly DenseMatrix? paddedInput;
    private readonly bool[] paddedMask;
    private readonly SequenceBatch output;
    private readonly bool[] outputMask;
    private readonly DenseMatrix? innerOutputGradient;
    private readonly DenseMatrix? inputGradient;
    private SequenceBatch? innerInput;

    internal DilatedPass(Dilated layer, PassOptions options)
        : base(layer, options)
    {
        int steps = options.InputShape[0]!.Value;
        // There are no more phases than steps.
        int rate = Math.Min(layer.Rate, steps);
        int samples = checked(rate * options.BatchSize);
        int innerSteps = ((steps - 1) / rate) + 1;
        int features = options.InputShape.Features;
        int columns = steps * options.BatchSize;
        innerShape = (innerSteps, features);
        bool whole = steps == innerSteps * rate;
        paddedInput = whole ? null : new DenseMatrix(features, checked(innerSteps * samples));
        paddedMask = new bool[innerSteps * samples];
        output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        outputMask = new bool[output.Values.ColumnCount];

        // All steps stand from the first column on; the last step alone is in the phase to which it belongs.
        first = layer.Layer.ReturnSequences ? 0 : (steps - 1) % rate * options.BatchSize;
        int outputColumns = layer.Layer.ReturnSequences ? innerSteps * samples : samples;
        innerOutputGradient = options.Differentiable ? new DenseMatrix(output.Values.RowCount, outputColumns) : null;
        inputGradient = options.InputGradient && !whole ? new DenseMatrix(features, columns) : null;
        Inner = layer.Layer.CreatePass(options with { InputShape = innerShape, BatchSize = samples, Continuing = false });
        Gradients = Inner.Gradients;
    }

    /// <summary>The pass of the wrapped layer.</summary>
    internal Pass Inner { get; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        Inner.Begin(training, key);
    }

    /// <summary>The input with its phases as samples of their own.</summary>
    internal SequenceBatch Fold(SequenceBatch input)
    {
        DenseMatrix values = paddedInput ?? input.Values;
        if (paddedInput is not null)
        {
            input.Values.Values.CopyTo(paddedInput.Values, 0);
        }

        if (innerInput?.Values != values)
        {
            innerInput = new SequenceBatch(innerShape, Inner.Options.BatchSize, values);
        }

        if (input.Mask is { } mask)
        {
            mask.CopyTo(paddedMask, 0);
        }

        innerInput.Mask = input.Mask is null ? null : paddedMask;
        return innerInput;
    }

    /// <summary>The output without what stands beyond the last step, or in other phases.</summary>
    internal SequenceBatch Unfold(SequenceBatch inner)
    {
        Span<Real> target = output.Values.Values;
        inner.Values.Values.AsSpan(first * inner.Values.RowCount, target.Length).CopyTo(target);
        if (inner.Mask is { } mask)
        {
            mask.AsSpan(first, outputMask.Length).CopyTo(outputMask);
        }

        output.Mask = inner.Mask is null ? null : outputMask;
        return output;
    }

    /// <summary>The gradient of the output, laid out for the wrapped layer.</summary>
    internal DenseMatrix FoldGradient(DenseMatrix gradient)
    {
        // The wrapped layer may have written to it.
        innerOutputGradient!.Clear();
        gradient.Values.CopyTo(innerOutputGradient.Values, first * gradient.RowCount);
        return innerOutputGradient;
    }

    /// <summary>The gradient of the input from that of the wrapped layer.</summary>
    internal DenseMatrix? UnfoldGradient(DenseMatrix? inner)
    {
        if (inner is null || inputGradient is null)
        {
            return inner;
        }

        inner.Values.AsSpan(0, inputGradient.Values.Length).CopyTo(inputGradient.Values);
        return inputGradient;
    }
}
