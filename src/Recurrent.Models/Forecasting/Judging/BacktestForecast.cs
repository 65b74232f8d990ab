using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>A forecast of the past beside what came.</summary>
public sealed class BacktestForecast
{
    internal BacktestForecast(int fold, TimeSeries training, TimeSeries actual, Forecast forecast)
    {
        Fold = fold;
        Training = training;
        Actual = actual;
        Forecast = forecast;
    }

    /// <summary>Which origin, from 0.</summary>
    public int Fold { get; }

    /// <summary>What the method saw of the series.</summary>
    public TimeSeries Training { get; }

    /// <summary>What came.</summary>
    public TimeSeries Actual { get; }

    /// <summary>What the method said.</summary>
    public Forecast Forecast { get; }
}
