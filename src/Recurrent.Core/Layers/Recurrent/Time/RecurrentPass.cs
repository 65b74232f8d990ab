using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a recurrent layer remembers of one run over a batch of sequences.</summary>
public sealed class RecurrentPass : Pass
{
    private readonly StepMask mask;
    private readonly StepMask handedOn;
    private readonly bool runsMaskedSteps;
    private bool[]? notPadding;
    private readonly StepOrder order;
    private readonly PlaceOrder inputPlaces;
    private readonly PlaceOrder[] statePlaces;
    private readonly RunStates states;
    private readonly RunOutput output;
    private readonly RecurrentLayer owner;
    private SequenceBatch[] given = [];
    private DenseMatrix? chunkGradients;

    internal RecurrentPass(RecurrentLayer owner, PassOptions options, CellPass cell)
        : base(owner, options)
    {
        this.owner = owner;
        Cell = cell;
        cell.UseGradients(Gradients);
        Chunked = cell.Steps > 1 ? owner.Cell as IChunkedCell : null;
        Shapes.Shape step = cell.Options.StepShape;
        int batch = options.BatchSize;
        int inputColumns = batch * step.Steps;
        bool backwards = owner.GoBackwards;
        bool swaps = owner.Cell.PlacesAreLast;
        StepMaskSizes sizes = MaskSizes(owner, cell);
        mask = new StepMask(sizes, backwards);
        runsMaskedSteps = options.RunsMaskedSteps;
        handedOn = runsMaskedSteps || backwards ? new StepMask(sizes, backwards) : mask;
        inputPlaces = PlaceOrder.Of(swaps, step.Features, step.Steps, cell.Steps, batch);
        order = new StepOrder(step.Features, cell.Steps, inputColumns, backwards, options.InputGradient);
        states = new RunStates(cell, mask, options, swaps);
        statePlaces = new PlaceOrder[states.Initial.Length];
        for (int i = 0; i < statePlaces.Length; i++)
        {
            statePlaces[i] = PlaceOrder.Of(swaps, states.Initial[i].RowCount, cell.StepColumns / batch, 1, batch);
        }

        output = new RunOutput(owner, cell, mask, handedOn, options);
        InputGradient = options.InputGradient ? new DenseMatrix(step.Features, cell.Steps * inputColumns) : null;
    }

    internal CellPass Cell { get; }

    internal SequenceBatch Output => output.Batch;

    /// <summary>The output as the cell has it: a column for each place of a sample, also where channels come first.</summary>
    internal DenseMatrix OutputInPlaces => output.InPlaces;

    /// <summary>Columns of a step of the output.</summary>
    internal int OutputColumns => output.BatchColumns;

    /// <summary>Which columns of the output come from steps that hold data, in the order in which they were run; null where all
    /// do. The mask of the output has them in the order of the input.</summary>
    internal bool[]? HoldsData => output.HoldsData;

    internal DenseMatrix? InputGradient { get; }

    /// <summary>
    /// The states with which a forward pass begins, one matrix (rows × batch) each, the hidden state first: zero unless written
    /// to. What <see cref="IHasStates.SetInitialState"/> writes is for one step: <see cref="Begin"/> makes it zero again.
    /// </summary>
    public IReadOnlyList<DenseMatrix> InitialStates => states.Initial;

    /// <summary>
    /// Gradients of the loss with respect to the final states, for a loss that depends on them and not on the output alone: zero
    /// unless written to. A backward pass begins with them.
    /// </summary>
    public IReadOnlyList<DenseMatrix> FinalStateGradients => states.FinalGradients;

    /// <summary>After a backward pass: the gradients with respect to <see cref="InitialStates"/>.</summary>
    public IReadOnlyList<DenseMatrix> InitialStateGradients => Cell.StateGradients;

    /// <summary>
    /// Where set, a backward pass writes to it the sum of the squares of ∂L/∂h_t for each step, and for each phase of a step.
    /// </summary>
    internal double[]? SquaredGradientNorms { get; set; }

    /// <summary>The rows that each state has for a sample, those of all its places together.</summary>
    internal int[] StateRows => states.Rows;

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        states.Reset();
    }

    /// <summary>Copies the states to begin with from a part of a list: one column a sample.</summary>
    internal void SetInitialStates(IReadOnlyList<DenseMatrix> from, int firstState, int firstColumn) =>
        states.SetInitial(from, firstState, firstColumn);

    /// <summary>Lets samples go on from one another.</summary>
    /// <param name="samples">For each sample, the one that it goes on from.</param>
    /// <returns>Whether it did: before the first step there is nothing to go on from.</returns>
    internal bool SelectStates(ReadOnlySpan<int> samples) => states.Select(samples);

    /// <summary>Copies the final states to a part of a list: one column a sample.</summary>
    internal void GetFinalStates(IReadOnlyList<DenseMatrix> to, int firstState, int firstColumn) =>
        states.GetFinal(to, firstState, firstColumn);

    /// <summary>Takes the states to begin with from the outputs of other layers; none leaves them as they are.</summary>
    internal void TakeStates(ReadOnlySpan<SequenceBatch> from)
    {
        for (int i = 0; i < from.Length; i++)
        {
            states.Begin(i, statePlaces[i].ToPlaces(from[i].Values));
        }
    }

    /// <summary>Gives the final states as batches of one step.</summary>
    internal void GiveStates(Span<SequenceBatch> to)
    {
        if (given.Length < to.Length)
        {
            given = [.. owner.StateShapes(Options.InputShape).Select(shape => new SequenceBatch(shape, Options.BatchSize))];
        }

        for (int i = 0; i < to.Length; i++)
        {
            statePlaces[i].ToBatch(FinalState(i), given[i].Values);
            to[i] = given[i];
        }
    }

    /// <summary>
    /// Steps of several places are masked as a whole, unless the output has as many: then, as in Keras, each place, or channel
    /// where these come first, by itself.
    /// </summary>
    private static StepMaskSizes MaskSizes(RecurrentLayer owner, CellPass cell)
    {
        Shapes.Shape step = cell.Options.StepShape;
        bool swaps = owner.Cell.PlacesAreLast;
        int batch = cell.BatchSize;
        int inputs = swaps ? step.Features : step.Steps;
        int outputs = swaps ? owner.Cell.OutputSize : cell.StepColumns / batch;
        MaskedPart kind = inputs == 1 || inputs != outputs ? MaskedPart.Sample : swaps ? MaskedPart.Row : MaskedPart.Column;
        return new(cell.Steps, batch, batch * inputs, kind);
    }

    /// <summary>Takes the gradients of the final states where others have read them; null is none.</summary>
    internal void TakeStateGradients(ReadOnlySpan<DenseMatrix?> from)
    {
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] is { } gradient)
            {
                statePlaces[i].ToPlaces(gradient).Values.CopyTo(FinalStateGradients[i].Values, 0);
            }
            else
            {
                FinalStateGradients[i].Clear();
            }
        }
    }

    /// <summary>Gives the gradients of the states that the run began with.</summary>
    internal void GiveStateGradients(Span<DenseMatrix?> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = statePlaces[i].ToBatch(InitialStateGradients[i]);
        }
    }

    /// <summary>A state after the last forward pass; the initial one where none has run since they were set.</summary>
    internal ColumnBlock FinalState(int index) => states.Final(index);

    /// <summary>
    /// Starts a forward pass: the states before the first step; input and mask in the order in which steps are run.
    /// </summary>
    /// <remarks>
    /// As in Keras, a layer that begins with states which other layers give runs over masked steps too, and hands their mask
    /// on; and a layer that reads backwards hands the mask on as it came. Padding is no step of anything: it is left out all the
    /// same, and stands where the output has it.
    /// </remarks>
    internal void StartForward(SequenceBatch input)
    {
        states.StartForward();
        mask.Set(runsMaskedSteps ? input.PaddingMask(ref notPadding) : input.Mask);
        handedOn.Set(input.Mask, asItCame: input.Padding is null);
        order.Arrange(inputPlaces.ToPlaces(input.Values));
    }

    /// <summary>The gradient of the output as the cell has it; null where nobody reads the output.</summary>
    internal DenseMatrix? GradientInPlaces(DenseMatrix? outputGradient) => output.GradientInPlaces(outputGradient);

    /// <summary>The inputs of some steps, in the order in which they are run.</summary>
    internal ColumnBlock Input(int firstStep, int count) => order.Input(firstStep, count);

    /// <summary>
    /// How many steps from step t on the cell takes together: those that are projected, in which no sample is masked.
    /// </summary>
    internal int StepsTogether(int t)
    {
        int most = Math.Min(Cell.StepsTogether, Cell.StepsProjected - (t % Cell.StepsProjected));
        most = Math.Min(most, Cell.Steps - t);
        return most <= 1 ? 1 : Math.Max(1, mask.WholeFrom(t, Math.Min(most, Cell.States[0].Contiguous(t))));
    }

    /// <summary>How many steps before step t the cell takes together backward.</summary>
    internal int StepsTogetherBefore(int t)
    {
        int most = Math.Min(Cell.StepsTogether, t);
        return most <= 1 || SquaredGradientNorms is not null || Cell.States[0].Contiguous(t - most) < most
            ? 1
            : Math.Max(1, mask.WholeBefore(t, most));
    }

    /// <summary>Ends some steps, after the cell's part: masked samples keep their states, and the output is written.</summary>
    internal void EndSteps(int t, int count)
    {
        if (count == 1)
        {
            states.HoldMasked(t);
        }

        output.Write(t, count);
    }

    /// <summary>Computes the states after all steps, which a cell that takes several as one has computed at their ends
    /// alone.</summary>
    internal void RestoreStates() => Chunked?.RestoreStates(Cell, mask);

    /// <summary>The cell, where it takes the steps of this run several at a time.</summary>
    internal IChunkedCell? Chunked { get; }

    /// <summary>The mask by steps.</summary>
    internal StepMask StepMask => mask;

    /// <summary>Writes the output of step t.</summary>
    internal void WriteOutput(int t) => output.Write(t, 1);

    /// <summary>
    /// The gradients of the output's state after each step of a chunk: zero where a sample is masked, whose own waits for the
    /// step that its output came from.
    /// </summary>
    /// <param name="first">The first of the steps.</param>
    /// <param name="count">How many.</param>
    /// <param name="most">How many a chunk has at most.</param>
    /// <param name="outputGradient">Gradient of the output; null where nobody reads it.</param>
    internal ColumnBlock TakeOutputGradients(int first, int count, int most, DenseMatrix? outputGradient)
    {
        DenseMatrix after = Cell.StateGradients[output.State];
        int columns = Cell.StepColumns;
        chunkGradients ??= new DenseMatrix(after.RowCount, Math.Min(most, Cell.Steps) * columns);
        var gradients = new ColumnBlock(chunkGradients, 0, count * columns);
        for (int t = first + count - 1; t >= first; t--)
        {
            if (outputGradient is not null)
            {
                output.AddGradient(t, outputGradient);
            }

            for (int column = 0; column < columns; column++)
            {
                Span<Real> target = gradients.Column(((t - first) * columns) + column);
                if (!mask.IsEmpty && mask.Hides(t, column))
                {
                    target.Clear();
                }
                else
                {
                    Span<Real> source = new ColumnBlock(after, column, 1).Values;
                    source.CopyTo(target);
                    source.Clear();
                }
            }
        }

        return gradients;
    }

    /// <summary>Ends a chunk backward, after the cell's part.</summary>
    internal void EndChunkBack() => states.EndVanishedGradients();

    /// <summary>The output with its mask, after the last step.</summary>
    internal SequenceBatch FinishForward() => output.Finish();

    /// <summary>Starts a backward pass: behind the last step are the gradients of the final states, and nothing else.</summary>
    internal void StartBackward()
    {
        states.StartBackward();
        output.StartBackward();
    }

    /// <summary>
    /// Starts step t backward: the output's gradient joins those of the states, which masked samples lay aside.
    /// </summary>
    internal void StartStepBack(int t, DenseMatrix? outputGradient)
    {
        if (outputGradient is not null)
        {
            output.AddGradient(t, outputGradient);
        }

        if (SquaredGradientNorms is { } norms)
        {
            output.Measure(t, norms);
        }

        states.SetAsideMaskedGradients(t);
    }

    /// <summary>
    /// The gradients of the outputs of some steps, as a cell is given them that takes them together with the step behind them.
    /// </summary>
    internal ColumnBlock? OutputGradients(int t, int count, DenseMatrix? outputGradient) =>
        output.GradientsOf(t, count, outputGradient);

    /// <summary>Ends step t backward, after the cell's part.</summary>
    internal void EndStepBack(int t)
    {
        states.AddMaskedGradients(t);
        states.EndVanishedGradients();
    }

    /// <summary>Turns the gradient of the arranged input into that of the input.</summary>
    internal DenseMatrix RestoreInputOrder(DenseMatrix gradient) => inputPlaces.ToBatch(order.Restore(gradient));
}
