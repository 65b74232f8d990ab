using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a recurrent layer remembers of one run over a batch of sequences.</summary>
public sealed class RecurrentPass : Pass
{
    private readonly RecurrentOptions layer;
    private readonly int batch;
    private readonly int steps;
    private DenseMatrix? arranged;
    private DenseMatrix? inputDropout;
    private readonly DenseMatrix? reordered;
    private readonly DenseMatrix[] setAside;
    private readonly DenseMatrix? heldOutputGradient;
    private DenseMatrix? source;
    private bool[]? reversedMask;
    private bool setOut;

    internal RecurrentPass(Layer owner, PassOptions options, CellPass cell, Shape outputShape, RecurrentOptions layer)
        : base(owner, options)
    {
        this.layer = layer;
        Cell = cell;
        batch = options.BatchSize;
        steps = cell.Steps;
        int features = options.InputShape.Features;
        Output = new SequenceBatch(outputShape, batch);
        InitialStates = [.. cell.States.Select(state => new DenseMatrix(state.Values.RowCount, batch))];
        InputGradient = options.InputGradient ? new DenseMatrix(features, steps * batch) : null;
        reordered = options.InputGradient && layer.GoBackwards ? new DenseMatrix(features, steps * batch) : null;
        FinalStateGradients = [.. cell.StateGradients.Select(g => new DenseMatrix(g.RowCount, batch))];
        setAside = options.Differentiable ? [.. cell.StateGradients.Select(g => new DenseMatrix(g.RowCount, batch))] : [];
        heldOutputGradient = options.Differentiable ? new DenseMatrix(layer.Units, batch) : null;
    }

    internal CellPass Cell { get; }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>Which columns hold data, in the order in which steps are run; null where all do.</summary>
    internal bool[]? Mask { get; private set; }

    /// <summary>
    /// The states with which a forward pass begins, one matrix (rows × batch) each, the hidden state first: zero unless written to.
    /// </summary>
    public IReadOnlyList<DenseMatrix> InitialStates { get; }

    /// <summary>
    /// Gradients of the loss with respect to the final states, for a loss that depends on them and not on the output alone: zero
    /// unless written to. A backward pass begins with them.
    /// </summary>
    public IReadOnlyList<DenseMatrix> FinalStateGradients { get; }

    /// <summary>After a backward pass: the gradients with respect to <see cref="InitialStates"/>.</summary>
    public IReadOnlyList<DenseMatrix> InitialStateGradients => Cell.StateGradients;

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        setOut = false;
    }

    /// <summary>The next forward pass begins with <see cref="InitialStates"/>, even where the pass is a continuing one.</summary>
    internal void Restart() => setOut = false;

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
            foreach (StateTrajectory state in Cell.States)
            {
                state.GoOn(steps);
            }

            return;
        }

        setOut = true;
        for (int i = 0; i < InitialStates.Count; i++)
        {
            InitialStates[i].Values.CopyTo(Cell.States[i].Before(0).Values);
        }
    }

    /// <summary>Draws the dropout masks of this run: one for the inputs and one for the state, the same at every step.</summary>
    internal void DrawDropout(ulong seed)
    {
        Cell.StopRecurrentDropout();
        if (!Training)
        {
            return;
        }

        if (layer.Dropout > 0)
        {
            inputDropout ??= new DenseMatrix(Options.InputShape.Features, batch);
            DropoutNoise.Fill(Draw(seed, 0), layer.Dropout, inputDropout.Values);
        }

        if (layer.RecurrentDropout > 0)
        {
            DropoutNoise.Fill(Draw(seed, 1), layer.RecurrentDropout, Cell.UseRecurrentDropout());
        }
    }

    /// <summary>Brings input and mask into the order in which steps are run, with dropout.</summary>
    internal void ArrangeInput(SequenceBatch input, bool backwards)
    {
        source = input.Values;
        Mask = input.Mask is { } mask && backwards ? ReverseMask(mask) : input.Mask;
        bool dropped = Training && inputDropout is not null;
        if (!backwards && !dropped)
        {
            return;
        }

        source = arranged ??= new DenseMatrix(Options.InputShape.Features, steps * batch);
        for (int t = 0; t < steps; t++)
        {
            Span<Real> target = new ColumnBlock(arranged, t * batch, batch).Values;
            ReadOnlySpan<Real> step = input.Step(backwards ? steps - 1 - t : t).Values;
            if (dropped)
            {
                VectorMath.Multiply(step, inputDropout!.Values, target);
            }
            else
            {
                step.CopyTo(target);
            }
        }
    }

    /// <summary>The inputs of some steps, in the order in which they are run.</summary>
    internal ColumnBlock Input(int firstStep, int count) => new(source!, firstStep * batch, count * batch);

    /// <summary>Where a sample is masked at step t, its states stay what they were.</summary>
    internal void HoldMaskedStates(int t)
    {
        if (Mask is null)
        {
            return;
        }

        foreach (StateTrajectory state in Cell.States)
        {
            ColumnBlock before = state.Before(t);
            ColumnBlock after = state.After(t);
            for (int b = 0; b < batch; b++)
            {
                if (!Mask[(t * batch) + b])
                {
                    before.Column(b).CopyTo(after.Column(b));
                }
            }
        }
    }

    /// <summary>Writes the output of step t: the hidden state; where masked, the previous output, or zero.</summary>
    internal void WriteOutput(int t, bool sequences)
    {
        ColumnBlock hidden = Cell.States[0].After(t);
        if (Mask is null)
        {
            if (sequences || t == steps - 1)
            {
                hidden.Values.CopyTo(Output.Step(sequences ? t : 0).Values);
            }

            return;
        }

        for (int b = 0; b < batch; b++)
        {
            Span<Real> output = Output.Step(sequences ? t : 0).Column(b);
            if (Mask[(t * batch) + b])
            {
                hidden.Column(b).CopyTo(output);
            }
            else if (layer.ZeroOutputForMask)
            {
                output.Clear();
            }
            else if (Options.Continuing)
            {
                // The previous output may be that of the pass before: it is the hidden state that was held.
                hidden.Column(b).CopyTo(output);
            }
            else if (t == 0)
            {
                output.Clear();
            }
            else if (sequences)
            {
                Output.Step(t - 1).Column(b).CopyTo(output);
            }
        }
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
        foreach (DenseMatrix gradient in Cell.StateGradients)
        {
            VectorMath.FlushTiny(gradient.Values);
        }
    }

    /// <summary>Adds the gradient of the output of step t to that of the hidden state after it.</summary>
    internal void AddOutputGradient(int t, DenseMatrix outputGradient, bool sequences)
    {
        bool given = sequences || t == steps - 1;
        if (Mask is null)
        {
            if (given)
            {
                VectorMath.Add(new ColumnBlock(outputGradient, sequences ? t * batch : 0, batch).Values, Cell.StateGradients[0].Values);
            }

            return;
        }

        for (int b = 0; b < batch; b++)
        {
            // Where step t is masked its output repeats an earlier one, so its gradient waits for that one.
            Span<Real> held = new ColumnBlock(heldOutputGradient!, b, 1).Values;
            if (given)
            {
                VectorMath.Add(new ColumnBlock(outputGradient, (sequences ? t * batch : 0) + b, 1).Values, held);
            }

            if (Mask[(t * batch) + b])
            {
                VectorMath.Add(held, new ColumnBlock(Cell.StateGradients[0], b, 1).Values);
                held.Clear();
            }
            else if (layer.ZeroOutputForMask)
            {
                held.Clear();
            }
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
    internal DenseMatrix RestoreInputOrder(DenseMatrix gradient, bool backwards)
    {
        if (Training && inputDropout is not null)
        {
            for (int t = 0; t < steps; t++)
            {
                Span<Real> step = new ColumnBlock(gradient, t * batch, batch).Values;
                VectorMath.Multiply(step, inputDropout.Values, step);
            }
        }

        if (!backwards)
        {
            return gradient;
        }

        for (int t = 0; t < steps; t++)
        {
            new ColumnBlock(gradient, t * batch, batch).Values.CopyTo(new ColumnBlock(reordered!, (steps - 1 - t) * batch, batch).Values);
        }

        return reordered!;
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
            for (int b = 0; b < batch; b++)
            {
                if (!Mask[(t * batch) + b])
                {
                    move(new ColumnBlock(Cell.StateGradients[i], b, 1).Values, new ColumnBlock(setAside[i], b, 1).Values);
                }
            }
        }
    }

    private bool[] ReverseMask(bool[] mask)
    {
        reversedMask ??= new bool[mask.Length];
        for (int t = 0; t < steps; t++)
        {
            mask.AsSpan((steps - 1 - t) * batch, batch).CopyTo(reversedMask.AsSpan(t * batch, batch));
        }

        return reversedMask;
    }
}
