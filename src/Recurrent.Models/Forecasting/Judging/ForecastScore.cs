namespace Recurrent.Forecasting;

/// <summary>One row of a table of scores: how good one method's forecast was. Smaller is better in every column.</summary>
/// <param name="Name">The method.</param>
/// <param name="Rmse">Root mean square error, in the unit of the series.</param>
/// <param name="Smape">Symmetric mean absolute percentage error.</param>
/// <param name="Mase">Mean absolute scaled error.</param>
public sealed record ForecastScore(string Name, double Rmse, double Smape, double Mase)
{
    /// <summary>Scores a forecast.</summary>
    /// <param name="name">The method.</param>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <param name="training">The training part, which scales the errors of <see cref="ForecastMetrics.Mase"/>.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the training part is too short.</exception>
    public static ForecastScore Of(
        string name, ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, ReadOnlySpan<double> training, int season) =>
        new(
            name,
            ForecastMetrics.Rmse(actual, forecast),
            ForecastMetrics.Smape(actual, forecast),
            ForecastMetrics.Mase(actual, forecast, training, season));

    /// <summary>The score in words: <c>LSTM: RMSE 17.01, sMAPE 2.77 %, MASE 0.448</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name}: RMSE {Rmse:G4}, sMAPE {Smape:0.00} %, MASE {Mase:0.000}");
}
