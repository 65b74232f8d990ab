using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What an <see cref="S6Cell"/> remembers of a run beside gates and states.</summary>
internal sealed class S6Pass : GatedCellPass
{
    private readonly int units;
    private readonly int size;
    private readonly DenseMatrix low;
    private readonly DenseMatrix deltas;
    private readonly DenseMatrix? deltasBefore;
    private readonly DenseMatrix? channelsBefore;
    private readonly Real[] scratch;

    /// <summary>Makes room.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    public S6Pass(S6Cell cell, CellPassOptions options)
        : base(cell, options)
    {
        units = cell.Units;
        size = cell.StateSize;
        int columns = StepsProjected * StepColumns;
        low = new DenseMatrix(cell.DeltaRank, columns);
        deltas = new DenseMatrix(units, columns);
        if (options.Differentiable)
        {
            deltasBefore = new DenseMatrix(units, columns);
            channelsBefore = cell.Options.Activation!.NeedsInput ? new DenseMatrix(units, columns) : null;
        }

        LowGradient = new DenseMatrix(cell.DeltaRank, options.Differentiable ? StepColumns : 1);
        int scratchSize = checked(((2 + size) * units) + cell.GateRows + (2 * SelectiveStep.Parts * size));
        scratch = new Real[options.Differentiable ? scratchSize : 0];
    }

    /// <summary>r of all steps.</summary>
    public ColumnBlock AllLow => low;

    /// <summary>Gradient of r at one step.</summary>
    public DenseMatrix LowGradient { get; }

    /// <summary>What the softplus of all steps was given; in the end its gradient.</summary>
    public ColumnBlock AllDeltaBefore => deltasBefore!;

    /// <summary>Gradient of the channels of one sample.</summary>
    public Span<Real> ChannelGradient => scratch.AsSpan(0, units);

    /// <summary>Gradient of Δ of one sample.</summary>
    public Span<Real> DeltaGradient => scratch.AsSpan(units, units);

    /// <summary>Gradient of A, which a run adds up.</summary>
    public Span<Real> DecayGradient => scratch.AsSpan(2 * units, units * size);

    /// <summary>Room for a sum of each row of Z.</summary>
    public Span<Real> RowSums => scratch.AsSpan((2 + size) * units, Z.RowCount);

    /// <summary>Room for the parts of sums over channels.</summary>
    public Span<Real> PartialSums => scratch.AsSpan(scratch.Length - (2 * SelectiveStep.Parts * size));

    /// <inheritdoc/>
    internal override IEnumerable<TracedRows> TracedRows => [new("delta", t => DeltaOf(t, 1), 0, units)];

    /// <summary>r of some steps.</summary>
    public ColumnBlock LowOf(int firstStep, int steps) => Of(low, firstStep, steps);

    /// <summary>Δ of some steps.</summary>
    public ColumnBlock DeltaOf(int firstStep, int steps) => Of(deltas, firstStep, steps);

    /// <summary>What the softplus was given at step t.</summary>
    public ColumnBlock DeltaBeforeOf(int t) => Of(deltasBefore!, t, 1);

    /// <summary>Keeps what the softplus is given, and forgets the gradient of A of the run before.</summary>
    public void KeepDelta(int firstStep, ColumnBlock delta)
    {
        if (deltasBefore is not null)
        {
            delta.Values.CopyTo(Of(deltasBefore, firstStep, delta.ColumnCount / StepColumns).Values);
            DecayGradient.Clear();
        }
    }

    /// <summary>Keeps the channels before their activation, where its derivative needs them.</summary>
    public void Keep(int firstStep, int column, ReadOnlySpan<Real> channels)
    {
        if (channelsBefore is not null)
        {
            channels.CopyTo(new ColumnBlock(channelsBefore, (firstStep * StepColumns) + column, 1).Values);
        }
    }

    /// <summary>What <see cref="Keep"/> kept; empty where no derivative needs it.</summary>
    public Span<Real> ChannelsBeforeOf(int t, int sample) =>
        channelsBefore is null ? default : StepOf(channelsBefore, t).Column(sample);

    private ColumnBlock Of(DenseMatrix matrix, int firstStep, int steps) =>
        new(matrix, firstStep * StepColumns % matrix.ColumnCount, steps * StepColumns);
}
