using System.Globalization;
using Recurrent.Data;
using Recurrent.Drawing;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// A chart of a forecast beside what came and what simpler methods say, with a table of scores: one HTML file that needs nothing
/// else. Zoom by dragging, by buttons and by keys, values under the pointer, a table behind the chart; in light, dark and print.
/// </summary>
/// <example>
/// <code>
/// new ForecastChart("Air passengers", unit: "thousands")
///     .AddHistory(training)
///     .AddTruth(heldOut)
///     .AddForecast(training.Continue("LSTM", forecast))
///     .AddBaseline(training.Continue("Seasonal naive", naive))
///     .AddScores(scores)
///     .Save("forecast.html");
/// </code>
/// </example>
public sealed class ForecastChart
{
    // Room for the differences and margins of an axis.
    private const double MostDrawn = 1e300;

    private readonly List<ChartLine> lines = [];
    private readonly List<ForecastScore> scores = [];
    private readonly List<ChartBand> bands = [];

    /// <summary>Starts a chart.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="unit">What the values are counted in, beside the vertical axis; empty for none.</param>
    public ForecastChart(string title, string unit = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentNullException.ThrowIfNull(unit);
        Title = title;
        Unit = unit;
    }

    /// <summary>The title.</summary>
    public string Title { get; }

    /// <summary>What the values are counted in.</summary>
    public string Unit { get; }

    /// <summary>A line below the title: the data, the model, the split.</summary>
    public string Subtitle { get; init; } = string.Empty;

    /// <summary>A sentence below the scores: what they say.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>Adds what the model has learned from.</summary>
    /// <param name="series">The training part.</param>
    /// <exception cref="ArgumentException">Some lines of the chart have dates and others not.</exception>
    public ForecastChart AddHistory(TimeSeries series) => Add(series, ChartRole.History);

    /// <summary>Adds what came after it.</summary>
    /// <param name="series">The held-out part.</param>
    /// <exception cref="ArgumentException">Some lines of the chart have dates and others not.</exception>
    public ForecastChart AddTruth(TimeSeries series) => Add(series, ChartRole.Truth);

    /// <summary>Adds a forecast of the model that the chart is about.</summary>
    /// <param name="series">The forecast; its name is shown.</param>
    /// <exception cref="ArgumentException">Some lines of the chart have dates and others not.</exception>
    public ForecastChart AddForecast(TimeSeries series) => Add(series, ChartRole.Forecast);

    /// <summary>Adds a forecast to compare with.</summary>
    /// <param name="series">The forecast; its name is shown.</param>
    /// <exception cref="ArgumentException">Some lines of the chart have dates and others not.</exception>
    public ForecastChart AddBaseline(TimeSeries series) => Add(series, ChartRole.Baseline);

    /// <summary>
    /// Adds an interval in which the model expects the values, as a band. Several make a fan: the widest first.
    /// </summary>
    /// <param name="name">What it is called: "80 % interval".</param>
    /// <param name="low">Its lower bound.</param>
    /// <param name="high">Its upper bound, at the same steps.</param>
    /// <exception cref="ArgumentException">The bounds differ in length, or in having dates.</exception>
    public ForecastChart AddInterval(string name, TimeSeries low, TimeSeries high)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (low.Count != high.Count)
        {
            throw new ArgumentException($"The lower bound has {low.Count} steps but the upper has {high.Count}.", nameof(high));
        }

        CheckDates(low);
        CheckDates(high);
        bands.Add(new(name, low, high));
        return this;
    }

    /// <summary>Adds rows to the table of scores.</summary>
    /// <param name="rows">The scores; the best of each column is marked.</param>
    public ForecastChart AddScores(IEnumerable<ForecastScore> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (ForecastScore? row in rows)
        {
            scores.Add(row ?? throw new ArgumentException($"Row {scores.Count} of the scores is null.", nameof(rows)));
        }

        return this;
    }

    /// <summary>The chart as the text of an HTML file.</summary>
    /// <exception cref="InvalidOperationException">The chart has no line yet.</exception>
    public string ToHtml()
    {
        if (lines.Sum(line => line.Series.Count) == 0)
        {
            throw new InvalidOperationException($"The chart '{Title}' has nothing to show: add a history or a forecast first.");
        }

        Page page = new Page(Title, Subtitle).Chart(ForecastFigure.Of(lines[0].Series.Name, Unit, lines, bands));
        if (scores.Count > 0)
        {
            string[] forecasts = [.. lines.Where(line => line.Role == ChartRole.Forecast).Select(line => line.Series.Name)];
            page.Heading("Scores on the held-out part").Table(ScoreTable.Of(scores, forecasts)).Paragraph(ScoreTable.Key, "key");
        }

        return page.Note([Note]).ToString();
    }

    /// <summary>Writes the chart to an HTML file; one that is there is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidOperationException">The chart has no line yet.</exception>
    /// <exception cref="IOException">The folder of the file does not exist, or the file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());

    private ForecastChart Add(TimeSeries series, ChartRole role)
    {
        ArgumentNullException.ThrowIfNull(series);
        CheckDates(series);
        lines.Add(new(series, role));
        return this;
    }

    private void CheckDates(TimeSeries series)
    {
        foreach (double value in series.Values)
        {
            if (Math.Abs(value) > MostDrawn)
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture,
                        $"'{series.Name}' has the value {value}, which is too large to draw. Choose a larger unit."),
                        nameof(series));
            }
        }

        if (lines.Count > 0 && series.Dates is null != lines[0].Series.Dates is null)
        {
            throw new ArgumentException(
                $"'{series.Name}' {(series.Dates is null ? "has no dates" : "has dates")}, but the lines before it "
                + $"{(series.Dates is null ? "have" : "have none")}. Make forecasts with TimeSeries.Continue, which carries "
                + $"the dates on.",
                nameof(series));
        }
    }
}
