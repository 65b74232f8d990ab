using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Dilated"/> remembers: the wrapped layer's pass over rate · batch samples.</summary>
public sealed class DilatedPass : Pass
{
    private readonly Shape innerShape;
    private readonly int steps;
    private readonly int[]? lastPhases;
    private readonly bool followsMask;
    private readonly bool hidesFilling;
    private readonly DenseMatrix? paddedInput;
    private readonly bool[] paddedMask;
    private readonly SequenceBatch output;
    private readonly bool[] outputMask;
    private readonly DenseMatrix? innerOutputGradient;
    private readonly DenseMatrix? inputGradient;
    private SequenceBatch? innerInput;
    private bool masked;

    internal DilatedPass(Dilated layer, PassOptions options)
        : base(layer, options)
    {
        steps = options.InputShape[0]!.Value;
        // There are no more phases than steps.
        Phases = Math.Min(layer.Rate, steps);
        int samples = checked(Phases * options.BatchSize);
        int innerSteps = ((steps - 1) / Phases) + 1;
        int features = options.InputShape.Features;
        int columns = steps * options.BatchSize;
        innerShape = (innerSteps, features);
        bool whole = steps == innerSteps * Phases;
        paddedInput = whole ? null : new DenseMatrix(features, checked(innerSteps * samples));
        paddedMask = new bool[innerSteps * samples];
        output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        outputMask = new bool[output.Values.ColumnCount];

        // All steps stand from the first column on; a last output alone is in the phase to which its step belongs.
        lastPhases = layer.ReturnSequences ? null : new int[options.BatchSize];
        followsMask = layer.Layer is RecurrentLayer { ZeroOutputForMask: false };

        // What fills up the last step would be the first that a layer sees which reads from the end.
        hidesFilling = !whole && layer.Layer is Bidirectional;
        int outputColumns = layer.ReturnSequences ? innerSteps * samples : samples;
        innerOutputGradient = options.Differentiable ? new DenseMatrix(output.Values.RowCount, outputColumns) : null;
        inputGradient = options.InputGradient && !whole ? new DenseMatrix(features, columns) : null;
        Inner = layer.Layer.CreatePass(options with { InputShape = innerShape, BatchSize = samples, Continuing = false });
        Gradients = Inner.Gradients;
    }

    /// <summary>The pass of the wrapped layer.</summary>
    internal Pass Inner { get; }

    /// <summary>Number of phases.</summary>
    internal int Phases { get; }

    /// <summary>Step t of the sequence is step t / Phases of the phase t mod Phases.</summary>
    internal (int Step, int Phase) Place(int t) => Math.DivRem(t, Phases);

    /// <summary>The place of the step that is read after t others by a layer that reads from the end.</summary>
    internal (int Step, int Phase) PlaceFromTheEnd(int t)
    {
        (int step, int phase) = Place(steps - 1 - t);
        return (innerShape[0]!.Value - 1 - step, phase);
    }

    /// <summary>The phase to which a sample's last output belongs, where the wrapped layer returns that alone.</summary>
    internal int LastPhase(int sample) => lastPhases![sample];

    /// <inheritdoc/>
    internal override double ActivityPenalty => Inner.ActivityPenalty;

    /// <inheritdoc/>
    internal override Real PenaltyScale
    {
        get => Inner.PenaltyScale;
        set => Inner.PenaltyScale = value;
    }

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

        masked = input.Mask is not null;
        if (input.Mask is { } mask)
        {
            mask.CopyTo(paddedMask, 0);
        }
        else if (hidesFilling)
        {
            Array.Fill(paddedMask, true, 0, input.Values.ColumnCount);
        }

        innerInput.Mask = masked || hidesFilling ? paddedMask : null;
        FindLastPhases(input.Mask);
        return innerInput;
    }

    /// <summary>The output without what stands beyond the last step, or in other phases.</summary>
    internal SequenceBatch Unfold(SequenceBatch inner)
    {
        if (lastPhases is null)
        {
            Span<Real> target = output.Values.Values;
            inner.Values.Values.AsSpan(0, target.Length).CopyTo(target);
            inner.Mask?.AsSpan(0, outputMask.Length).CopyTo(outputMask);
            output.Mask = masked ? outputMask : null;
            return output;
        }

        for (int b = 0; b < lastPhases.Length; b++)
        {
            LastOutput(inner.Values, b).CopyTo(new ColumnBlock(output.Values, b, 1).Values);
        }

        return output;
    }

    /// <summary>The gradient of the output, laid out for the wrapped layer.</summary>
    internal DenseMatrix FoldGradient(DenseMatrix gradient)
    {
        // The wrapped layer may have written to it.
        innerOutputGradient!.Clear();
        if (lastPhases is null)
        {
            gradient.Values.CopyTo(innerOutputGradient.Values, 0);
            return innerOutputGradient;
        }

        for (int b = 0; b < lastPhases.Length; b++)
        {
            new ColumnBlock(gradient, b, 1).Values.CopyTo(LastOutput(innerOutputGradient, b));
        }

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

    /// <summary>The phase of each sample's last step that holds data; of the last step where none does, or where padding gives zero.</summary>
    private void FindLastPhases(bool[]? mask)
    {
        for (int b = 0; b < lastPhases?.Length; b++)
        {
            int last = steps - 1;
            while (followsMask && mask is not null && last > 0 && !mask[(last * lastPhases.Length) + b])
            {
                last--;
            }

            bool holdsData = mask is null || mask[(last * lastPhases.Length) + b];
            lastPhases[b] = (holdsData ? last : steps - 1) % Phases;
        }
    }

    private Span<Real> LastOutput(DenseMatrix outputs, int sample) =>
        new ColumnBlock(outputs, (lastPhases![sample] * lastPhases.Length) + sample, 1).Values;
}
