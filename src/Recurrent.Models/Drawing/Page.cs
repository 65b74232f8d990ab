using System.Globalization;
using System.Text;

namespace Recurrent.Drawing;

/// <summary>
/// Writes a page: one HTML file that needs no network, for screens of any width, light and dark, and paper. Charts are drawn by
/// uPlot (MIT licence), which the page carries, from the tables that stand behind them.
/// </summary>
internal sealed class Page
{
    // What a browser is told to refuse: everything that the page does not hold.
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; form-action 'none'";

    private readonly StringBuilder text = new();
    private bool scripted;

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="subtitle">A line below it; empty for none.</param>
    internal Page(string title, string subtitle = "")
    {
        Add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">\n")
            .Add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Add("<meta name=\"color-scheme\" content=\"light dark\">\n")
            .Add($"<title>{SvgWriter.Escape(title)}</title>\n")
            .Add($"<style>\n{PageAssets.ChartSheet}\n{PageAssets.Sheet}</style>\n</head>\n<body>\n<main>\n")
            .Add($"<h1>{SvgWriter.Escape(title)}</h1>\n")
            .Paragraph(subtitle, "subtitle");
    }

    /// <summary>Adds HTML as it is.</summary>
    internal Page Add(string html)
    {
        text.Append(html);
        return this;
    }

    /// <summary>Adds pictures that the script makes readable.</summary>
    internal Page Map(string html)
    {
        scripted = true;
        return Add(html);
    }

    /// <summary>Adds a heading.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="small">What stands behind it in small letters.</param>
    /// <param name="id">What links can point at; null for none.</param>
    internal Page Heading(string title, string small = "", string? id = null)
    {
        string behind = small.Length > 0 ? $" <small>{SvgWriter.Escape(small)}</small>" : string.Empty;
        string mark = id is null ? string.Empty : $" id=\"{SvgWriter.Escape(id)}\" tabindex=\"-1\"";
        return Add($"<h2{mark}>{SvgWriter.Escape(title)}{behind}</h2>\n");
    }

    /// <summary>Adds a paragraph; an empty one is left out.</summary>
    internal Page Paragraph(string content, string? kind = null) => content.Length == 0 ? this
        : Add($"<p{(kind is null ? string.Empty : $" class=\"{kind}\"")}>{SvgWriter.Escape(content)}</p>\n");

    /// <summary>Adds sentences that matter.</summary>
    /// <param name="sentences">The sentences, a paragraph each.</param>
    /// <param name="tone">good, bad, or empty.</param>
    internal Page Note(IEnumerable<string> sentences, string tone = "")
    {
        string[] all = [.. sentences.Where(sentence => sentence.Length > 0)];
        return all.Length == 0 ? this : Add($"<div class=\"note {tone}\">"
            + string.Concat(all.Select(sentence => $"<p>{SvgWriter.Escape(sentence)}</p>")) + "</div>\n");
    }

    /// <summary>Adds a numbered list.</summary>
    internal Page List(IEnumerable<string> items) => Add("<ol class=\"steps-done\">\n"
        + string.Concat(items.Select(item => $"<li>{SvgWriter.Escape(item)}</li>\n")) + "</ol>\n");

    /// <summary>Adds a table.</summary>
    internal Page Table(PageTable table) => Add(table.ToHtml());

    /// <summary>Adds two charts beside each other, where the screen is wide enough.</summary>
    internal Page Pair(ChartFigure left, ChartFigure right) =>
        Add("<div class=\"pair\">\n").Chart(left).Chart(right).Add("</div>\n");

    /// <summary>Adds a chart and the table that it is drawn from.</summary>
    internal Page Chart(ChartFigure chart)
    {
        scripted = true;
        int skipped = Math.Max(0, chart.X.Count - ChartFigure.MostRows);
        text.Append("<figure class=\"chart\"");
        Data("name", chart.Caption);
        Data("x", chart.Axis switch { ChartAxis.Date => "date", ChartAxis.Step => "step", _ => "number" });
        Data("y", chart.Logarithmic ? "log" : null);
        Data("height", chart.Height.ToString(CultureInfo.InvariantCulture));
        Data("from", chart.From);
        Data("split", chart.Split);
        Data("label", chart.Split is null ? null : chart.SplitLabel);
        Data("low", chart.Limits?.Low.ToString("R", CultureInfo.InvariantCulture));
        Data("high", chart.Limits?.High.ToString("R", CultureInfo.InvariantCulture));
        string note = chart.Note.Length > 0 ? $" {SvgWriter.Escape(chart.Note)}" : string.Empty;
        string tools = chart.Tools || chart.From is not null
            ? "<div class=\"tools\" role=\"group\" aria-label=\"Zoom\"></div>\n" : string.Empty;
        string strip = chart.From is null ? string.Empty : "<div class=\"strip\" aria-hidden=\"true\"></div>\n";
        string rows = Figures.Count(chart.X.Count - skipped, "row");
        string left = skipped > 0 ? $", the newest; {Figures.Count(skipped, "row")} before are left out" : string.Empty;
        Add($">\n<div class=\"top\">\n<figcaption><b>{SvgWriter.Escape(chart.Caption)}</b>{note}</figcaption>\n{tools}</div>\n")
            .Add($"<div class=\"plot\" role=\"img\" tabindex=\"0\" aria-label=\"{SvgWriter.Escape(chart.Description)}\"></div>\n")
            .Add($"{strip}<div class=\"legend\"></div>\n<details><summary>Table ({rows}{left})</summary>\n")
            .Add("<div class=\"scroll\" tabindex=\"0\">\n<table class=\"data\">\n<thead><tr>")
            .Add($"<th scope=\"col\">{SvgWriter.Escape(chart.XName)}</th>");
        foreach (ChartColumn column in chart.Columns)
        {
            text.Append("<th scope=\"col\"");
            Data("role", column.Role == ChartRole.Told ? null : column.Role.ToString().ToLowerInvariant());
            Data("name", column.LegendName);
            Add($">{SvgWriter.Escape(column.Name)}</th>");
        }

        text.Append("</tr></thead>\n<tbody>\n");
        for (int row = skipped; row < chart.X.Count; row++)
        {
            Add($"<tr><td>{SvgWriter.Escape(chart.X[row])}");
            foreach (ChartColumn column in chart.Columns)
            {
                text.Append("<td>").Append(column.Cell(row));
            }

            text.Append('\n');
        }

        return Add("</tbody>\n</table>\n</div>\n</details>\n</figure>\n");

        void Data(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $" data-{name}=\"{SvgWriter.Escape(value)}\"");
            }
        }
    }

    /// <summary>The page as the text of an HTML file.</summary>
    public override string ToString() => $"{text}</main>\n"
        + (scripted ? $"<script>\n{PageAssets.Script}</script>\n" : string.Empty) + "</body>\n</html>\n";
}
