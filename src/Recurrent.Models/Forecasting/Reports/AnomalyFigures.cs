using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Draws what is unusual in a series.</summary>
internal static class AnomalyFigures
{
    private const int Digits = 5;

    internal static void Add(Page page, AnomalyResult result, string unit)
    {
        TimeSeries series = result.Series;
        int[] marked = [.. Enumerable.Range(0, series.Count).Where(t => result.Scores[t] > result.Limit)];
        string[] x = series.Dates is { } dates ? [.. dates.Select(EvenDates.Text)]
            : ChartFigure.Numbers(series.Offset, series.Count);
        ChartAxis axis = series.Dates is null ? ChartAxis.Step : ChartAxis.Date;
        string xName = series.Dates is null ? "step" : "date";
        string found = Figures.Count(marked.Length, "step");
        var columns = new List<ChartColumn>
        {
            new(series.Name, ChartRole.History, series.Values.ToArray(), 0),
        };
        if (result.Expected.Any(double.IsFinite))
        {
            columns.Add(new("expected", ChartRole.Baseline, result.Expected, Digits));
        }

        double[] dots = [.. Enumerable.Repeat(double.NaN, series.Count)];
        foreach (int t in marked)
        {
            dots[t] = series[t];
        }

        columns.Add(new("unusual", ChartRole.Dots, dots, 0));
        page.Chart(new ChartFigure(series.Name,
            $"{series.Name}, {Figures.Count(series.Count, "value")}, of which {found} unusual", axis, xName, x, columns)
        {
            Note = unit,
            Tools = true,
        });
        page.Chart(new ChartFigure("Score", $"How unusual each step is; {found} lie above the limit "
            + Figures.Digits(result.Limit, Digits), axis, xName, x,
            [
                new("score", ChartRole.Line, result.Scores, Digits),
                new("limit", ChartRole.Limit, [.. Enumerable.Repeat(result.Limit, series.Count)], Digits),
            ])
        {
            Note = "the dashed line is the limit",
            Height = 220,
            Tools = true,
        });
        page.Heading("What is unusual", id: "anomalies");
        if (result.Anomalies.Count == 0)
        {
            page.Paragraph("Nothing lies above the limit.");
            return;
        }

        page.Table(new PageTable([series.Dates is null ? "Step" : "Date", "Value", "Expected", "Score", "Steps"],
        [
            .. result.Anomalies.OrderByDescending(one => one.Score).Select(one => new PageRow(
                one.Date is { } date ? EvenDates.Text(date) : FormattableString.Invariant($"{series.Offset + one.Peak}"),
                [Figures.Digits(one.Value, Digits), double.IsFinite(one.Expected) ? Figures.Digits(one.Expected, Digits) : "–",
                    Figures.Digits(one.Score, 3), FormattableString.Invariant($"{one.Length}")])),
        ]));
    }
}
