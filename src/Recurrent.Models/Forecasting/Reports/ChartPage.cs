using System.Globalization;
using System.Text;
using Recurrent.Data;
using Recurrent.Drawing;

namespace Recurrent.Forecasting;

/// <summary>Writes the page around the panels of a chart: title, legend, scores.</summary>
internal static class ChartPage
{
    internal static string Write(ForecastChart chart, IReadOnlyList<ChartLine> lines, ChartBand? band,
        IReadOnlyList<ForecastScore> scores)
    {
        // Drawn in this order: baselines lie behind, the model's own forecast in front.
        ChartLine[] ordered =
        [
            .. from role in new[] { ChartRole.Baseline, ChartRole.History, ChartRole.Truth, ChartRole.Forecast }
               from line in lines
               where line.Role == role && line.Series.Count > 0
               select line,
        ];
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{SvgWriter.Escape(chart.Title)}</title>\n")
            .Append(CultureInfo.InvariantCulture, $"<style>\n{ChartStyle.Sheet}</style>\n</head>\n<body>\n<main>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>{SvgWriter.Escape(chart.Title)}</h1>\n");
        AppendText(page, "subtitle", chart.Subtitle);
        AppendLegend(page, ordered, band);
        AppendPanels(page, chart, ordered, band);
        AppendScores(page, scores, [.. from line in ordered where line.Role == ChartRole.Forecast select line.Series.Name]);
        AppendText(page, "note", chart.Note);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void AppendText(StringBuilder page, string kind, string text)
    {
        if (text.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"{kind}\">{SvgWriter.Escape(text)}</p>\n");
        }
    }

    private static void AppendLegend(StringBuilder page, ChartLine[] lines, ChartBand? band)
    {
        page.Append("<ul class=\"legend\">\n");
        int baseline = 0;
        string[] kinds = [.. lines.Select(line => ChartPanel.Kind(line, ref baseline))];
        foreach (ChartRole role in new[] { ChartRole.History, ChartRole.Truth, ChartRole.Forecast, ChartRole.Baseline })
        {
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Role == role)
                {
                    string name = role switch
                    {
                        ChartRole.History => $"{lines[i].Series.Name} (training)",
                        ChartRole.Truth => $"{lines[i].Series.Name} (held out)",
                        _ => lines[i].Series.Name,
                    };
                    AppendLegendItem(page, $"<path class=\"line {kinds[i]}\" d=\"M1 6L27 6\"/>", name);
                }
            }

            if (role == ChartRole.Forecast && band is not null)
            {
                AppendLegendItem(page, "<rect class=\"band\" x=\"1\" y=\"0\" width=\"26\" height=\"12\"/>", band.Name);
            }
        }

        page.Append("</ul>\n");
    }

    private static void AppendLegendItem(StringBuilder page, string sample, string name) => page.Append(
        CultureInfo.InvariantCulture, $"<li><svg viewBox=\"0 0 28 12\" width=\"28\" height=\"12\" "
            + $"aria-hidden=\"true\">{sample}</svg>{SvgWriter.Escape(name)}</li>\n");

    private static void AppendPanels(StringBuilder page, ForecastChart chart, ChartLine[] lines, ChartBand? band)
    {
        double first = lines.Min(line => line.X(0));
        double last = lines.Max(line => line.X(line.Series.Count - 1));
        AppendPanel(page, lines, band, first, last, 400, $"{chart.Title}: all values. {Describe(lines)}", chart.Unit);

        // Where the forecast is a small part of the whole, it gets a panel of its own, with as much history before it.
        if (lines.FirstOrDefault(line => line.Role == ChartRole.History) is ChartLine history
            && history.X(history.Series.Count - 1) is double end
            && last - end is double span and > 0
            && end - span - first > span)
        {
            page.Append("<h2>Close up</h2>\n");
            AppendPanel(page, lines, band, end - span, last, 360, $"{chart.Title}: the forecast close up. {Describe(lines)}",
                chart.Unit);
        }
    }

    /// <summary>Draws a panel for wide screens and paper, and once more for telephones; the style sheet shows one of the
    /// two.</summary>
    private static void AppendPanel(
        StringBuilder page, ChartLine[] lines, ChartBand? band, double first, double last, double height,
            string description, string unit)
    {
        string wide = new ChartPanel(lines, band, 960, height, first, last).Draw(description, unit);
        string narrow = new ChartPanel(lines, band, 400, 320, first, last).Draw(null, unit);
        page.Append(CultureInfo.InvariantCulture, $"<figure>\n<div class=\"wide\">\n{wide}</div>\n")
            .Append(CultureInfo.InvariantCulture,
                $"<div class=\"narrow\" role=\"img\" "
                + $"aria-label=\"{SvgWriter.Escape(description)}\">\n{narrow}</div>\n</figure>\n");
    }

    /// <summary>The lines in words, for those who cannot see them.</summary>
    private static string Describe(ChartLine[] lines) => string.Join("; ", lines.Select(line =>
    {
        double[] values = line.Series.Values.ToArray();
        return $"{line.Series.Name}, {Figures.Count(values.Length, "value")} from {When(line, 0)} to "
            + $"{When(line, values.Length - 1)}, "
            + $"between {Figures.Digits(values.Min(), 4)} and {Figures.Digits(values.Max(), 4)}, last "
            + $"{Figures.Digits(values[^1], 4)}";
    }));

    private static string When(ChartLine line, int index) => line.Series.Dates is { } dates
        ? EvenDates.Text(dates[index])
        : FormattableString.Invariant($"step {line.Series.Offset + index}");

    private static void AppendScores(StringBuilder page, IReadOnlyList<ForecastScore> scores, IReadOnlyList<string> forecasts)
    {
        if (scores.Count == 0)
        {
            return;
        }

        page.Append(
            "<h2>Scores on the held-out part</h2>\n<table>\n<thead><tr><th scope=\"col\">Method</th><th scope=\"col\">RMSE</th>")
            .Append("<th scope=\"col\">sMAPE</th><th scope=\"col\">MASE</th><th class=\"bar\" "
                + "aria-hidden=\"true\"></th></tr></thead>\n<tbody>\n");
        var best = new ForecastScore("best", scores.Min(s => s.Rmse), scores.Min(s => s.Smape), scores.Min(s => s.Mase));
        double worst = scores.Max(s => s.Mase);
        foreach (ForecastScore score in scores)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<tr{(forecasts.Contains(score.Name) ? " class=\"model\"" : string.Empty)}>")
                .Append(CultureInfo.InvariantCulture, $"<th scope=\"row\">{SvgWriter.Escape(score.Name)}</th>")
                .Append(Cell(Figures.Digits(score.Rmse, 4), score.Rmse == best.Rmse))
                .Append(Cell($"{Figures.Decimals(score.Smape, "0.00")} %", score.Smape == best.Smape))
                .Append(Cell(Figures.Decimals(score.Mase, "0.000"), score.Mase == best.Mase))
                .Append(CultureInfo.InvariantCulture,
                    $"<td class=\"bar\"><span "
                    + $"style=\"width:{(worst > 0 ? 100 * score.Mase / worst : 0):0.#}%\"></span></td></tr>\n");
        }

        page.Append("</tbody>\n</table>\n<p class=\"key\">Smaller is better; the best of each column is bold. A MASE of 1 is "
            + "the mean error of ")
            .Append("repeating the season before, one season ahead, over the training part.</p>\n");
    }

    private static string Cell(string text, bool best) => best ? $"<td><b>{text}</b></td>" : $"<td>{text}</td>";
}
