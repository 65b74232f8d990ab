namespace Recurrent.Numerics;

/// <summary>The sums of <see cref="Sums"/> and what <see cref="Normalizer"/> makes of them, one number at a time: what the tests
/// hold the kernels to.</summary>
internal static class NaiveSums
{
    /// <summary>Sixteen partial sums, added in halves.</summary>
    /// <param name="terms">What is summed.</param>
    public static double Of(IReadOnlyList<double> terms)
    {
        double[] partial = new double[16];
        for (int i = 0; i < terms.Count; i++)
        {
            partial[i % 16] += terms[i];
        }

        for (int left = 8; left >= 1; left /= 2)
        {
            for (int i = 0; i < left; i++)
            {
                partial[i] += partial[i + left];
            }
        }

        return partial[0];
    }

    /// <summary>See <see cref="Normalizer.Forward"/>.</summary>
    public static Real Normalize(ReadOnlySpan<Real> x, Span<Real> normalized, double epsilon)
    {
        double[] values = [.. x.ToArray().Select(value => (double)value)];
        double mean = Of(values) / values.Length;
        double variance = Of([.. values.Select(value => (value - mean) * (value - mean))]) / values.Length;
        double root = Math.Sqrt(variance + epsilon);
        for (int i = 0; i < values.Length; i++)
        {
            normalized[i] = root == 0 ? 0 : (Real)((values[i] - mean) * (1 / root));
        }

        return root == 0 ? 0 : (Real)(1 / root);
    }

    /// <summary>See <see cref="Normalizer.Backward"/>.</summary>
    public static void NormalizeBack(Span<Real> gradient, ReadOnlySpan<Real> normalized, Real factor)
    {
        double[] g = [.. gradient.ToArray().Select(value => (double)value)];
        double[] hat = [.. normalized.ToArray().Select(value => (double)value)];
        double mean = Of(g) / g.Length;
        double slope = Of([.. g.Zip(hat, (left, right) => left * right)]) / g.Length;
        for (int i = 0; i < g.Length; i++)
        {
            gradient[i] = (Real)((g[i] - mean - (hat[i] * slope)) * factor);
        }
    }
}
