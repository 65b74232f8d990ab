namespace Recurrent.Numerics;

/// <summary>
/// The gates of minGRU and minLSTM in one sweep, from pre-activations and back, with the bits of <see cref="VectorMath"/>'s
/// functions one after the other. Candidates are left to their activation.
/// </summary>
/// <remarks>
/// <code>
/// GRU    z = σ(zz)                                                    dzz = dz∘z(1 − z)
/// LSTM   d = log σ(zf) − log σ(zi)    f = σ(d)    i = σ(−d)           dzf = dd∘σ(−zf)    dzi = −dd∘σ(−zi)
/// </code>
/// Columns do not depend on each other: threads share them.
/// </remarks>
internal static unsafe class MinGates
{
    /// <summary>From pre-activations to gates.</summary>
    /// <param name="gates">z and ĥ, one below the other.</param>
    /// <param name="units">Rows of each.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void ForwardGRU(ColumnBlock gates, int units, int? width = null)
    {
        Require(gates, 2, units);
        fixed (Real* pg = gates.Values)
        {
            Run(new MinGRUGate(pg), gates, units, width ?? Widths.For(units));
        }
    }

    /// <summary>From the gradients of gate and candidate to those of their pre-activations, where the candidate is
    /// linear.</summary>
    /// <param name="gates">In: z. Out: the gradients.</param>
    /// <param name="slopes">dz and dĥ.</param>
    /// <param name="units">Rows of each.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void BackwardGRU(ColumnBlock gates, ColumnBlock slopes, int units, int? width = null)
    {
        Require(gates, 2, units);
        RequireSame(slopes, gates);
        fixed (Real* pg = gates.Values, ps = slopes.Values)
        {
            Run(new MinGRUGateBack(pg, units, ps), gates, units, width ?? Widths.ForMemory(units));
        }
    }

    /// <summary>From pre-activations to scaled gates.</summary>
    /// <param name="gates">i, f and ĥ, one below the other.</param>
    /// <param name="units">Rows of each.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void ForwardLSTM(ColumnBlock gates, int units, int? width = null)
    {
        Require(gates, 3, units);
        fixed (Real* pg = gates.Values)
        {
            Run(new MinLSTMGates(pg, units), gates, units, width ?? Widths.For(units));
        }
    }

    /// <summary>From −dd, dd and the gradient of the candidate's pre-activation to those of all three.</summary>
    /// <param name="gates">Out: the gradients.</param>
    /// <param name="preActivations">What the gates were computed from.</param>
    /// <param name="slopes">−dd, dd and the gradient of the candidate's pre-activation.</param>
    /// <param name="units">Rows of each.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void BackwardLSTM(
        ColumnBlock gates, ColumnBlock preActivations, ColumnBlock slopes, int units, int? width = null)
    {
        Require(gates, 3, units);
        RequireSame(preActivations, gates);
        RequireSame(slopes, gates);
        fixed (Real* pg = gates.Values, given = preActivations.Values, ps = slopes.Values)
        {
            Run(new MinLSTMGatesBack(pg, units, given, ps), gates, units, width ?? Widths.For(units));
        }
    }

    private static void Run<TStep>(TStep step, ColumnBlock gates, int units, int width)
        where TStep : struct, IGateStep =>
        Widths.Dispatch(new ColumnSweep<TStep>(step, units, gates.Rows / units, gates.ColumnCount), width);

    private static void Require(ColumnBlock gates, int count, int units) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(gates.Rows, count * units);

    private static void RequireSame(ColumnBlock actual, ColumnBlock expected)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(actual.Rows, expected.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(actual.ColumnCount, expected.ColumnCount);
    }
}
