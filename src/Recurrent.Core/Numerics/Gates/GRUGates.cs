using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>
/// What one GRU step does between its matrix products, in one or two sweeps over memory, for the default activations.
/// </summary>
/// <remarks>
/// z = σ(az), r = σ(ar), h = z∘h' + (1 - z)∘ĥ. A column of a gate block holds z, r, ĥ one below the other, <c>units</c> rows
/// each. With the reset after the product, ĥ = tanh(xh + r∘(U·h' + b)) and <see cref="Forward"/> is all of it; with the
/// reset before the product, ĥ = tanh(xh + U·(r∘h')), so the sweep is cut in two where the product goes:
/// <see cref="ForwardReset"/>, the product added into the third block, <see cref="ForwardCandidate"/>.
/// A block may be written in place of another of the same shape.
/// The steps are not inlined: the loop over time that takes one in runs out of its budget for inlining.
/// </remarks>
internal static unsafe class GRUGates
{
    /// <summary>One step forward, reset after the product.</summary>
    /// <param name="x">In: the input's part of the pre-activations. Out: gate values z, r, ĥ. 3·units rows.</param>
    /// <param name="recurrent">The state's part of the pre-activations, with its bias. 3·units rows.</param>
    /// <param name="hPrev">State before the step.</param>
    /// <param name="h">Out: state after the step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forward(ColumnBlock x, ColumnBlock recurrent, ColumnBlock hPrev, ColumnBlock h, int? width = null)
    {
        Require(x, h);
        Require(recurrent, h);
        RequireSame(hPrev, h);
        int units = hPrev.Rows;
        fixed (Real* p0 = x.Values, p1 = recurrent.Values, p2 = hPrev.Values, p3 = h.Values)
        {
            GRUForward step = new(p0, units, p1, p2, p3);
            Widths.Dispatch(new ColumnSweep<GRUForward>(step, units, 3, hPrev.ColumnCount), width ?? Widths.For(units));
        }
    }

    /// <summary>One step backward, reset after the product.</summary>
    /// <param name="x">In: gate values. Out: gradients of the input's part of the pre-activations.</param>
    /// <param name="recurrent">In: what <see cref="Forward"/> was given (only the third block is read). Out: its
    /// gradients.</param>
    /// <param name="hPrev">State before the step.</param>
    /// <param name="dh">Gradient of the state after the step, all of it.</param>
    /// <param name="dhPrev">Out: the part dh∘z of the gradient of the state before the step; may be
    /// <paramref name="dh"/>.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Backward(ColumnBlock x, ColumnBlock recurrent, ColumnBlock hPrev, ColumnBlock dh, ColumnBlock dhPrev,
        int? width = null)
    {
        Require(x, dh);
        Require(recurrent, dh);
        RequireSame(hPrev, dh);
        RequireSame(dhPrev, dh);
        int units = hPrev.Rows;
        fixed (Real* p0 = x.Values, p1 = recurrent.Values, p2 = hPrev.Values, p3 = dh.Values, p4 = dhPrev.Values)
        {
            GRUBackward step = new(p0, units, p1, p2, p3, p4);
            Widths.Dispatch(new ColumnSweep<GRUBackward>(step, units, 3, hPrev.ColumnCount), width ?? Widths.ForMemory(units));
        }
    }

    /// <summary>First half of a step forward, reset before the product.</summary>
    /// <param name="x">In: whole pre-activations of z and r. Out: these gates. 3·units rows; the third block is not
    /// touched.</param>
    /// <param name="hPrev">State before the step.</param>
    /// <param name="reset">Out: r∘h'.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ForwardReset(ColumnBlock x, ColumnBlock hPrev, ColumnBlock reset, int? width = null)
    {
        Require(x, hPrev);
        RequireSame(reset, hPrev);
        int units = hPrev.Rows;
        fixed (Real* p0 = x.Values, p1 = hPrev.Values, p2 = reset.Values)
        {
            GRUForwardReset step = new(p0, units, p1, p2);
            Widths.Dispatch(new ColumnSweep<GRUForwardReset>(step, units, 3, hPrev.ColumnCount), width ?? Widths.For(units));
        }
    }

    /// <summary>Second half of a step forward, reset before the product.</summary>
    /// <param name="x">In: gates z and r, whole pre-activation of ĥ. Out: the third block is ĥ.</param>
    /// <param name="hPrev">State before the step.</param>
    /// <param name="h">Out: state after the step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void ForwardCandidate(ColumnBlock x, ColumnBlock hPrev, ColumnBlock h, int? width = null)
    {
        Require(x, h);
        RequireSame(hPrev, h);
        int units = hPrev.Rows;
        fixed (Real* p0 = x.Values, p1 = hPrev.Values, p2 = h.Values)
        {
            GRUForwardCandidate step = new(p0, units, p1, p2);
            Widths.Dispatch(new ColumnSweep<GRUForwardCandidate>(step, units, 3, hPrev.ColumnCount), width ?? Widths.For(units));
        }
    }

    /// <summary>First half of a step backward, reset before the product.</summary>
    /// <param name="x">In: gate values. Out: gradients of the pre-activations of z and ĥ; r stays.</param>
    /// <param name="hPrev">State before the step.</param>
    /// <param name="dh">Gradient of the state after the step, all of it.</param>
    /// <param name="dhPrev">Out: the part dh∘z of the gradient of the state before the step; may be
    /// <paramref name="dh"/>.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BackwardCandidate(ColumnBlock x, ColumnBlock hPrev, ColumnBlock dh, ColumnBlock dhPrev, int? width = null)
    {
        Require(x, dh);
        RequireSame(hPrev, dh);
        RequireSame(dhPrev, dh);
        int units = hPrev.Rows;
        fixed (Real* p0 = x.Values, p1 = hPrev.Values, p2 = dh.Values, p3 = dhPrev.Values)
        {
            GRUBackwardCandidate step = new(p0, units, p1, p2, p3);
            Widths.Dispatch(new ColumnSweep<GRUBackwardCandidate>(step, units, 3, hPrev.ColumnCount), width
                ?? Widths.ForMemory(units));
        }
    }

    /// <summary>Second half of a step backward, reset before the product.</summary>
    /// <param name="x">In: gate r in the second block. Out: the gradient of its pre-activation there.</param>
    /// <param name="hPrev">State before the step.</param>
    /// <param name="dReset">Gradient of r∘h'.</param>
    /// <param name="dhPrev">The part dReset∘r of the gradient of the state before the step is added to it.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void BackwardReset(ColumnBlock x, ColumnBlock hPrev, ColumnBlock dReset, ColumnBlock dhPrev, int? width = null)
    {
        Require(x, hPrev);
        RequireSame(dReset, hPrev);
        RequireSame(dhPrev, hPrev);
        int units = hPrev.Rows;
        fixed (Real* p0 = x.Values, p1 = hPrev.Values, p2 = dReset.Values, p3 = dhPrev.Values)
        {
            GRUBackwardReset step = new(p0, units, p1, p2, p3);
            Widths.Dispatch(new ColumnSweep<GRUBackwardReset>(step, units, 3, hPrev.ColumnCount), width
                ?? Widths.ForMemory(units));
        }
    }

    private static void Require(ColumnBlock gates, ColumnBlock state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gates.Rows, 3 * state.Rows, nameof(gates));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gates.ColumnCount, state.ColumnCount, nameof(gates));
    }

    private static void RequireSame(ColumnBlock block, ColumnBlock state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.Rows, state.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(block.ColumnCount, state.ColumnCount);
    }
}
