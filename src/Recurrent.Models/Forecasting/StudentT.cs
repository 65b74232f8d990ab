using MathNet.Numerics;
using MathNet.Numerics.RootFinding;

namespace Recurrent.Forecasting;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    /// <summary>P(|T| > |t|): how likely a number as far from 0 as a statistic is.</summary>
    internal static double TwoSided(double statistic, double freedom) =>
        Beyond(freedom / (freedom + (statistic * statistic)), freedom);

    /// <summary>What a number stays below with a probability.</summary>
    /// <param name="probability">The probability, above 0 and below 1.</param>
    /// <param name="freedom">The degrees of freedom, above 0.</param>
    internal static double Quantile(double probability, double freedom)
    {
        if (probability == 0.5)
        {
            return 0;
        }

        // P(|T| > t) = I_x(f/2, 1/2) with x = f / (f + t²), which rises from 0 at infinity to 1 at t = 0.
        double tails = 2 * Math.Min(probability, 1 - probability);
        double x = Brent.FindRoot(x => Beyond(x, freedom) - tails, 0, 1, 1e-14, 200);
        double t = Math.Sqrt(freedom * (1 - x) / x);
        return probability < 0.5 ? -t : t;
    }

    private static double Beyond(double x, double freedom) => SpecialFunctions.BetaRegularized(freedom / 2, 0.5, x);
}
