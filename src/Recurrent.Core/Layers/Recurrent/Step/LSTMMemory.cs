using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// What cells with a cell state remember beside gates and states: act(c_t), and the pre-activations where derivatives may need them.
/// </summary>
internal sealed class LSTMMemory
{
    private readonly CellPass pass;
    private readonly int units;
    private readonly DenseMatrix activatedCell;
    private readonly DenseMatrix? preActivations;
    private readonly Real[] scratch;

    /// <summary>Makes room.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="units">Rows of the cell state and of each gate.</param>
    /// <param name="gates">Number of gates.</param>
    /// <param name="keepPreActivations">Whether a derivative may need them.</param>
    public LSTMMemory(CellPass pass, int units, int gates, bool keepPreActivations)
    {
        this.pass = pass;
        this.units = units;
        activatedCell = pass.NewMemory(units);
        preActivations = keepPreActivations ? pass.NewMemory(gates * units) : null;
        scratch = new Real[units];
    }

    /// <summary>Room for one gradient of one sample.</summary>
    public Span<Real> Scratch => scratch;

    /// <summary>act(c_t) of step t.</summary>
    public ColumnBlock ActivatedCellOf(int t) => pass.StepOf(activatedCell, t);

    /// <summary>Keeps the pre-activations of one gate, of one sample, where a derivative may need them.</summary>
    public void Keep(int t, int sample, int gate, ReadOnlySpan<Real> values)
    {
        if (preActivations is not null)
        {
            values.CopyTo(PreActivationOf(t, sample, gate));
        }
    }

    /// <summary>The pre-activations of one gate, of one sample; empty where no derivative needs them.</summary>
    public Span<Real> PreActivationOf(int t, int sample, int gate) =>
        preActivations is null ? default : pass.StepOf(preActivations, t).Column(sample).Slice(gate * units, units);
}
