using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// The output of a run: the hidden state of each step, or of the last. Where a sample is masked it repeats the output before, or
/// is zero, and its gradient goes where the output came from.
/// </summary>
internal sealed class RunOutput
{
    private readonly SequenceOptions layer;
    private readonly CellPass cell;
    private readonly StepMask mask;
    private readonly StepMask handedOn;
    private readonly int state;
    private readonly bool continuing;
    private readonly PlaceOrder order;
    private readonly int batchColumns;
    private readonly DenseMatrix? heldGradient;

    /// <summary>Makes room.</summary>
    /// <param name="owner">The layer.</param>
    /// <param name="cell">What its cell remembers of the run.</param>
    /// <param name="mask">The mask of the run.</param>
    /// <param name="handedOn">The mask that the output has.</param>
    /// <param name="options">What the run is for.</param>
    public RunOutput(RecurrentLayer owner, CellPass cell, StepMask mask, StepMask handedOn, PassOptions options)
    {
        layer = owner.SequenceOptions;
        this.cell = cell;
        this.mask = mask;
        this.handedOn = handedOn;
        state = owner.Cell.OutputState;
        continuing = options.Continuing;
        Batch = new SequenceBatch(owner.ComputeOutputShape(options.InputShape), options.BatchSize);
        int steps = layer.ReturnSequences ? cell.Steps : 1;
        batchColumns = Batch.Values.ColumnCount / steps;
        order = PlaceOrder.Of(
            owner.Cell.PlacesAreLast, owner.Cell.OutputSize, cell.StepColumns / cell.BatchSize, steps, cell.BatchSize);
        InPlaces = order.RoomFor(Batch.Values);
        heldGradient = options.Differentiable ? new DenseMatrix(InPlaces.RowCount, cell.StepColumns) : null;
    }

    /// <summary>Which of the states is the output.</summary>
    public int State => state;

    /// <summary>The output as a batch.</summary>
    public SequenceBatch Batch { get; }

    /// <summary>The output as the cell has it: a column for each place of a sample, also where channels come first.</summary>
    public DenseMatrix InPlaces { get; }

    /// <summary>Columns of a step of the output.</summary>
    public int BatchColumns => batchColumns;

    /// <summary>Writes the outputs of some steps, which several of are only where no sample is masked.</summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="count">How many.</param>
    public void Write(int t, int count)
    {
        if (count == 1 || !layer.ReturnSequences)
        {
            Write(t + count - 1);
            return;
        }

        ColumnBlock hidden = cell.States[state].Before(t + 1, count);
        hidden.Values.CopyTo(new ColumnBlock(InPlaces, t * cell.StepColumns, hidden.ColumnCount).Values);
    }

    /// <summary>
    /// The gradients of the outputs of some steps, none of which is masked; null where they are not given at these steps.
    /// </summary>
    /// <param name="t">The first of the steps.</param>
    /// <param name="count">How many.</param>
    /// <param name="gradient">The gradient of the output.</param>
    public ColumnBlock? GradientsOf(int t, int count, DenseMatrix? gradient) =>
        gradient is null || count == 0 || !layer.ReturnSequences
            ? default(ColumnBlock?)
            : new ColumnBlock(gradient, t * cell.StepColumns, count * cell.StepColumns);

    /// <summary>Writes the output of step t: the hidden state; where masked, the previous output, or zero.</summary>
    private void Write(int t)
    {
        ColumnBlock hidden = cell.States[state].Carried(t);
        if (mask.IsEmpty)
        {
            if (IsGivenAt(t))
            {
                hidden.Values.CopyTo(StepOf(t).Values);
            }

            return;
        }

        int band = mask.Band(hidden.Rows);
        for (int column = 0; column < hidden.ColumnCount; column++)
        {
            for (int row = 0; row < hidden.Rows; row += band)
            {
                Write(t, column, hidden.Column(column).Slice(row, band), row);
            }
        }
    }

    /// <summary>Writes those rows of a column that are masked together, or not.</summary>
    private void Write(int t, int column, ReadOnlySpan<Real> hidden, int row)
    {
        Span<Real> target = StepOf(t).Column(column).Slice(row, hidden.Length);
        if (!mask.Hides(t, column, row))
        {
            hidden.CopyTo(target);
        }
        else if (layer.ZeroOutputForMask)
        {
            target.Clear();
        }
        else if (continuing)
        {
            // The previous output may be that of the pass before: it is the hidden state that was held.
            hidden.CopyTo(target);
        }
        else if (t == 0)
        {
            target.Clear();
        }
        else if (layer.ReturnSequences)
        {
            StepOf(t - 1).Column(column).Slice(row, hidden.Length).CopyTo(target);
        }
    }

    /// <summary>The output with its mask, after the last step.</summary>
    public SequenceBatch Finish()
    {
        if (!ReferenceEquals(InPlaces, Batch.Values))
        {
            order.ToBatch(InPlaces, Batch.Values);
        }

        Batch.Mask = layer.ReturnSequences ? handedOn.ForColumns(batchColumns) : null;
        return Batch;
    }

    /// <summary>Which columns of the output come from steps that hold data, in the order in which they were run; null where all
    /// do.</summary>
    public bool[]? HoldsData => layer.ReturnSequences ? mask.ForColumns(batchColumns) : null;

    /// <summary>The gradient of the output as the cell has it.</summary>
    public DenseMatrix? GradientInPlaces(DenseMatrix? gradient) => gradient is null ? null : order.ToPlaces(gradient);

    /// <summary>Starts a backward pass: no gradient waits for the step its output came from.</summary>
    public void StartBackward() => heldGradient!.Clear();

    /// <summary>Adds the gradient of the output of step t to that of the hidden state after it.</summary>
    public void AddGradient(int t, DenseMatrix gradient)
    {
        if (mask.IsEmpty)
        {
            if (IsGivenAt(t))
            {
                VectorMath.Add(cell.StepOf(gradient, t).Values, cell.StateGradients[state].Values);
            }

            return;
        }

        int band = mask.Band(heldGradient!.RowCount);
        for (int column = 0; column < cell.StepColumns; column++)
        {
            // Where step t is masked its output repeats an earlier one, so its gradient waits for that one.
            Span<Real> held = new ColumnBlock(heldGradient, column, 1).Values;
            if (IsGivenAt(t))
            {
                VectorMath.Add(cell.StepOf(gradient, t).Column(column), held);
            }

            for (int row = 0; row < held.Length; row += band)
            {
                Span<Real> together = held.Slice(row, band);
                if (!mask.Hides(t, column, row))
                {
                    VectorMath.Add(
                        together, new ColumnBlock(cell.StateGradients[state], column, 1).Values.Slice(row, band));
                    together.Clear();
                }
                else if (layer.ZeroOutputForMask)
                {
                    together.Clear();
                }
            }
        }
    }

    /// <summary>
    /// Measures the gradient of the output after step t, all of it: this step's own and what has come back from later ones.
    /// </summary>
    /// <param name="t">The step.</param>
    /// <param name="squaredNorms">Receives the sum of the squares, of each phase of the step by itself.</param>
    public void Measure(int t, double[] squaredNorms)
    {
        int phases = squaredNorms.Length / cell.Steps;
        int columns = cell.StepColumns / phases;
        for (int phase = 0; phase < phases; phase++)
        {
            double sum = 0;
            foreach (Real slope in new ColumnBlock(cell.StateGradients[state], phase * columns, columns).Values)
            {
                sum += (double)slope * slope;
            }

            squaredNorms[(t * phases) + phase] = sum;
        }
    }

    private bool IsGivenAt(int t) => layer.ReturnSequences || t == cell.Steps - 1;

    /// <summary>The output that step t writes: its own, or the only one.</summary>
    private ColumnBlock StepOf(int t) => cell.StepOf(InPlaces, t);
}
