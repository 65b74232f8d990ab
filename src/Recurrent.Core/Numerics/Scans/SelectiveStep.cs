namespace Recurrent.Numerics;

/// <summary>
/// What a step of a selective state space does for one sample beside its products, in one sweep over the channels: each of them
/// carries some numbers.
/// </summary>
/// <remarks>
/// <code>
/// forward    s_n ← exp(Δ∘A_n)∘s_n + b_n·(Δ∘u)        y = Σ c_n·s_n + D∘u
/// backward   ds_n += c_n·dy    dc_n = s_n·dy    db_n = ds_n·(Δ∘u)    g = Σ b_n·ds_n
///            ds_n ← ds_n∘exp(Δ∘A_n)    e_n = ds_n∘s_n, of before
///            dΔ = Σ e_n∘A_n + u∘g    dA_n += e_n∘Δ    du = D∘dy + Δ∘g    dD += dy∘u
/// </code>
/// Numbers of a state stand one below the other, those of all channels each. Sums over channels are taken in 16 parts, channel k
/// in part k mod 16, so that bits do not depend on the width of a register.
/// </remarks>
internal static unsafe class SelectiveStep
{
    /// <summary>Parts of a sum over channels.</summary>
    public const int Parts = 16;

    /// <summary>One step forward.</summary>
    /// <param name="u">The channels.</param>
    /// <param name="delta">Δ of each.</param>
    /// <param name="rates">A: as many as a state has numbers.</param>
    /// <param name="b">b: one for each number.</param>
    /// <param name="c">c: one for each number.</param>
    /// <param name="skip">D of each channel.</param>
    /// <param name="before">The state before the step.</param>
    /// <param name="after">Receives the state after it; may be the same memory.</param>
    /// <param name="y">Receives the output.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Forward(
        ReadOnlySpan<Real> u,
        ReadOnlySpan<Real> delta,
        ReadOnlySpan<Real> rates,
        ReadOnlySpan<Real> b,
        ReadOnlySpan<Real> c,
        ReadOnlySpan<Real> skip,
        ReadOnlySpan<Real> before,
        Span<Real> after,
        Span<Real> y,
        int? width = null)
    {
        Require(u.Length, b.Length, delta.Length, skip.Length, y.Length);
        RequireState(u.Length * b.Length, rates.Length, before.Length, after.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Length, b.Length);
        fixed (Real* pu = u, pd = delta, pa = rates, pb = b, pc = c, ps = skip, p0 = before, p1 = after, py = y)
        {
            Widths.Dispatch(
                new SelectiveForward(new(pu, pd, pa, pb, pc, ps, u.Length, b.Length), p0, p1, py), width ?? Widths.For(u.Length));
        }
    }

    /// <summary>One step backward.</summary>
    /// <param name="u">The channels. Out: their gradient.</param>
    /// <param name="delta">Δ of each.</param>
    /// <param name="rates">A.</param>
    /// <param name="b">b. Out: its gradient.</param>
    /// <param name="c">c. Out: its gradient.</param>
    /// <param name="skip">D of each channel.</param>
    /// <param name="before">The state before the step.</param>
    /// <param name="after">The state after it.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="ds">In: gradient of the state after the step, from later ones. Out: of the one before it.</param>
    /// <param name="dDelta">Receives the gradient of Δ.</param>
    /// <param name="dRates">The gradient of A, which is added to.</param>
    /// <param name="dSkip">The gradient of D, which is added to.</param>
    /// <param name="sums">Scratch: <see cref="Parts"/> for each b and each c.</param>
    /// <param name="width">Values in a register; the tests ask for every one.</param>
    public static void Backward(
        Span<Real> u,
        ReadOnlySpan<Real> delta,
        ReadOnlySpan<Real> rates,
        Span<Real> b,
        Span<Real> c,
        ReadOnlySpan<Real> skip,
        ReadOnlySpan<Real> before,
        ReadOnlySpan<Real> after,
        ReadOnlySpan<Real> dy,
        Span<Real> ds,
        Span<Real> dDelta,
        Span<Real> dRates,
        Span<Real> dSkip,
        Span<Real> sums,
        int? width = null)
    {
        Require(u.Length, b.Length, delta.Length, skip.Length, dy.Length);
        Require(u.Length, b.Length, dDelta.Length, dSkip.Length, dy.Length);
        RequireState(u.Length * b.Length, rates.Length, before.Length, after.Length);
        RequireState(u.Length * b.Length, dRates.Length, ds.Length, after.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(c.Length, b.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, 2 * Parts * b.Length);
        sums.Clear();
        fixed (Real* pu = u, pd = delta, pa = rates, pb = b, pc = c, ps = skip, p0 = before, p1 = after, py = dy, pds = ds)
        {
            fixed (Real* pdd = dDelta, pda = dRates, pdk = dSkip, psum = sums)
            {
                SelectiveInputs inputs = new(pu, pd, pa, pb, pc, ps, u.Length, b.Length);
                Widths.Dispatch(
                    new SelectiveBackward(inputs, p0, p1, py, pds, pdd, pda, pdk, psum), width ?? Widths.For(u.Length));
            }
        }

        for (int n = 0; n < b.Length; n++)
        {
            b[n] = Sum(sums.Slice(Parts * n, Parts));
            c[n] = Sum(sums.Slice(Parts * (b.Length + n), Parts));
        }
    }

    private static Real Sum(Span<Real> parts)
    {
        for (int half = Parts / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                parts[i] += parts[i + half];
            }
        }

        return parts[0];
    }

    private static void Require(int units, int size, int first, int second, int third)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(first, units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second, units);
        ArgumentOutOfRangeException.ThrowIfNotEqual(third, units);
    }

    private static void RequireState(int length, int first, int second, int third)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first, length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(second, length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(third, length);
    }
}
