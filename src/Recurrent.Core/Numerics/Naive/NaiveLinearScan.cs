namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="LinearScan"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveLinearScan
{
    /// <summary>See <see cref="LinearScan.Forward"/>.</summary>
    public static void Forward(ReadOnlySpan<Real> a, ReadOnlySpan<Real> b, Span<Real> carry, Span<Real> h)
    {
        for (int i = 0; i < a.Length; i++)
        {
            int k = i % carry.Length;
            carry[k] = h[i] = Real.MultiplyAddEstimate(a[i], carry[k], b[i]);
        }
    }

    /// <summary>See <see cref="LinearScan.Backward"/>.</summary>
    public static void Backward(
        ReadOnlySpan<Real> a, ReadOnlySpan<Real> before, Span<Real> dh, Span<Real> da, Span<Real> carry)
    {
        for (int i = a.Length - 1; i >= 0; i--)
        {
            int k = i % carry.Length;
            Real slope = carry[k] + dh[i];
            Real back = slope * a[i];
            dh[i] = slope;
            da[i] = slope * before[i];
            carry[k] = RealMath.Abs(back) < FlushTinyFunction.Tiny ? 0 : back;
        }
    }
}
