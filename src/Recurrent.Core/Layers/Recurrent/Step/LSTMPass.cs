using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What a cell with a cell state remembers beside gates and states: act(c_t), and pre-activations where derivatives need them.
/// </summary>
internal class LSTMPass : PreActivationPass
{
    private readonly DenseMatrix activatedCell;

    /// <summary>Makes room.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    public LSTMPass(GatedCell cell, CellPassOptions options)
        : base(cell, options, keep: cell.Options.Activation!.NeedsInput || cell.Options.RecurrentActivation!.NeedsInput) =>
        activatedCell = NewMemory(cell.Units);

    /// <summary>act(c_t) of step t.</summary>
    public ColumnBlock ActivatedCellOf(int t) => StepOf(activatedCell, t);
}
