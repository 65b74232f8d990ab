using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What minGRU and minLSTM remember of a run.</summary>
internal sealed class InputGatedPass : PreActivationPass
{
    private readonly DenseMatrix? slopes;

    /// <summary>Makes room.</summary>
    /// <param name="cell">The cell, built.</param>
    /// <param name="options">What the pass is for.</param>
    /// <param name="keep">Whether derivatives need pre-activations.</param>
    public InputGatedPass(GatedCell cell, CellPassOptions options, bool keep)
        : base(cell, options, keep && options.Differentiable) =>
        slopes = options.Differentiable ? new DenseMatrix(cell.GateRows, StepsTogether * StepColumns) : null;

    /// <summary>Room for the gradients of the gates of some steps, in a backward pass.</summary>
    public ColumnBlock Slopes(int steps) => new(slopes!, 0, steps * StepColumns);
}
