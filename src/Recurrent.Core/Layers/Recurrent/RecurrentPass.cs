using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a recurrent layer remembers of one run over a batch of sequences.</summary>
public sealed class RecurrentPass : Pass
{
    private readonly SequenceOptions layer;
    private readonly int batch;
    private readonly int steps;
    private readonly int inputColumns;
    private readonly int output;
    private readonly DenseMatrix? arranged;
    private readonly DenseMatrix? reordered;
    private readonly DenseMatrix[] setAside;
    private readonly DenseMatrix? heldOutputGradient;
    private DenseMatrix? source;
    private bool[]? stepMask;
    private bool[]? outputMask;
    private bool setOut;
    private bool given;

    internal RecurrentPass(RecurrentLayer owner, PassOptions options, CellPass cell)
        : base(owner, options)
    {
        layer = owner.SequenceOptions;
        Cell = cell;
        cell.UseGradients(Gradients);
        batch = options.BatchSize;
        steps = cell.Steps;
        output = owner.Cell.OutputState;
        inputColumns = batch * cell.Options.StepShape.Steps;
        int features = options.InputShape.Features;
        Output = new SequenceBatch(owner.ComputeOutputShape(options.InputShape), batch);
        InitialStates = [.. cell.States.Select(state => new DenseMatrix(state.Values.RowCount, cell.StepColumns))];
        StateRows = [.. InitialStates.Select(state => state.Values.Length / batch)];
        InputGradient = options.InputGradient ? new DenseMatrix(features, steps * inputColumns) : null;
        arranged = layer.GoBackwards ? new DenseMatrix(features, steps * inputColumns) : null;
        reordered = options.InputGradient && layer.GoBackwards ? new DenseMatrix(features, steps * inputColumns) : null;
        FinalStateGradients = [.. cell.StateGradients.Select(g => new DenseMatrix(g.RowCount, g.ColumnCount))];
        setAside = options.Differentiable ? [.. cell.StateGradients.Select(g => new DenseMatrix(g.RowCount, g.ColumnCount))] : [];
        heldOutputGradient = options.Differentiable ? new DenseMatrix(Output.Values.RowCount, cell.StepColumns) : null;
    }

    internal CellPass Cell { get; }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>Which samples hold data at a step, <c>t · batch + b</c>, in the order in which steps are run; null where all do.</summary>
    internal bool[]? Mask { get; private set; }

    /// <summary>
    /// The states with which a forward pass begins, one matrix (rows × batch) each, the hidden state first: zero unless written to.
    /// What <see cref="IStateful.SetInitialState"/> writes is for one step: <see cref="Begin"/> makes it zero again.
    /// </summary>
    public IReadOnlyList<DenseMatrix> InitialStates { get; }

    /// <summary>The rows that each state has for a sample, those of all its places together.</summary>
    internal int[] StateRows { get; }

    /// <summary>
    /// Gradients of the loss with respect to the final states, for a loss that depends on them and not on the output alone: zero
    /// unless written to. A backward pass begins with them.
    /// </summary>
    public IReadOnlyList<DenseMatrix> FinalStateGradients { get; }

    /// <summary>After a backward pass: the gradients with respect to <see cref="InitialStates"/>.</summary>
    public IReadOnlyList<DenseMatrix> InitialStateGradients => Cell.StateGradients;

    /// <summary>Where set, a backward pass writes to it the sum of the squares of ∂L/∂h_t for each step, and for each phase of a step.</summary>
    internal double[]? SquaredGradientNorms { get; set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        setOut = false;
        for (int i = 0; given && i < InitialStates.Count; i++)
        {
            // A pass goes from caller to caller, and no caller may see another's state.
            InitialStates[i].Clear();
        }

        given = false;
    }

    /// <summary>The next forward pass begins with <see cref="InitialStates"/>, which are given, even where the pass is a continuing one.</summary>
    private void Restart()
    {
        setOut = false;
        given = true;
    }

    /// <summary>Copies the states to begin with from a part of a list: one column a sample.</summary>
    internal void SetInitialStates(IReadOnlyList<DenseMatrix> states, int firstState, int firstColumn)
    {
        Restart();
        for (int i = 0; i < InitialStates.Count; i++)
        {
            StatePlaces.Spread(new ColumnBlock(states[firstState + i], firstColumn, batch), InitialStates[i]);
        }
    }

    /// <summary>Copies the final states to a part of a list: one column a sample.</summary>
    internal void GetFinalStates(IReadOnlyList<DenseMatrix> states, int firstState, int firstColumn)
    {
        for (int i = 0; i < InitialStates.Count; i++)
        {
            StatePlaces.Gather(FinalState(i), new ColumnBlock(states[firstState + i], firstColumn, batch));
        }
    }

    /// <summary>A state after the last forward pass; the initial one where none has run since they were set.</summary>
    internal ColumnBlock FinalState(int index) => setOut ? Cell.States[index].Before(steps) : InitialStates[index];

    /// <summary>
    /// Starts a forward pass: the initial states become the states before the first step, or, where the pass goes on with a
    /// sequence, those after the last step do.
    /// </summary>
    internal void SetOut()
    {
        if (setOut && Options.Continuing)
        {
            Cell.GoOn();

            return;
        }

        setOut = true;
        for (int i = 0; i < InitialStates.Count; i++)
        {
            InitialStates[i].Values.CopyTo(Cell.States[i].Before(0).Values);
        }
    }

    /// <summary>Brings input and mask into the order in which steps are run.</summary>
    internal void ArrangeInput(SequenceBatch input)
    {
        Mask = input.Mask is { } mask ? ArrangeMask(mask) : null;
        source = input.Values;
        if (arranged is null)
        {
            return;
        }

        source = arranged;
        Reverse(input.Values, arranged);
    }

    /// <summary>The inputs of some steps, in the order in which they are run.</summary>
    internal ColumnBlock Input(int firstStep, int count) => new(source!, firstStep * inputColumns, count * inputColumns);

    /// <summary>Where a sample is masked at step t, its states stay what they were.</summary>
    internal void HoldMaskedStates(int t)
    {
        if (Mask is null)
        {
            return;
        }

        for (int i = 0; i < Cell.States.Count; i++)
        {
            ColumnBlock before = Cell.States[i].Before(t);
            ColumnBlock after = Cell.States[i].Carried(t);
            for (int column = 0; column < after.ColumnCount; column++)
            {
                if (IsMasked(t, column))
                {
                    before.Column(column).CopyTo(after.Column(column));
                }
            }
        }
    }

    /// <summary>Writes the output of step t: the hidden state; where masked, the previous output, or zero.</summary>
    internal void WriteOutput(int t)
    {
        bool sequences = layer.ReturnSequences;
        ColumnBlock hidden = Cell.States[output].Carried(t);
        if (Mask is null)
        {
            if (sequences || t == steps - 1)
            {
                hidden.Values.CopyTo(OutputOf(t).Values);
            }

            return;
        }

        for (int column = 0; column < hidden.ColumnCount; column++)
        {
            Span<Real> target = OutputOf(t).Column(column);
            if (!IsMasked(t, column))
            {
                hidden.Column(column).CopyTo(target);
            }
            else if (layer.ZeroOutputForMask)
            {
                target.Clear();
            }
            else if (Options.Continuing)
            {
                // The previous output may be that of the pass before: it is the hidden state that was held.
                hidden.Column(column).CopyTo(target);
            }
            else if (t == 0)
            {
                target.Clear();
            }
            else if (sequences)
            {
                OutputOf(t - 1).Column(column).CopyTo(target);
            }
        }
    }

    /// <summary>The output with its mask.</summary>
    internal SequenceBatch FinishOutput()
    {
        Output.Mask = !layer.ReturnSequences || Mask is null ? null : Cell.StepColumns == batch ? Mask : SpreadMask(Mask);
        return Output;
    }

    /// <summary>Starts a backward pass: behind the last step are the final states alone.</summary>
    internal void SetBack()
    {
        for (int i = 0; i < FinalStateGradients.Count; i++)
        {
            FinalStateGradients[i].Values.CopyTo(Cell.StateGradients[i].Values, 0);
        }

        heldOutputGradient!.Clear();
    }

    /// <summary>Ends the gradients of states that have vanished, before they become denormal and slow.</summary>
    internal void EndVanishedGradients()
    {
        for (int i = 0; i < Cell.StateGradients.Count; i++)
        {
            VectorMath.FlushTiny(Cell.StateGradients[i].Values);
        }
    }

    /// <summary>Adds the gradient of the output of step t to that of the hidden state after it.</summary>
    internal void AddOutputGradient(int t, DenseMatrix outputGradient)
    {
        bool sequences = layer.ReturnSequences;
        bool given = sequences || t == steps - 1;
        if (Mask is null)
        {
            if (given)
            {
                VectorMath.Add(Cell.StepOf(outputGradient, t).Values, Cell.StateGradients[output].Values);
            }

            return;
        }

        for (int column = 0; column < Cell.StepColumns; column++)
        {
            // Where step t is masked its output repeats an earlier one, so its gradient waits for that one.
            Span<Real> held = new ColumnBlock(heldOutputGradient!, column, 1).Values;
            if (given)
            {
                VectorMath.Add(Cell.StepOf(outputGradient, t).Column(column), held);
            }

            if (!IsMasked(t, column))
            {
                VectorMath.Add(held, new ColumnBlock(Cell.StateGradients[output], column, 1).Values);
                held.Clear();
            }
            else if (layer.ZeroOutputForMask)
            {
                held.Clear();
            }
        }
    }

    /// <summary>Measures the gradient of the output after step t, all of it: this step's own and what has come back from later ones.</summary>
    internal void RecordGradient(int t)
    {
        if (SquaredGradientNorms is null)
        {
            return;
        }

        int phases = SquaredGradientNorms.Length / steps;
        int columns = Cell.StepColumns / phases;
        for (int phase = 0; phase < phases; phase++)
        {
            double sum = 0;
            foreach (Real slope in new ColumnBlock(Cell.StateGradients[output], phase * columns, columns).Values)
            {
                sum += (double)slope * slope;
            }

            SquaredGradientNorms[(t * phases) + phase] = sum;
        }
    }

    /// <summary>Keeps the state gradients of masked samples away from the cell, which then computes zero for them.</summary>
    internal void SetAsideMaskedGradients(int t) => MoveMaskedGradients(t, static (gradient, aside) =>
    {
        gradient.CopyTo(aside);
        gradient.Clear();
    });

    /// <summary>Gives them back: a masked step hands its state on unchanged, and so its gradient.</summary>
    internal void AddMaskedGradients(int t) => MoveMaskedGradients(t, static (gradient, aside) => VectorMath.Add(aside, gradient));

    /// <summary>Turns the gradient of the arranged input into that of the input.</summary>
    internal DenseMatrix RestoreInputOrder(DenseMatrix gradient)
    {
        if (reordered is null)
        {
            return gradient;
        }

        Reverse(gradient, reordered);
        return reordered;
    }

    private delegate void Move(Span<Real> gradient, Span<Real> aside);

    private void MoveMaskedGradients(int t, Move move)
    {
        if (Mask is null)
        {
            return;
        }

        for (int i = 0; i < setAside.Length; i++)
        {
            for (int column = 0; column < Cell.StepColumns; column++)
            {
                if (IsMasked(t, column))
                {
                    move(new ColumnBlock(Cell.StateGradients[i], column, 1).Values, new ColumnBlock(setAside[i], column, 1).Values);
                }
            }
        }
    }

    private bool IsMasked(int t, int column) => !Mask![(t * batch) + (column % batch)];

    /// <summary>The output that step t writes: its own, or the only one.</summary>
    private ColumnBlock OutputOf(int t) => Cell.StepOf(Output.Values, t);

    private void Reverse(DenseMatrix from, DenseMatrix to)
    {
        for (int t = 0; t < steps; t++)
        {
            new ColumnBlock(from, (steps - 1 - t) * inputColumns, inputColumns).Values
                .CopyTo(new ColumnBlock(to, t * inputColumns, inputColumns).Values);
        }
    }

    /// <summary>The mask by steps, in the order in which they are run: a step holds data where any of its places does.</summary>
    private bool[] ArrangeMask(bool[] mask)
    {
        if (inputColumns == batch && !layer.GoBackwards)
        {
            return mask;
        }

        stepMask ??= new bool[steps * batch];
        for (int t = 0; t < steps; t++)
        {
            ReadOnlySpan<bool> step = mask.AsSpan((layer.GoBackwards ? steps - 1 - t : t) * inputColumns, inputColumns);
            for (int b = 0; b < batch; b++)
            {
                bool holdsData = false;
                for (int column = b; column < inputColumns; column += batch)
                {
                    holdsData |= step[column];
                }

                stepMask[(t * batch) + b] = holdsData;
            }
        }

        return stepMask;
    }

    /// <summary>A mask by steps for an output that has several places at a step.</summary>
    private bool[] SpreadMask(bool[] mask)
    {
        outputMask ??= new bool[Output.Values.ColumnCount];
        for (int column = 0; column < outputMask.Length; column++)
        {
            outputMask[column] = mask[(column / Cell.StepColumns * batch) + (column % batch)];
        }

        return outputMask;
    }
}
