namespace Recurrent.Forecasting;

/// <summary>A seasonal ARIMA model estimated.</summary>
/// <param name="Order">Its orders.</param>
/// <param name="Coefficients">φ, θ, Φ, Θ.</param>
/// <param name="Regression">β.</param>
/// <param name="SumOfSquares">Of the innovations, each over its variance.</param>
/// <param name="LogLikelihood">The logarithm of the exact likelihood.</param>
/// <param name="Used">How many values it is of.</param>
internal sealed record ArimaEstimate(
    ArimaOrder Order,
    double[] Coefficients,
    double[] Regression,
    double SumOfSquares,
    double LogLikelihood,
    int Used)
{
    /// <summary>How many numbers were estimated, σ² among them.</summary>
    internal int Parameters => Coefficients.Length + Regression.Length + 1;

    /// <summary>The innovations' variance, freed of bias by counting parameters.</summary>
    internal double Variance => SumOfSquares / Math.Max(1, Used - Parameters + 1);

    /// <summary>Akaike's criterion, −2 log L + 2k.</summary>
    internal double Aic => (-2 * LogLikelihood) + (2 * Parameters);

    /// <summary>Akaike's criterion corrected for few values, AIC + 2k(k + 1)/(n − k − 1); infinite where there are too
    /// few.</summary>
    internal double Aicc => Used - Parameters - 1 > 0
        ? Aic + (2.0 * Parameters * (Parameters + 1) / (Used - Parameters - 1))
        : double.PositiveInfinity;

    /// <summary>Bayes's criterion, −2 log L + k log n.</summary>
    internal double Bic => (-2 * LogLikelihood) + (Parameters * Math.Log(Used));
}
