using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>
/// A cell whose gates see the input alone, and not the state, and which carries from step to step what is linear and entry
/// by entry:
/// <c>h_t = a_t∘h_{t−1} + b_t</c> with a and b of the input.
/// </summary>
/// <remarks>
/// So it takes many steps together (<see cref="LinearScan"/>): all that is not carried is work on all of them at once, which
/// threads may share, and what is carried goes through them in one sweep. Each number is computed as step by step, and has the
/// same bits.
/// </remarks>
public abstract class InputGatedCell : StateBlindCell
{
    private protected InputGatedCell(CellDefaults defaults, int units, int gates, CellOptions? options, string? name)
        : base(defaults, units, gates, options, name)
    {
    }

    private protected override string DropoutAdvice => "Use dropout, or ZoneoutCell";

    /// <inheritdoc/>
    public sealed override void Forward(CellPass pass, int t) => Forward(pass, t, 1);

    /// <inheritdoc/>
    public sealed override void Backward(CellPass pass, int t) => Backward(pass, t, 1, null);

    internal sealed override int StepsTogether(CellPassOptions options) =>
        GatedCellPass.StepsInCache(GateRows, options, options.BatchSize);

    internal abstract override void Forward(CellPass pass, int firstStep, int count);

    internal abstract override void Backward(CellPass pass, int firstStep, int count, ColumnBlock? outputGradients);
}
