using MathNet.Numerics;

namespace Recurrent.Forecasting;

/// <summary>The standard normal distribution.</summary>
internal static class Gaussian
{
    /// <summary>Φ⁻¹(p): what a standard normal number stays below with a probability.</summary>
    /// <param name="probability">The probability p, above 0 and below 1.</param>
    internal static double Quantile(double probability) =>
        probability == 0.5 ? 0 : -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * probability);

    /// <summary>Φ(z): the probability that a standard normal number stays below a value.</summary>
    internal static double Cdf(double z) => SpecialFunctions.Erfc(-z / Math.Sqrt(2)) / 2;
}
