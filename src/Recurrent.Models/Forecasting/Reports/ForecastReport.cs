using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Everything about a forecast on one page: the series and the forecast with its fan, what the sentence is, simple methods beside
/// it, backtest, residuals, training curves, and what was done to the data. One HTML file that needs no network; each chart has
/// its table, zoom and values under the pointer.
/// </summary>
/// <example>
/// <code>
/// new ForecastReport("Passengers", history)
///     .AddForecast(forecast)
///     .AddBaseline(naive)
///     .AddVerdict("ETS beats the seasonal naive forecast at 6 of 6 origins.", holds: true)
///     .AddPreparation("2 missing values were filled on a straight line.")
///     .Save("report.html");
/// </code>
/// </example>
public sealed class ForecastReport
{
    /// <summary>Coverages of the fan, the widest first.</summary>
    internal static readonly double[] Fan = [0.95, 0.8, 0.5];

    private const double Significance = 0.05;

    private readonly ReportContent content;

    /// <summary>Starts a report.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="history">What is known of the series; its first variable is shown where none is named.</param>
    /// <param name="variable">The variable that the report is about; null for the first.</param>
    /// <exception cref="ArgumentException">There is no such variable, or the series is empty.</exception>
    public ForecastReport(string title, TimeSeries history, string? variable = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(history);
        if (history.Count == 0)
        {
            throw new ArgumentException($"Series '{history.Name}' is empty: a report needs at least one value.", nameof(history));
        }

        content = new(title, variable is null ? history : history.Select(variable), variable);
    }

    /// <summary>A line below the title: the data, the method, the split.</summary>
    public string Subtitle
    {
        get => content.Subtitle;
        init => content.Subtitle = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>What the values are counted in; empty where that is not known.</summary>
    public string Unit
    {
        get => content.Unit;
        init => content.Unit = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Adds the forecast that the report is about, with intervals of 50, 80 and 95 %.</summary>
    /// <param name="forecast">The forecast.</param>
    public ForecastReport AddForecast(Forecast forecast)
    {
        content.Forecasts.Add(forecast ?? throw new ArgumentNullException(nameof(forecast)));
        return this;
    }

    /// <summary>Adds a forecast of a simpler method, as a line.</summary>
    /// <param name="forecast">The forecast.</param>
    public ForecastReport AddBaseline(Forecast forecast)
    {
        content.Baselines.Add(forecast ?? throw new ArgumentNullException(nameof(forecast)));
        return this;
    }

    /// <summary>Adds what came after the history.</summary>
    /// <param name="series">The held-out part.</param>
    public ForecastReport AddTruth(TimeSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        content.Truth = content.Variable is null ? series : series.Select(content.Variable);
        return this;
    }

    /// <summary>Adds rows to the table of scores.</summary>
    /// <param name="scores">The scores; the best of each column is marked.</param>
    public ForecastReport AddScores(IEnumerable<ForecastScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        foreach (ForecastScore? score in scores)
        {
            content.Scores.Add(score ?? throw new ArgumentException("A score is null.", nameof(scores)));
        }

        return this;
    }

    /// <summary>Adds one origin of a backtest: what was said then, and what came.</summary>
    /// <param name="forecast">The forecast made there.</param>
    /// <param name="truth">What came, at the same steps.</param>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public ForecastReport AddOrigin(Forecast forecast, TimeSeries truth)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        ArgumentNullException.ThrowIfNull(truth);
        content.Origins.Add(forecast.Horizon == truth.Count
            ? (forecast, content.Variable is null ? truth : truth.Select(content.Variable))
            : throw new ArgumentException(
                $"The forecast has {forecast.Horizon} steps but {truth.Count} values came after it.", nameof(truth)));
        return this;
    }

    /// <summary>Adds a backtest: the scores of all its methods, the origins of one of them, and the verdict on it.</summary>
    /// <param name="result">The backtest.</param>
    /// <param name="method">The method whose origins are shown; null for the first that learns, or the first.</param>
    /// <exception cref="ArgumentException">The backtest has no such method, or not the report's series.</exception>
    public ForecastReport AddBacktest(BacktestResult result, string? method = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        string shown = method ?? result.Methods.FirstOrDefault(name => !result.SimpleMethods.Contains(name)) ?? result.Methods[0];
        BacktestForecast[] own = [.. result.Forecasts.Where(one =>
            one.Forecast.Method == shown && one.Forecast.Series == content.History.Name)];
        if (own.Length == 0)
        {
            throw new ArgumentException($"The backtest has no forecast of series '{content.History.Name}' by '{shown}'. Methods: "
                + $"{string.Join(", ", result.Methods)}.", nameof(method));
        }

        content.Backtest = (result, shown);
        foreach (BacktestForecast one in own)
        {
            AddOrigin(one.Forecast, one.Actual);
        }

        foreach (Comparison comparison in result.Verdicts.Where(verdict => verdict.Method == shown))
        {
            // In favour of the method only where it is more than chance.
            bool wins = comparison.Score < comparison.OtherScore;
            AddVerdict(comparison.Verdict, !wins ? false : comparison.Test is { PValue: < Significance } ? true : null);
        }

        content.Preparation.AddRange(result.Notes);
        return this;
    }

    /// <summary>Adds what is unusual in the series: marks on a chart, and a table.</summary>
    /// <param name="result">What was found, in the report's series or a part of it.</param>
    public ForecastReport AddAnomalies(AnomalyResult result)
    {
        content.Anomalies = result ?? throw new ArgumentNullException(nameof(result));
        return this;
    }

    /// <summary>Adds what the fit left over one step ahead: their course, their autocorrelation and their distribution.</summary>
    /// <param name="residuals">The residuals, the last at the end of the history; NaN where there is none.</param>
    public ForecastReport AddResiduals(IReadOnlyList<double> residuals)
    {
        ArgumentNullException.ThrowIfNull(residuals);
        content.Residuals = residuals.Count <= content.History.Count ? [.. residuals]
            : throw new ArgumentException(
                $"There are {residuals.Count} residuals but only {content.History.Count} values.", nameof(residuals));
        return this;
    }

    /// <summary>Adds the course of a training.</summary>
    /// <param name="network">What was trained.</param>
    /// <param name="curves">For each quantity, such as <c>loss</c> and <c>val_loss</c>, its value after each epoch.</param>
    public ForecastReport AddTraining(string network, IReadOnlyDictionary<string, IReadOnlyList<double>> curves)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(curves);
        content.Trainings.Add((network, curves));
        return this;
    }

    /// <summary>Adds what was done to the data, in the order in which it was.</summary>
    /// <param name="sentences">A sentence for each thing.</param>
    public ForecastReport AddPreparation(params IEnumerable<string> sentences)
    {
        content.Preparation.AddRange(sentences ?? throw new ArgumentNullException(nameof(sentences)));
        return this;
    }

    /// <summary>Adds a sentence that says what all this means.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="holds">Whether it speaks for the method (true) or against it (false); null for neither.</param>
    public ForecastReport AddVerdict(string sentence, bool? holds = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sentence);
        content.Verdict.Add(sentence);
        content.Holds ??= holds;
        return this;
    }

    /// <summary>Adds something to know of how the forecast was made: seed, seconds, the fit in a line.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="value">Its value.</param>
    public ForecastReport AddFact(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        content.Facts.Add((name, value));
        return this;
    }

    /// <summary>The report as the text of an HTML file.</summary>
    public string ToHtml() => ReportPage.Write(content);

    /// <summary>Writes the report to an HTML file; one that is there is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The folder of the file does not exist, or the file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());
}
