using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Dilated"/> remembers: the wrapped layer's pass over rate · batch samples.</summary>
public sealed partial class DilatedPass : WrapperPass
{
    private readonly Shape innerShape;
    private readonly int steps;
    private readonly int[]? lastPhases;
    private readonly bool[]? withoutData;
    private readonly bool followsMask;
    private readonly DenseMatrix? paddedInput;
    private readonly bool[] paddedMask;
    private readonly SequenceBatch output;
    private readonly bool[] outputMask;
    private readonly DenseMatrix? innerOutputGradient;
    private readonly DenseMatrix? inputGradient;
    private readonly Dilated owner;
    private DenseMatrix[] carried = [];
    private DenseMatrix[] phaseStates = [];
    private int[]? stateRows;
    private SequenceBatch? innerInput;
    private bool masked;
    private bool given;
    private bool ran;

    internal DilatedPass(Dilated layer, PassOptions options)
        : base(layer, options)
    {
        owner = layer;
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
        withoutData = lastPhases is null ? null : new bool[options.BatchSize];
        followsMask = layer.Layer is RecurrentLayer { ZeroOutputForMask: false };
        int outputColumns = layer.ReturnSequences ? innerSteps * samples : samples;
        innerOutputGradient = options.Differentiable ? new DenseMatrix(output.Values.RowCount, outputColumns) : null;
        inputGradient = options.InputGradient && !whole ? new DenseMatrix(features, columns) : null;
        Wrap(layer.Layer.CreatePass(Options with { InputShape = innerShape, BatchSize = samples }));
        if (options.Continuing)
        {
            // At once, so that no step allocates.
            stateRows = MakeRoomForStates();
        }
    }

    /// <summary>The rows of each state: those of the wrapped layer, for each of the last <c>rate</c> steps; and of the last
    /// output.</summary>
    internal int[] StateRows => stateRows ??= MakeRoomForStates();

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
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        ran = false;
        if (given)
        {
            // A pass goes from caller to caller, and no caller may see another's state.
            Array.ForEach(carried, state => state.Clear());
            given = false;
        }
    }

    /// <summary>Copies the states to begin with: first that from which the first step goes on.</summary>
    internal void SetInitialStates(IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        for (int i = 0; i < carried.Length; i++)
        {
            new ColumnBlock(states[i], firstColumn, Options.BatchSize).Values.CopyTo(carried[i].Values);
        }

        BeginWithCarried();
    }

    /// <summary>Copies the states to go on from: first that from which the step after the last one would.</summary>
    internal void GetFinalStates(IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        if (ran && Inner is RecurrentPass recurrent)
        {
            recurrent.GetFinalStates(phaseStates, 0, 0);
        }

        for (int i = 0; i < phaseStates.Length; i++)
        {
            CopyFinal(i, new ColumnBlock(states[i], firstColumn, Options.BatchSize));
        }

        if (owner.KeepsOutput)
        {
            (ran ? output.Values : carried[^1]).Values.CopyTo(
                new ColumnBlock(states[phaseStates.Length], firstColumn, Options.BatchSize).Values);
        }
    }

    /// <summary>The input with its phases as samples of their own.</summary>
    internal SequenceBatch Fold(SequenceBatch input)
    {
        if (ran && Options.Continuing && StateRows.Length > 0)
        {
            GetFinalStates(carried, 0);
            BeginWithCarried();
        }

        ran = true;
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
        else if (paddedInput is not null)
        {
            // What fills up the last step would else change the states, or be the first that a layer sees which reads from the
            // end.
            Array.Fill(paddedMask, true, 0, input.Values.ColumnCount);
        }

        innerInput.Mask = masked || paddedInput is not null ? paddedMask : null;
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
            (RepeatsOutput(b) ? new ColumnBlock(carried[^1], b, 1).Values : LastOutput(inner.Values, b))
                .CopyTo(new ColumnBlock(output.Values, b, 1).Values);
        }

        return output;
    }

    /// <summary>The gradient of the output, and of the last output as a state, laid out for the wrapped layer.</summary>
    /// <param name="gradient">The gradient of the output; null where the loss does not depend on it.</param>
    internal DenseMatrix FoldGradient(DenseMatrix? gradient)
    {
        // The wrapped layer may have written to it.
        innerOutputGradient!.Clear();
        if (lastPhases is null)
        {
            gradient?.Values.CopyTo(innerOutputGradient.Values, 0);
            return innerOutputGradient;
        }

        for (int b = 0; b < lastPhases.Length; b++)
        {
            // Where a sample has no data its output is the one that it began with.
            Span<Real> target = RepeatsOutput(b) && stateGradients.Length > 0
                ? new ColumnBlock(stateGradients[^1], b, 1).Values
                : LastOutput(innerOutputGradient, b);
            AddColumn(gradient, b, target);
            AddColumn(lastOutputGradient, b, target);
        }

        return innerOutputGradient;

        static void AddColumn(DenseMatrix? from, int column, Span<Real> target)
        {
            if (from is not null)
            {
                VectorMath.Add(new ColumnBlock(from, column, 1).Values, target);
            }
        }
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

    /// <summary>Room for states is made when somebody first asks for them: with a large rate it is more than all else.</summary>
    private int[] MakeRoomForStates()
    {
        if (Inner is not RecurrentPass recurrent)
        {
            return [];
        }

        int[] rows = [.. owner.StateSizes];
        carried = [.. rows.Select(count => new DenseMatrix(count, Options.BatchSize))];
        phaseStates = [.. recurrent.InitialStates.Select(state => new DenseMatrix(state.RowCount, Inner.Options.BatchSize))];
        return rows;
    }

    /// <summary>Gives the phases of the wrapped layer the states that they go on from.</summary>
    private void BeginWithCarried()
    {
        ran = false;
        given = true;
        for (int i = 0; i < phaseStates.Length; i++)
        {
            int size = phaseStates[i].RowCount;
            for (int column = 0; column < phaseStates[i].ColumnCount; column++)
            {
                int phase = Math.DivRem(column, Options.BatchSize, out int sample);
                StateOf(carried[i], sample, phase, size).CopyTo(new ColumnBlock(phaseStates[i], column, 1).Values);
            }
        }

        (Inner as RecurrentPass)?.SetInitialStates(phaseStates, 0, 0);
    }

    /// <summary>One of the states after the last run, which may be written over the carried ones.</summary>
    private void CopyFinal(int state, ColumnBlock target)
    {
        int size = phaseStates[state].RowCount;
        int gone = ran ? steps : 0;
        for (int sample = 0; sample < Options.BatchSize; sample++)
        {
            Span<Real> values = target.Column(sample);
            for (int slot = 0; slot < owner.Rate; slot++)
            {
                // Where there were fewer steps than the rate, the first slots are those that no step has gone on from yet.
                Span<Real> from = slot + gone < owner.Rate
                    ? StateOf(carried[state], sample, slot + gone, size)
                    : new ColumnBlock(phaseStates[state], ((slot + gone) % owner.Rate * Options.BatchSize) + sample, 1).Values;
                from.CopyTo(values.Slice(slot * size, size));
            }
        }
    }

    private static Span<Real> StateOf(DenseMatrix states, int sample, int slot, int size) =>
        new ColumnBlock(states, sample, 1).Values.Slice(slot * size, size);

    /// <summary>The phase of each sample's last step that holds data; of the last step where none does, or where padding gives
    /// zero.</summary>
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
            withoutData![b] = !holdsData;
        }
    }

    private Span<Real> LastOutput(DenseMatrix outputs, int sample) =>
        new ColumnBlock(outputs, (lastPhases![sample] * lastPhases.Length) + sample, 1).Values;
}
