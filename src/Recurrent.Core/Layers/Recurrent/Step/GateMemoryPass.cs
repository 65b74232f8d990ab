using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a gated cell remembers beside gates and states: the gates' pre-activations, and scratch of one step backward.</summary>
internal class GateMemoryPass : GatedCellPass
{
    private readonly DenseMatrix preActivations;
    private readonly Real[] scratch;
    private readonly int units;

    public GateMemoryPass(GatedCell cell, CellPassOptions options)
        : base(cell, options)
    {
        units = cell.Units;
        preActivations = NewMemory(cell.GateRows);
        scratch = new Real[options.Differentiable ? 2 * units : 0];
    }

    /// <summary>Room for a gradient of one sample.</summary>
    public Span<Real> Scratch => scratch.AsSpan(0, units);

    /// <summary>Room for another one.</summary>
    public Span<Real> MoreScratch => scratch.AsSpan(units);

    public ColumnBlock PreActivationsOf(int t) => StepOf(preActivations, t);
}
