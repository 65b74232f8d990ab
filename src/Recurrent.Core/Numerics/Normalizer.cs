using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Recurrent.Numerics;

/// <summary>Brings values to mean 0 and variance 1: <c>x̂ = (x − mean)/√(var + ε)</c>, and the way back.</summary>
/// <remarks>
/// In double precision, rounded once, so that neither large values nor a large mean cost accuracy; sums are those of
/// <see cref="Sums"/>, so the bits are the same with any instruction set.
/// </remarks>
internal static class Normalizer
{
    /// <summary>x̂ from x, which may be the same span; gives 1/√(var + ε), and 0 where the root is 0.</summary>
    /// <param name="x">The values.</param>
    /// <param name="normalized">Receives x̂.</param>
    /// <param name="epsilon">ε.</param>
    public static Real Forward(ReadOnlySpan<Real> x, Span<Real> normalized, double epsilon)
    {
        double mean = Sums.Of(x) / x.Length;
        double variance = Sums.OfSquaredDeviations(x, mean) / x.Length;
        double root = Math.Sqrt(variance + epsilon);
        double factor = root == 0 ? 0 : 1 / root;
        Scale(x, mean, factor, normalized);
        return (Real)factor;
    }

    /// <summary>The same for some columns, which need not wait for one another.</summary>
    /// <param name="x">The columns.</param>
    /// <param name="normalized">Receives x̂; may be <paramref name="x"/>.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="factors">Receives the factor of each column.</param>
    public static void Forward(ColumnBlock x, ColumnBlock normalized, double epsilon, Span<Real> factors)
    {
        Span<double> means = stackalloc double[factors.Length];
        Span<double> scales = stackalloc double[factors.Length];
        for (int column = 0; column < means.Length; column++)
        {
            means[column] = Sums.Of<Real>(x.Column(column));
        }

        // Quotients and roots of all columns side by side.
        TensorPrimitives.Divide(means, x.Rows, means);
        for (int column = 0; column < means.Length; column++)
        {
            scales[column] = Sums.OfSquaredDeviations<Real>(x.Column(column), means[column]);
        }

        TensorPrimitives.Divide(scales, x.Rows, scales);
        TensorPrimitives.Add(scales, epsilon, scales);
        TensorPrimitives.Sqrt(scales, scales);
        TensorPrimitives.Divide(1, scales, scales);
        for (int column = 0; column < means.Length; column++)
        {
            // A root of zero.
            double factor = double.IsInfinity(scales[column]) ? 0 : scales[column];
            Scale(x.Column(column), means[column], factor, normalized.Column(column));
            factors[column] = (Real)factor;
        }
    }

    /// <summary>g ← (g − Σ g / n − x̂·(Σ g∘x̂) / n)·factor.</summary>
    /// <param name="gradient">g: the gradient of x̂, and then that of x.</param>
    /// <param name="normalized">x̂.</param>
    /// <param name="factor">What <see cref="Forward"/> gave.</param>
    public static void Backward(Span<Real> gradient, ReadOnlySpan<Real> normalized, Real factor)
    {
        double mean = Sums.Of<Real>(gradient) / gradient.Length;
        double slope = Sums.OfProducts(gradient, normalized) / gradient.Length;
        ScaleBack(gradient, normalized, mean, slope, factor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ReadOnlySpan<Real> x, double mean, double factor, Span<Real> y)
    {
        y = y[..x.Length];
        ref Real source = ref MemoryMarshal.GetReference(x);
        ref Real target = ref MemoryMarshal.GetReference(y);
        var m = Vector256.Create(mean);
        var f = Vector256.Create(factor);
        int i = 0;
        for (; i <= x.Length - Wide.Count; i += Wide.Count)
        {
            (Vector256<double> x1, Vector256<double> x2) = Wide.Load(ref Unsafe.Add(ref source, i));
            Wide.Store((x1 - m) * f, (x2 - m) * f, ref Unsafe.Add(ref target, i));
        }

        for (; i < x.Length; i++)
        {
            y[i] = (Real)((x[i] - mean) * factor);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleBack(Span<Real> gradient, ReadOnlySpan<Real> normalized, double mean, double slope, double factor)
    {
        ref Real g = ref MemoryMarshal.GetReference(gradient);
        ref Real hat = ref MemoryMarshal.GetReference(normalized);
        var m = Vector256.Create(mean);
        var s = Vector256.Create(slope);
        var f = Vector256.Create(factor);
        int i = 0;
        for (; i <= gradient.Length - Wide.Count; i += Wide.Count)
        {
            (Vector256<double> g1, Vector256<double> g2) = Wide.Load(ref Unsafe.Add(ref g, i));
            (Vector256<double> h1, Vector256<double> h2) = Wide.Load(ref Unsafe.Add(ref hat, i));
            Wide.Store((g1 - m - (h1 * s)) * f, (g2 - m - (h2 * s)) * f, ref Unsafe.Add(ref g, i));
        }

        for (; i < gradient.Length; i++)
        {
            gradient[i] = (Real)((gradient[i] - mean - (normalized[i] * slope)) * factor);
        }
    }
}
