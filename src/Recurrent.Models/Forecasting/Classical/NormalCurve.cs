using MathNet.Numerics.Distributions;

namespace Recurrent.Forecasting;

/// <summary>The standard normal distribution.</summary>
internal static class NormalCurve
{
    /// <summary>The value that is not exceeded with a probability.</summary>
    internal static double Quantile(double probability) => Normal.InvCDF(0, 1, probability);
}
