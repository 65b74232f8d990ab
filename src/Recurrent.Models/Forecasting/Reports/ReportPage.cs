using System.Globalization;
using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Writes the page of a report: the forecast and what it means first, the reasons below.</summary>
internal static class ReportPage
{
    private const int Digits = 5;

    internal static string Write(ReportContent content)
    {
        var page = new Page(content.Title, content.Subtitle);
        if (content.Anomalies is { } anomalies)
        {
            AnomalyFigures.Add(page, anomalies, content.Unit);
        }
        else if (content.Forecasts.Count > 0 || content.Origins.Count == 0)
        {
            page.Chart(MainChart(content));
        }

        page.Note(content.Verdict, content.Holds switch { true => "good", false => "bad", _ => string.Empty });
        AddForecastTable(page, content);
        if (content.Scores.Count > 0)
        {
            string[] own = [.. content.Forecasts.Select(forecast => forecast.Method)];
            page.Heading("Beside simple methods", id: "scores").Table(ScoreTable.Of(content.Scores, own))
                .Paragraph(ScoreTable.Key, "key");
        }

        if (content.Origins.Count > 0)
        {
            AddBacktest(page, content);
        }

        if (content.Residuals.Count(double.IsFinite) > 2)
        {
            ResidualFigures.Add(page, content);
        }

        if (content.Trainings.Count > 0)
        {
            page.Heading("Training", id: "training");
            foreach ((string network, IReadOnlyDictionary<string, IReadOnlyList<double>> curves) in content.Trainings)
            {
                page.Chart(Training(network, curves));
            }
        }

        string[] done = [.. content.Preparation.Concat(content.Forecasts.SelectMany(forecast => forecast.Notes)).Distinct()];
        if (done.Length > 0)
        {
            page.Heading("What was done to the data", id: "data").List(done);
        }

        if (content.Facts.Count > 0)
        {
            page.Heading("How it was made", id: "made").Table(new PageTable(["What", "Value"],
                [.. content.Facts.Select(fact => new PageRow(fact.Name, [fact.Value]))]));
        }

        return page.ToString();
    }

    private static ChartFigure MainChart(ReportContent content)
    {
        var lines = new List<ChartLine> { new(content.History, ChartRole.History) };
        if (content.Truth is { } truth)
        {
            lines.Add(new(truth, ChartRole.Truth));
        }

        int end = content.History.Offset + content.History.Count;
        var bands = new List<ChartBand>();
        foreach (Forecast forecast in content.Forecasts)
        {
            QuantileGrid grid = Grid(content, forecast);
            lines.Add(new(content.After(forecast, forecast.Method, grid.Point.ToArray(), end), ChartRole.Forecast));
            bands.AddRange(ForecastReport.Fan.Where(_ => bands.Count < ForecastReport.Fan.Length)
                .Select(coverage => Band(content, forecast, grid, coverage, end)));
        }

        lines.AddRange(content.Baselines.Select(forecast => new ChartLine(
            content.After(forecast, forecast.Method, Grid(content, forecast).Point.ToArray(), end), ChartRole.Baseline)));
        string name = content.Variable is { } variable && variable != content.History.Name
            ? $"{content.History.Name}, {variable}" : content.History.Name;
        return ForecastFigure.Of(name, content.Unit, lines, bands);
    }

    private static ChartBand Band(ReportContent content, Forecast forecast, QuantileGrid grid, double coverage, int end)
    {
        (double[] low, double[] high) = grid.Interval(coverage);
        string name = FormattableString.Invariant($"{100 * coverage:0} %");
        return new(name, content.After(forecast, "low", low, end), content.After(forecast, "high", high, end));
    }

    private static QuantileGrid Grid(ReportContent content, Forecast forecast) =>
        forecast.GridOf(content.Variable is { } variable && forecast.Variables.Contains(variable) ? variable : null);

    /// <summary>The numbers of the forecast, without the history around them.</summary>
    private static void AddForecastTable(Page page, ReportContent content)
    {
        foreach (Forecast forecast in content.Forecasts)
        {
            QuantileGrid grid = Grid(content, forecast);
            (double[] Low, double[] High)[] intervals = [.. ForecastReport.Fan.Reverse().Select(grid.Interval)];
            string[] headings = ["Step", "Forecast", .. ForecastReport.Fan.Reverse()
                .Select(coverage => FormattableString.Invariant($"{100 * coverage:0} % interval"))];
            page.Add(string.Create(CultureInfo.InvariantCulture,
                $"<details><summary>The forecast in numbers ({Figures.Count(forecast.Horizon, "step")})</summary>\n"));
            page.Table(new PageTable(headings,
            [
                .. Enumerable.Range(0, forecast.Horizon).Select(step => new PageRow(
                    forecast.Dates is { } dates ? EvenDates.Text(dates[step]) : FormattableString.Invariant($"{step + 1}"),
                    [Figures.Digits(grid.Point[step], Digits), .. intervals.Select(interval =>
                        $"{Figures.Digits(interval.Low[step], Digits)} – {Figures.Digits(interval.High[step], Digits)}")])),
            ]));
            page.Add("</details>\n");
        }
    }

    private static void AddBacktest(Page page, ReportContent content)
    {
        page.Heading("Backtest", $"what was said at {Figures.Count(content.Origins.Count, "origin")}, and what came", "backtest");
        var lines = new List<ChartLine> { new(content.History, ChartRole.History) };
        if (content.Truth is { } truth)
        {
            lines.Add(new(truth, ChartRole.Truth));
        }

        // Forecasts that overlap or touch take turns in several lines.
        int turns = 1;
        (Forecast Forecast, TimeSeries Truth)[] ordered = [.. content.Origins.OrderBy(origin => origin.Truth.Offset)];
        while (turns < ordered.Length && Overlap(ordered, turns))
        {
            turns++;
        }

        for (int turn = 0; turn < turns; turn++)
        {
            (Forecast Forecast, TimeSeries Truth)[] own = [.. ordered.Where((_, i) => i % turns == turn)];
            string name = turns == 1 ? own[0].Forecast.Method
                : FormattableString.Invariant($"{own[0].Forecast.Method} ({turn + 1})");
            lines.Add(new(Joined(content, own, name, (grid, _) => grid.Point.ToArray()), ChartRole.Baseline));
        }

        ChartFigure chart = ForecastFigure.Of("Every origin", content.Unit, lines, []);
        TimeSeries last = ordered[^1].Truth;
        int tested = last.Offset + last.Count - ordered[0].Truth.Offset;
        int first = ordered[0].Truth.Offset - content.History.Offset - (tested / 4);
        page.Chart(chart with { Split = null, From = first > 0 && first < chart.X.Count ? chart.X[first] : null });
        if (content.Backtest is { } backtest)
        {
            page.Table(ScoreTable.Of(backtest.Result.Scores, backtest.Method))
                .Paragraph($"Means over all origins. {ScoreTable.Key}", "key");
        }

        page.Table(OriginTable(content, ordered));
    }

    private static PageTable OriginTable(ReportContent content, (Forecast Forecast, TimeSeries Truth)[] origins) => new(
        ["First step", "Mean error", "Largest error", "in 80 %", "in 95 %"],
        [
            .. origins.Select(origin =>
            {
                QuantileGrid grid = Grid(content, origin.Forecast);
                double[] errors = [.. origin.Truth.Values.ToArray().Select((value, i) => Math.Abs(value - grid.Point[i]))
                    .Where(double.IsFinite)];
                return new PageRow(
                    origin.Truth.Dates is { } dates ? EvenDates.Text(dates[0])
                        : FormattableString.Invariant($"{origin.Truth.Offset}"),
                    [Figures.Digits(errors.DefaultIfEmpty(0).Average(), 4), Figures.Digits(errors.DefaultIfEmpty(0).Max(), 4),
                        Inside(grid, origin.Truth, 0.8), Inside(grid, origin.Truth, 0.95)]);
            }),
        ]);

    private static string Inside(QuantileGrid grid, TimeSeries truth, double coverage)
    {
        (double[] low, double[] high) = grid.Interval(coverage);
        int known = 0;
        int inside = 0;
        for (int i = 0; i < truth.Count; i++)
        {
            known += double.IsFinite(truth[i]) ? 1 : 0;
            inside += truth[i] >= low[i] && truth[i] <= high[i] ? 1 : 0;
        }

        return FormattableString.Invariant($"{inside} of {known}");
    }

    private static bool Overlap((Forecast Forecast, TimeSeries Truth)[] origins, int turns) =>
        origins.Where((origin, i) => i >= turns
            && origin.Truth.Offset <= origins[i - turns].Truth.Offset + origins[i - turns].Truth.Count).Any();

    private static TimeSeries Joined(ReportContent content, (Forecast Forecast, TimeSeries Truth)[] origins, string name,
        Func<QuantileGrid, int, double[]> values)
    {
        double[] all = [.. origins.SelectMany((origin, i) => values(Grid(content, origin.Forecast), i))];
        if (origins[0].Truth.Dates is not null)
        {
            return new TimeSeries(name, all, [.. origins.SelectMany(origin => origin.Truth.Dates!)], DateGaps.Accept);
        }

        // Without dates, missing values keep the places between two origins.
        int start = origins[0].Truth.Offset;
        var spread = new double[origins[^1].Truth.Offset + origins[^1].Truth.Count - start];
        Array.Fill(spread, double.NaN);
        foreach ((Forecast forecast, TimeSeries truth) in origins)
        {
            Grid(content, forecast).Point.CopyTo(spread.AsSpan(truth.Offset - start));
        }

        return new TimeSeries(name, new double[start]).Continue(name, spread);
    }

    private static ChartFigure Training(string network, IReadOnlyDictionary<string, IReadOnlyList<double>> curves)
    {
        int epochs = curves.Values.Select(curve => curve.Count).DefaultIfEmpty(0).Max();
        double[] all = [.. curves.Values.SelectMany(curve => curve).Where(double.IsFinite)];
        return new ChartFigure(
            network,
            $"Training of {network}: " + string.Join("; ", curves.Where(curve => curve.Value.Count > 0).Select(curve =>
                $"{curve.Key} from {Figures.Digits(curve.Value[0], 3)} to {Figures.Digits(curve.Value[^1], 3)}")),
            ChartAxis.Step, "epoch", ChartFigure.Numbers(1, epochs),
            [.. curves.Select(curve => new ChartColumn(curve.Key, ChartRole.Line,
                [.. curve.Value, .. Enumerable.Repeat(double.NaN, epochs - curve.Value.Count)], 4))])
        {
            Note = "after each epoch",
            Height = 260,
            Logarithmic = all.Length > 0 && all.Min() > 0 && all.Max() > 20 * all.Min(),
        };
    }
}
