namespace Recurrent.Forecasting;

/// <summary>The exact Gaussian likelihood of a seasonal ARIMA model, greatest over β and σ².</summary>
internal interface IArimaLikelihood
{
    /// <summary>β of the last trial.</summary>
    ReadOnlySpan<double> Regression { get; }

    /// <summary>The sum of the squares of the last trial's innovations, each over its variance.</summary>
    double SumOfSquares { get; }

    /// <summary>Minus the logarithm of the likelihood but for constants, (N log S + log det) / 2; infinite where there is
    /// none.</summary>
    /// <param name="coefficients">φ, θ, Φ, Θ.</param>
    double Deviance(ReadOnlySpan<double> coefficients);
}
