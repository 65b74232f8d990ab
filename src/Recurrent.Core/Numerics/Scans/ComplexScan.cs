namespace Recurrent.Numerics;

/// <summary>
/// A recurrence of complex numbers with one constant factor for each unit, over many steps at once:
/// <c>h_t = λ∘h_{t−1} + γ∘z_t</c>. A column holds the real parts of all units above their imaginary parts.
/// </summary>
/// <remarks>
/// <code>
/// forward    hr_t = λr∘hr_{t−1} − λi∘hi_{t−1} + γ∘zr_t
///            hi_t = λr∘hi_{t−1} + λi∘hr_{t−1} + γ∘zi_t
/// backward   dh_t += what comes from step t + 1       dγ += dhr∘zr + dhi∘zi       dz = γ∘dh
///            dλr += dhr∘hr_{t−1} + dhi∘hi_{t−1}       dλi += dhi∘hr_{t−1} − dhr∘hi_{t−1}
///            dhr_{t−1} = λr∘dhr + λi∘dhi              dhi_{t−1} = λr∘dhi − λi∘dhr
/// </code>
/// The factors are <c>[λr λi γ]</c>, one below the other.
/// </remarks>
internal static unsafe class ComplexScan
{
    /// <summary>Some steps forward.</summary>
    /// <param name="factors">λr, λi and γ: 3·units.</param>
    /// <param name="z">Inputs of the steps, 2·units rows.</param>
    /// <param name="before">States before the steps; of several steps, the columns that end where <paramref name="after"/>
    /// does.</param>
    /// <param name="after">Out: the states after them.</param>
    /// <param name="stepColumns">Columns of a step.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Forward(
        ReadOnlySpan<Real> factors, ColumnBlock z, ColumnBlock before, ColumnBlock after, int stepColumns, int? width = null)
    {
        int units = Require(factors, z, stepColumns);
        RequireSame(before, z);
        RequireSame(after, z);
        fixed (Real* pf = factors, pz = z.Values, from = before.Values, to = after.Values)
        {
            var step = new ComplexScanForward(pf, pz, units, from, to);
            Widths.Dispatch(
                new ScanSweep<ComplexScanForward>(step, Shape(units, z, stepColumns), backward: false),
                width ?? Widths.For(units));
        }
    }

    /// <summary>Some steps backward.</summary>
    /// <param name="factors">λr, λi and γ: 3·units.</param>
    /// <param name="z">In: the inputs of the steps. Out: their gradients.</param>
    /// <param name="before">States before the steps.</param>
    /// <param name="dh">Gradients of the states after the steps, from outside.</param>
    /// <param name="carry">
    /// In: gradients of the states after the last step, from later ones. Out: of those before the first. Numbers below 2⁻⁸⁰ end
    /// as zero.
    /// </param>
    /// <param name="sums">The gradients of λr, λi and γ, which are added to.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Backward(
        ReadOnlySpan<Real> factors,
        ColumnBlock z,
        ColumnBlock before,
        ColumnBlock dh,
        ColumnBlock carry,
        Span<Real> sums,
        int? width = null)
    {
        int units = Require(factors, z, carry.ColumnCount);
        RequireSame(before, z);
        RequireSame(dh, z);
        ArgumentOutOfRangeException.ThrowIfNotEqual(carry.Rows, z.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, factors.Length);
        fixed (Real* pf = factors, pz = z.Values, from = before.Values, slope = dh.Values, pc = carry.Values, ps = sums)
        {
            var step = new ComplexScanBackward(pf, pz, units, from, slope, pc, ps);
            Widths.Dispatch(
                new ScanSweep<ComplexScanBackward>(step, Shape(units, z, carry.ColumnCount), backward: true),
                width ?? Widths.ForMemory(units));
        }
    }

    private static ScanShape Shape(int units, ColumnBlock z, int stepColumns) =>
        new(units, z.Rows, 1, stepColumns, z.ColumnCount / stepColumns);

    private static int Require(ReadOnlySpan<Real> factors, ColumnBlock z, int stepColumns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(factors.Length, 3 * (z.Rows / 2));
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Rows % 2, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.ColumnCount % stepColumns, 0);
        return z.Rows / 2;
    }

    private static void RequireSame(ColumnBlock actual, ColumnBlock expected)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(actual.Rows, expected.Rows);
        ArgumentOutOfRangeException.ThrowIfNotEqual(actual.ColumnCount, expected.ColumnCount);
    }
}
