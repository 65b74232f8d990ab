namespace Recurrent.Forecasting;

/// <summary>
/// Whether a model with trend and season forgets its past: all roots of the characteristic polynomial of what carries errors on,
/// z^{m+1} + (α + βφ − φ)zᵐ + (α + βφ − αφ)(z^{m−1} + … + z²) + (α + βφ − αφ + γ − 1)z + φ(1 − α − γ), lie in the unit circle
/// (after Hyndman, Akram and Archibald, "The admissible parameter space for exponential smoothing models", 2008). Without
/// both, the usual bounds are enough.
/// </summary>
internal static class EtsStability
{
    /// <summary>Tests the roots by the recursion of Schur and Cohn: the polynomial is reduced by a degree as long as its last
    /// coefficient is smaller than its first.</summary>
    internal static bool Forgets(in EtsParameters parameters, int season)
    {
        (double alpha, double beta, double gamma, double phi) = parameters;
        int degree = season + 1;
        Span<double> p = degree < 64 ? stackalloc double[degree + 1] : new double[degree + 1];
        Span<double> next = degree < 64 ? stackalloc double[degree + 1] : new double[degree + 1];
        p.Fill(alpha + (beta * phi) - (alpha * phi));
        (p[0], p[degree]) = (phi * (1 - alpha - gamma), 1);
        p[1] += gamma - 1;
        p[degree - 1] += (alpha * phi) - phi;
        for (; degree > 0; degree--)
        {
            double reflected = p[0] / p[degree];
            if (!(Math.Abs(reflected) < 1))
            {
                return false;
            }

            double rest = 1 - (reflected * reflected);
            for (int i = 0; i < degree; i++)
            {
                next[i] = (p[i + 1] - (reflected * p[degree - i - 1])) / rest;
            }

            Span<double> swap = p;
            p = next;
            next = swap;
        }

        return true;
    }
}
