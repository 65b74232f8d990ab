namespace Recurrent.Forecasting;

/// <summary>A row of scores: means over forecasts. NaN where a score does not apply, as those scaled by a series that repeats
/// itself.</summary>
/// <param name="Method">The method.</param>
/// <param name="Series">The series; null for all of them.</param>
/// <param name="Step">The step ahead, from 1; null for all of them.</param>
/// <param name="Count">Number of values compared.</param>
public sealed record BacktestScore(string Method, string? Series, int? Step, int Count)
{
    /// <summary>Mean absolute scaled error.</summary>
    public double Mase { get; init; }

    /// <summary>Root mean square scaled error.</summary>
    public double Rmsse { get; init; }

    /// <summary>Symmetric mean absolute percentage error, in percent.</summary>
    public double Smape { get; init; }

    /// <summary>Absolute errors as a share of the values' size, in percent.</summary>
    public double Wmape { get; init; }

    /// <summary>Root mean square error.</summary>
    public double Rmse { get; init; }

    /// <summary>Mean absolute error.</summary>
    public double Mae { get; init; }

    /// <summary>Mean pinball loss of the quantiles 0.1, 0.5 and 0.9.</summary>
    public double Pinball { get; init; }

    /// <summary>Continuous ranked probability score.</summary>
    public double Crps { get; init; }

    /// <summary>Mean scaled interval score of the interval of 95 %.</summary>
    public double Msis { get; init; }

    /// <summary>Share of values in the interval of 80 %.</summary>
    public double Coverage80 { get; init; }

    /// <summary>Share of values in the interval of 95 %.</summary>
    public double Coverage95 { get; init; }

    /// <summary>The score in words.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Method}: MASE {Mase:0.000}, sMAPE {Smape:0.00} %, RMSE {Rmse:G4}, in the 80 % interval {100 * Coverage80:0} %");
}
