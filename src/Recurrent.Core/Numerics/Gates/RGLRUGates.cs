namespace Recurrent.Numerics;

/// <summary>The gates of an RG-LRU: from pre-activations to the factors of a <see cref="LinearScan"/>, and back.</summary>
/// <remarks>
/// <code>
/// forward    r = σ(zr)    i = σ(zi)    log a = −s∘r    β = √(1 − a²)    b = β∘i∘x
/// backward   dx = db∘β∘i                  dzi = db∘β∘x∘i(1 − i)
///            dlog = a∘(da − db∘i∘x∘a/β)   dzr = −s∘dlog∘r(1 − r)        ds = −Σ r∘dlog
/// </code>
/// 1 − a² is computed from log a, without the cancellation of small decays. Columns do not depend on each other: threads
/// share them.
/// </remarks>
internal static unsafe class RGLRUGates
{
    /// <summary>Below it the slope of β is taken as at it: that of the square root is at most 1000 then.</summary>
    public const Real LeastScale = (Real)5e-4;

    /// <summary>From pre-activations to gates and factors.</summary>
    /// <param name="z">In: pre-activations of r above those of i. Out: r and i. 2·units rows.</param>
    /// <param name="x">Inputs, units rows.</param>
    /// <param name="decay">s, one for each unit, at least 0.</param>
    /// <param name="a">Out: a.</param>
    /// <param name="b">Out: b.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Forward(
        ColumnBlock z, ColumnBlock x, Real[] decay, ColumnBlock a, ColumnBlock b, int threads = 1, int? width = null)
    {
        Require(z, decay, x, a, b);
        ColumnPieces.Run(new ForwardWork(z, x, decay, a, b, width), z.Rows, z.ColumnCount, threads);
    }

    /// <summary>From the gradients of the factors to those of pre-activations and inputs.</summary>
    /// <param name="z">In: r and i. Out: gradients of the pre-activations.</param>
    /// <param name="x">Inputs.</param>
    /// <param name="decay">s, one for each unit.</param>
    /// <param name="a">In: a. Out: <c>r∘dlog</c>, whose sums are −ds.</param>
    /// <param name="da">Gradients of a.</param>
    /// <param name="db">Gradients of b.</param>
    /// <param name="dx">Out: gradients of the inputs.</param>
    /// <param name="threads">How many threads may share in it, the caller's included. Default 1.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Backward(
        ColumnBlock z,
        ColumnBlock x,
        Real[] decay,
        ColumnBlock a,
        ColumnBlock da,
        ColumnBlock db,
        ColumnBlock dx,
        int threads = 1,
        int? width = null)
    {
        Require(z, decay, x, a, da, db, dx);
        ColumnPieces.Run(new BackwardWork(z, x, decay, a, da, db, dx, width), z.Rows, z.ColumnCount, threads);
    }

    private static void Require(ColumnBlock z, Real[] decay, params ReadOnlySpan<ColumnBlock> others)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Rows, 2 * decay.Length);
        foreach (ColumnBlock other in others)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(other.Rows, decay.Length);
            ArgumentOutOfRangeException.ThrowIfNotEqual(other.ColumnCount, z.ColumnCount);
        }
    }

    /// <summary>The columns one after the other: each is a step of its own, so that a row is found in s.</summary>
    private static ScanShape Shape(int units, int columns) => new(units, units, 2, 1, columns);

    private readonly struct ForwardWork(
        ColumnBlock z, ColumnBlock x, Real[] decay, ColumnBlock a, ColumnBlock b, int? width) : IColumnWork
    {
        public void Run(int first, int count)
        {
            int units = decay.Length;
            fixed (Real* pz = z.Columns(first, count).Values, px = x.Columns(first, count).Values, ps = decay,
                pa = a.Columns(first, count).Values, pb = b.Columns(first, count).Values)
            {
                var step = new RGLRUForward(pz, units, px, ps, pa, pb);
                Widths.Dispatch(
                    new ScanSweep<RGLRUForward>(step, Shape(units, count), backward: false), width ?? Widths.For(units));
            }
        }
    }

    private readonly struct BackwardWork(
        ColumnBlock z, ColumnBlock x, Real[] decay, ColumnBlock a, ColumnBlock da, ColumnBlock db, ColumnBlock dx, int? width)
        : IColumnWork
    {
        public void Run(int first, int count)
        {
            int units = decay.Length;
            fixed (Real* pz = z.Columns(first, count).Values, px = x.Columns(first, count).Values, ps = decay,
                pa = a.Columns(first, count).Values, pda = da.Columns(first, count).Values,
                pdb = db.Columns(first, count).Values, pdx = dx.Columns(first, count).Values)
            {
                var step = new RGLRUBackward(pz, units, px, ps, pa, pda, pdb, pdx);
                Widths.Dispatch(
                    new ScanSweep<RGLRUBackward>(step, Shape(units, count), backward: false), width ?? Widths.For(units));
            }
        }
    }
}
