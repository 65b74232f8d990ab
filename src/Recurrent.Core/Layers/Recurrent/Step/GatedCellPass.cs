using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// What a <see cref="GatedCell"/> remembers of a run: the gates of all steps, and what dropout left of input and state.
/// </summary>
public class GatedCellPass : CellPass
{
    /// <summary>
    /// Values that a pass without a backward pass projects at a time: enough for a full product, little enough to stay in the
    /// cache.
    /// </summary>
    private const int ProjectedValues = 1 << 16;

    private readonly IReadOnlyList<string> gateNames;
    private DenseMatrix? inputDropoutFactors;
    private DenseMatrix? droppedInput;
    private DenseMatrix? recurrentDropoutFactors;
    private DenseMatrix? droppedHidden;
    private bool dropsInput;
    private bool dropsHidden;
    private TokenLookup? lookup;
    private TokenProjection? tokens;

    /// <summary>Makes room for gates and states of a cell.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    public GatedCellPass(GatedCell cell, CellPassOptions options)
        : base(cell, options)
    {
        ArgumentNullException.ThrowIfNull(cell);
        gateNames = cell.GateNames;
        StepsProjected = Options.Differentiable ? Steps : StepsInCache(cell.GateRows, options, StepColumns);
        if (cell is IChunkedCell { ChunkSteps: int length })
        {
            // Whole chunks.
            StepsProjected = Math.Min(Steps, (StepsProjected + length - 1) / length * length);
        }

        Z = new DenseMatrix(cell.GateRows, StepsProjected * StepColumns);
    }

    /// <summary>
    /// The matrix that is worked on in place, all steps: after <see cref="RecurrentCell.Project"/> the pre-activations Z, after
    /// <see cref="RecurrentCell.Forward"/> the gates, after <see cref="RecurrentCell.Backward"/> dZ, the gradients of the
    /// pre-activations.
    /// </summary>
    public DenseMatrix Z { get; }

    /// <summary>What the recurrent product was given at all steps: the hidden states before them, with dropout.</summary>
    public ColumnBlock RecurrentInputs => dropsHidden
        ? droppedHidden!
        : new ColumnBlock(States[0].Values, 0, Steps * StepColumns);

    /// <summary>
    /// How many first columns of <see cref="RecurrentInputs"/> are zero: those of the first step, where a cell has found that its
    /// state begins with zero.
    /// </summary>
    internal int RecurrentZeros { get; private set; }

    /// <inheritdoc/>
    internal override int StepsProjected { get; }

    /// <inheritdoc/>
    internal override IEnumerable<TracedRows> TracedRows
    {
        get
        {
            int rows = gateNames.Count > 0 ? Z.RowCount / gateNames.Count : 0;
            return gateNames.Select((name, i) => new TracedRows(name, ZOf, i * rows, rows));
        }
    }

    /// <summary>The part of <see cref="Z"/> that belongs to step t.</summary>
    /// <param name="t">The step.</param>
    public ColumnBlock ZOf(int t) => StepOf(Z, t);

    /// <summary>
    /// What the recurrent product is given at step t, to be called once a step: the hidden state before it, with dropout.
    /// </summary>
    /// <param name="t">The step.</param>
    public ColumnBlock RecurrentInput(int t)
    {
        ColumnBlock hidden = States[0].Before(t);
        if (!dropsHidden)
        {
            return hidden;
        }

        ColumnBlock dropped = StepOf(droppedHidden!, t);
        VectorMath.Multiply(hidden.Values, recurrentDropoutFactors!.Values, dropped.Values);
        return dropped;
    }

    /// <summary>What <see cref="RecurrentInput"/> gave at step t, once more.</summary>
    /// <param name="t">The step.</param>
    public ColumnBlock GivenRecurrentInput(int t) => dropsHidden ? StepOf(droppedHidden!, t) : States[0].Before(t);

    /// <summary>Turns the gradient of <see cref="RecurrentInput"/> into that of the hidden state, in place.</summary>
    /// <param name="gradient">The gradient of one step.</param>
    public void BackThroughDropout(Span<Real> gradient)
    {
        if (dropsHidden)
        {
            VectorMath.Multiply(gradient, recurrentDropoutFactors!.Values, gradient);
        }
    }

    /// <summary>
    /// Whether the hidden state before step t is zero, as before the first of the steps of most sequences: U makes nothing of it.
    /// A step by itself is one of a session, where all take as long.
    /// </summary>
    internal bool IsZeroBefore(int t) => t == 0 && Steps > 1 && BeginsWithZero();

    private bool BeginsWithZero()
    {
        RecurrentZeros = States[0].Before(0).Values.ContainsAnyExcept((Real)0) ? 0 : StepColumns;
        return RecurrentZeros > 0;
    }

    /// <summary>Number of steps whose gates stay in the cache.</summary>
    /// <param name="rows">Rows of the gates.</param>
    /// <param name="options">What the pass is for.</param>
    /// <param name="stepColumns">Columns of a step.</param>
    internal static int StepsInCache(int rows, CellPassOptions options, int stepColumns) =>
        (int)Math.Clamp(ProjectedValues / ((long)rows * stepColumns), 1, options.Steps);

    /// <summary>The gates of some steps, which are projected together.</summary>
    internal ColumnBlock ZOf(int firstStep, int steps) =>
        new(Z, firstStep * StepColumns % Z.ColumnCount, steps * StepColumns);

    /// <summary>Notes what is known of the columns of the next run's input; null for nothing.</summary>
    internal void TakeLookup(TokenLookup? input)
    {
        lookup = Options.Differentiable ? null : input;
        tokens = lookup is null ? null : TokenProjection.For(tokens, Z.RowCount, Z.ColumnCount, lookup.Table);
    }

    /// <summary>Projects columns that are rows of an embedding's table.</summary>
    /// <returns>Whether they are; nothing has happened otherwise.</returns>
    internal bool ProjectTokens(LinearMap kernel, Parameter? bias, ColumnBlock x, ColumnBlock z)
    {
        if (tokens is null || !x.IsOf(lookup!.Columns))
        {
            return false;
        }

        tokens.Set(kernel, bias, lookup.Ids.AsSpan(x.FirstColumn, x.ColumnCount), z);
        return true;
    }

    /// <summary>
    /// Draws dropout masks: one for the inputs and one for the state, the same at every step; room is made at the first use.
    /// </summary>
    internal void Begin(double inputRate, double recurrentRate, ulong key)
    {
        dropsInput = inputRate > 0;
        if (dropsInput)
        {
            int features = Options.StepShape.Features;
            inputDropoutFactors ??= new DenseMatrix(features, BatchSize * Options.StepShape.Steps);
            droppedInput ??= new DenseMatrix(features, Steps * inputDropoutFactors.ColumnCount);
            DropoutNoise.Fill(new Random.SeededRandom(Random.SeededRandom.Key(key, 0)), inputRate, inputDropoutFactors.Values);
        }

        dropsHidden = recurrentRate > 0;
        if (dropsHidden)
        {
            recurrentDropoutFactors ??= new DenseMatrix(States[0].Values.RowCount, StepColumns);
            droppedHidden ??= new DenseMatrix(States[0].Values.RowCount, Steps * StepColumns);
            DropoutNoise.Fill(
                new Random.SeededRandom(Random.SeededRandom.Key(key, 1)), recurrentRate, recurrentDropoutFactors.Values);
        }
    }

    /// <summary>
    /// The inputs of some steps with dropout, kept for the way back; the inputs themselves where there is none.
    /// </summary>
    internal ColumnBlock DropInput(int firstStep, ColumnBlock x)
    {
        if (!dropsInput)
        {
            return x;
        }

        int columns = inputDropoutFactors!.ColumnCount;
        var dropped = new ColumnBlock(droppedInput!, firstStep * columns, x.ColumnCount);
        for (int column = 0; column < x.ColumnCount; column += columns)
        {
            VectorMath.Multiply(
                x.Columns(column, columns).Values, inputDropoutFactors.Values, dropped.Columns(column, columns).Values);
        }

        return dropped;
    }

    /// <summary>What <see cref="DropInput"/> gave for the inputs of all steps, once more.</summary>
    internal ColumnBlock GivenInputs(ColumnBlock x) => dropsInput ? droppedInput! : x;

    /// <summary>Turns the gradient of <see cref="DropInput"/> into that of the inputs, in place.</summary>
    internal void BackThroughInputDropout(ColumnBlock dx)
    {
        if (!dropsInput)
        {
            return;
        }

        int columns = inputDropoutFactors!.ColumnCount;
        for (int column = 0; column < dx.ColumnCount; column += columns)
        {
            Span<Real> step = dx.Columns(column, columns).Values;
            VectorMath.Multiply(step, inputDropoutFactors.Values, step);
        }
    }
}
