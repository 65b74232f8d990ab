namespace Recurrent.Numerics;

/// <summary>
/// Divides values by their standard deviation and leaves their mean: <c>u = x/√(var + ε)</c>, and the way back.
/// </summary>
internal static class DeviationScaling
{
    /// <summary>u from x for some columns.</summary>
    /// <param name="x">The columns.</param>
    /// <param name="scaled">Receives u; may be <paramref name="x"/>.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="factors">Receives 1/√(var + ε) of each column, 0 where the root is 0.</param>
    public static void Forward(ColumnBlock x, ColumnBlock scaled, double epsilon, Span<Real> factors)
    {
        for (int column = 0; column < factors.Length; column++)
        {
            ReadOnlySpan<Real> from = x.Column(column);
            double mean = Sums.Of(from) / from.Length;
            double root = Math.Sqrt((Sums.OfSquaredDeviations(from, mean) / from.Length) + epsilon);
            double factor = root == 0 ? 0 : 1 / root;
            Span<Real> to = scaled.Column(column);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (Real)(from[i] * factor);
            }

            factors[column] = (Real)factor;
        }
    }

    /// <summary>g ← (g − (u − Σ u / n)·(Σ g∘u) / n)·factor.</summary>
    /// <param name="gradient">g: the gradient of u, and then that of x.</param>
    /// <param name="scaled">u.</param>
    /// <param name="factor">What <see cref="Forward"/> gave.</param>
    public static void Backward(Span<Real> gradient, ReadOnlySpan<Real> scaled, Real factor)
    {
        double mean = Sums.Of(scaled) / scaled.Length;
        double slope = Sums.OfProducts(gradient, scaled) / scaled.Length;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (Real)((gradient[i] - ((scaled[i] - mean) * slope)) * factor);
        }
    }
}
