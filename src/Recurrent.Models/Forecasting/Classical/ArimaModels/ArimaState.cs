namespace Recurrent.Forecasting;

/// <summary>What an ARIMA model remembers: the predicted state and its covariance in units of σ², and how many values were
/// seen.</summary>
/// <param name="Mean">The state.</param>
/// <param name="Covariance">Its covariance.</param>
/// <param name="Count">How many values the series had.</param>
internal sealed record ArimaState(double[] Mean, double[,] Covariance, int Count);
