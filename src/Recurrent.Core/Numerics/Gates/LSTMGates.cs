using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>
/// What one LSTM step does between its matrix products, in one sweep over memory, for the default activations.
/// </summary>
/// <remarks>
/// i = σ(zi), f = σ(zf), g = tanh(zg), o = σ(zo); c = f∘c' + i∘g; h = o∘tanh(c). A column of the gate block holds i, f, g, o
/// one below the other, <c>units</c> rows each. A block may be written in place of another of the same shape.
/// The steps are not inlined: the loop over time that takes one in runs out of its budget for inlining.
/// </remarks>
internal static unsafe class LSTMGates
{
    /// <summary>One step forward.</summary>
    /// <param name="z">In: pre-activations. Out: gate values. 4·units rows.</param>
    /// <param name="cPrev">Cell state before the step.</param>
    /// <param name="c">Out: cell state after the step.</param>
    /// <param name="tanhC">Out: tanh(c), which the backward step wants; null when there will be none.</param>
    /// <param name="h">Out: hidden state after the step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forward(ColumnBlock z, ColumnBlock cPrev, ColumnBlock c, ColumnBlock? tanhC, ColumnBlock h,
        int? width = null)
    {
        Require(z, c);
        RequireSame(cPrev, c);
        RequireSame(tanhC ?? c, c);
        RequireSame(h, c);
        fixed (Real* pz = z.Values, before = cPrev.Values, after = c.Values, kept = tanhC is { } t ? t.Values
            : default, ph = h.Values)
        {
            LSTMForward step = new(pz, c.Rows, before, after, kept, ph);
            Widths.Dispatch(new ColumnSweep<LSTMForward>(step, c.Rows, 4, c.ColumnCount), width ?? Widths.For(c.Rows));
        }
    }

    /// <summary>One step backward.</summary>
    /// <param name="z">In: gate values. Out: gradients of the pre-activations.</param>
    /// <param name="cPrev">Cell state before the step.</param>
    /// <param name="tanhC">tanh of the cell state after the step, as <see cref="Forward"/> left it.</param>
    /// <param name="dh">Gradient of the hidden state after the step, all of it.</param>
    /// <param name="dc">In: gradient of the cell state after the step, from later steps. Out: of the one before the step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Backward(ColumnBlock z, ColumnBlock cPrev, ColumnBlock tanhC, ColumnBlock dh, ColumnBlock dc,
        int? width = null)
    {
        Require(z, dc);
        RequireSame(cPrev, dc);
        RequireSame(tanhC, dc);
        RequireSame(dh, dc);
        fixed (Real* pz = z.Values, before = cPrev.Values, t = tanhC.Values, slope = dh.Values, pc = dc.Values)
        {
            LSTMBackward step = new(pz, dc.Rows, before, t, slope, pc);
            Widths.Dispatch(new ColumnSweep<LSTMBackward>(step, dc.Rows, 4, dc.ColumnCount), width ?? Widths.ForMemory(dc.Rows));
        }
    }

    private static void Require(ColumnBlock z, ColumnBlock state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Rows, 4 * state.Rows, nameof(z));
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.ColumnCount, state.ColumnCount, nameof(z));
    }

    private static void RequireSame(ColumnBlock block, ColumnBlock state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Rows, state.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.ColumnCount, state.ColumnCount);
    }
}
