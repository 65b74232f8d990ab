using System.Text;

namespace Recurrent.Drawing;

/// <summary>A table of a page, such as of scores.</summary>
/// <param name="Headings">The headings; the first column names the rows.</param>
/// <param name="Rows">The rows.</param>
internal sealed record PageTable(IReadOnlyList<string> Headings, IReadOnlyList<PageRow> Rows)
{
    // Names up to here, such as dates, are not broken over lines.
    private const int MostShort = 12;

    /// <summary>The table as HTML.</summary>
    internal string ToHtml()
    {
        bool bars = Rows.Any(row => row.Bar is not null);
        var text = new StringBuilder("<div class=\"scroll wide\" tabindex=\"0\">\n<table class=\"data scores\">\n<thead><tr>");
        text.AppendJoin(string.Empty, Headings.Select(heading => $"<th scope=\"col\">{SvgWriter.Escape(heading)}</th>"))
            .Append(bars ? "<th class=\"bar\" aria-hidden=\"true\"></th>" : string.Empty).Append("</tr></thead>\n<tbody>\n");
        foreach (PageRow row in Rows)
        {
            text.Append(row.Marked ? "<tr class=\"model\">" : "<tr>")
                .Append(row.Name.Length <= MostShort ? "<th scope=\"row\" class=\"short\">" : "<th scope=\"row\">")
                .Append(SvgWriter.Escape(row.Name)).Append("</th>");
            for (int i = 0; i < row.Cells.Count; i++)
            {
                string cell = SvgWriter.Escape(row.Cells[i]);
                text.Append("<td>").Append(row.Best?[i] == true ? $"<b>{cell}</b>" : cell).Append("</td>");
            }

            if (bars)
            {
                string width = Figures.Decimals(100 * Math.Clamp(row.Bar ?? 0, 0, 1), "0.#").Replace('−', '-');
                text.Append("<td class=\"bar\" aria-hidden=\"true\"><span style=\"width:").Append(width)
                    .Append("%\"></span></td>");
            }

            text.Append("</tr>\n");
        }

        return text.Append("</tbody>\n</table>\n</div>\n").ToString();
    }
}

/// <summary>A row of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cells">Its cells.</param>
internal sealed record PageRow(string Name, IReadOnlyList<string> Cells)
{
    /// <summary>Which cells are the best of their columns; null for none.</summary>
    internal IReadOnlyList<bool>? Best { get; init; }

    /// <summary>Whether the row is the one that the page is about.</summary>
    internal bool Marked { get; init; }

    /// <summary>Length of the bar at its end, from 0 to 1; null for none.</summary>
    internal double? Bar { get; init; }
}
