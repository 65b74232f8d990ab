namespace Recurrent.Forecasting;

/// <summary>
/// Between the coefficients of a polynomial 1 − c₁B − … − c_kBᵏ and its partial autocorrelations, by the recursion of Levinson
/// and Durbin. All roots lie outside the unit circle exactly where all partials lie within (−1, 1) (Barndorff-Nielsen and Schou,
/// 1973; Monahan, 1984; Jones, 1980).
/// </summary>
internal static class PartialCoefficients
{
    // Partials of an estimation stay this far from 1, so that variances stay finite.
    private const double Margin = 1e-7;

    /// <summary>The partial autocorrelation of any number, (1 − margin) tanh x.</summary>
    internal static double Bounded(double free) => (1 - Margin) * Math.Tanh(free);

    /// <summary>The inverse of <see cref="Bounded"/>; what lies too near to ±1 comes back a little inside.</summary>
    internal static double Free(double partial) => Math.Atanh(Math.Clamp(partial / (1 - Margin), -0.999, 0.999));

    /// <summary>Partials to coefficients, in place.</summary>
    internal static void ToCoefficients(Span<double> values)
    {
        Span<double> previous = stackalloc double[values.Length];
        for (int k = 1; k < values.Length; k++)
        {
            double partial = values[k];
            values[..k].CopyTo(previous);
            for (int i = 0; i < k; i++)
            {
                values[i] = previous[i] - (partial * previous[k - 1 - i]);
            }
        }
    }

    /// <summary>Coefficients to partials, in place; false where a root lies on or inside the unit circle.</summary>
    internal static bool TryFromCoefficients(Span<double> values)
    {
        Span<double> previous = stackalloc double[values.Length];
        for (int k = values.Length - 1; k >= 0; k--)
        {
            double partial = values[k];
            if (!(Math.Abs(partial) < 1))
            {
                return false;
            }

            values[..k].CopyTo(previous);
            double rest = 1 - (partial * partial);
            for (int i = 0; i < k; i++)
            {
                values[i] = (previous[i] + (partial * previous[k - 1 - i])) / rest;
            }
        }

        return true;
    }

    /// <summary>Whether all roots of 1 − c₁B − … lie outside a circle.</summary>
    internal static bool RootsOutside(ReadOnlySpan<double> coefficients, double radius)
    {
        Span<double> scaled = stackalloc double[coefficients.Length];
        double factor = 1;
        for (int i = 0; i < scaled.Length; i++)
        {
            factor *= radius;
            scaled[i] = coefficients[i] * factor;
        }

        return TryFromCoefficients(scaled);
    }

    /// <summary>Brings coefficients whose roots are not all outside the unit circle there, by drawing their partials
    /// together.</summary>
    internal static void Stabilize(Span<double> coefficients)
    {
        Span<double> partials = stackalloc double[coefficients.Length];
        for (double shrink = 1; shrink > 0.01; shrink *= 0.9)
        {
            double factor = 1;
            for (int i = 0; i < partials.Length; i++)
            {
                factor *= shrink;
                partials[i] = coefficients[i] * factor;
            }

            if (TryFromCoefficients(partials))
            {
                ToCoefficients(partials);
                partials.CopyTo(coefficients);
                return;
            }
        }

        coefficients.Clear();
    }
}
