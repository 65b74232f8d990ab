using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a GRU remembers beside gates and states.</summary>
internal sealed class GRUPass : GatedCellPass
{
    private readonly DenseMatrix? preActivations;
    private DenseMatrix? direct;
    private DenseMatrix? delta;

    public GRUPass(GRUCell cell, CellPassOptions options, bool resetAfter, bool keepPreActivations)
        : base(cell, options)
    {
        Recurrent = resetAfter ? NewMemory(cell.GateRows) : null;
        Reset = resetAfter ? null : NewMemory(cell.Units);
        ResetGradient = resetAfter || !options.Differentiable ? null : new DenseMatrix(cell.Units, StepColumns);
        preActivations = keepPreActivations ? NewMemory(cell.GateRows) : null;
    }

    /// <summary>After: U·h' + b' of all steps; backward, its gradient.</summary>
    public DenseMatrix? Recurrent { get; }

    /// <summary>Before: r∘h' of all steps.</summary>
    public DenseMatrix? Reset { get; }

    /// <summary>Before: the gradient of r∘h' of one step.</summary>
    public DenseMatrix? ResetGradient { get; }

    /// <summary>dh∘z of one step backward: what reaches the state before it directly.</summary>
    public DenseMatrix Direct => direct ??= new DenseMatrix(States[0].Values.RowCount, StepColumns);

    /// <summary>Scratch of one step backward.</summary>
    public DenseMatrix Delta => delta ??= new DenseMatrix(States[0].Values.RowCount, StepColumns);

    public ColumnBlock RecurrentOf(int t) => StepOf(Recurrent!, t);

    public ColumnBlock ResetOf(int t) => StepOf(Reset!, t);

    public ColumnBlock PreActivationsOf(int t) => StepOf(preActivations!, t);
}
