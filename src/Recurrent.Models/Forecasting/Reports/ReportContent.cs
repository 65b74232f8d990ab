using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>What a report shows.</summary>
internal sealed class ReportContent(string title, TimeSeries history, string? variable)
{
    internal string Title { get; } = title;

    internal TimeSeries History { get; } = history;

    internal string? Variable { get; } = variable;

    internal string Subtitle { get; set; } = string.Empty;

    internal string Unit { get; set; } = string.Empty;

    internal TimeSeries? Truth { get; set; }

    internal List<Forecast> Forecasts { get; } = [];

    internal List<Forecast> Baselines { get; } = [];

    internal List<ForecastScore> Scores { get; } = [];

    internal List<(Forecast Forecast, TimeSeries Truth)> Origins { get; } = [];

    internal (BacktestResult Result, string Method)? Backtest { get; set; }

    internal AnomalyResult? Anomalies { get; set; }

    internal double[] Residuals { get; set; } = [];

    internal List<(string Network, IReadOnlyDictionary<string, IReadOnlyList<double>> Curves)> Trainings { get; } = [];

    internal List<string> Preparation { get; } = [];

    internal List<string> Verdict { get; } = [];

    internal bool? Holds { get; set; }

    internal List<(string Name, string Value)> Facts { get; } = [];

    /// <summary>A forecast's values as a series that follows what it was made from.</summary>
    internal TimeSeries After(Forecast forecast, string name, IReadOnlyList<double> values, int offset)
    {
        if (forecast.Dates is { } dates)
        {
            return new TimeSeries(name, values, dates, DateGaps.Accept);
        }

        // Without dates, places count from the beginning of the history.
        TimeSeries before = offset < History.Offset + History.Count
            ? History.Slice(0, Math.Max(0, offset - History.Offset)) : History;
        return new TimeSeries(History.Name, before.Values.ToArray()).Continue(name, values);
    }
}
