using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What a gated cell remembers beside gates and states where derivatives need what the gates were computed from.
/// </summary>
internal class PreActivationPass : GatedCellPass
{
    private readonly DenseMatrix? preActivations;
    private readonly Real[] scratch;
    private readonly int units;

    /// <summary>Makes room.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    /// <param name="keep">Whether derivatives need pre-activations.</param>
    public PreActivationPass(GatedCell cell, CellPassOptions options, bool keep = true)
        : base(cell, options)
    {
        units = cell.Units;
        preActivations = keep ? NewMemory(cell.GateRows) : null;
        scratch = new Real[options.Differentiable ? 2 * units : 0];
    }

    /// <summary>Room for a gradient of one sample, in a backward pass.</summary>
    public Span<Real> Scratch => scratch.AsSpan(0, units);

    /// <summary>Room for another one.</summary>
    public Span<Real> MoreScratch => scratch.AsSpan(units);

    /// <summary>Keeps the pre-activations of step t, all of them, while they are still in place of the gates.</summary>
    public void Keep(int t)
    {
        if (preActivations is not null)
        {
            ZOf(t).Values.CopyTo(PreActivationsOf(t).Values);
        }
    }

    /// <summary>Keeps the pre-activations of some steps, while they are still in place of the gates.</summary>
    public void Keep(int t, int count)
    {
        if (preActivations is not null && Options.Differentiable)
        {
            ZOf(t, count).Values.CopyTo(PreActivationsOf(t, count).Values);
        }
    }

    /// <summary>Keeps the pre-activations of one gate, of one sample.</summary>
    public void Keep(int t, int sample, int gate, ReadOnlySpan<Real> values)
    {
        if (preActivations is not null)
        {
            values.CopyTo(PreActivationOf(t, sample, gate));
        }
    }

    /// <summary>The pre-activations of step t, in a pass that keeps them.</summary>
    public ColumnBlock PreActivationsOf(int t) => StepOf(preActivations!, t);

    /// <summary>The pre-activations of some steps, in a pass that keeps them; of no rows in one that does not.</summary>
    public ColumnBlock PreActivationsOf(int t, int count) =>
        preActivations is null ? default : new(preActivations, t * StepColumns, count * StepColumns);

    /// <summary>The pre-activations of one gate, of one sample; empty where no derivative needs them.</summary>
    public Span<Real> PreActivationOf(int t, int sample, int gate) =>
        preActivations is null ? default : PreActivationsOf(t).Column(sample).Slice(gate * units, units);
}
