using System.Globalization;
using System.Text;

namespace Recurrent.Drawing;

/// <summary>Numbers over steps as a figure: a heat map whose values can be read, and a table behind it.</summary>
/// <param name="Name">What it shows, in a word or two.</param>
/// <param name="Of">What that belongs to, for those who cannot see it: the name of a layer, of an input.</param>
/// <param name="Row">What a row is: unit, feature.</param>
/// <param name="Values">The values, row by row.</param>
/// <param name="Steps">Values of a row.</param>
internal sealed record HeatFigure(string Name, string Of, string Row, double[] Values, int Steps)
{
    private const int MostTicks = 6;
    private const int Digits = 4;

    // Up to so many rows have a column each in the table behind the map.
    private const int MostColumns = 32;

    /// <summary>What rows are called; null for their numbers.</summary>
    internal IReadOnlyList<string>? RowNames { get; init; }

    /// <summary>The value that gets the first colour: 0, or the negative of <see cref="High"/>.</summary>
    internal required double Low { get; init; }

    /// <summary>The value that gets the last colour.</summary>
    internal required double High { get; init; }

    private int Rows => Values.Length / Steps;

    /// <summary>The figure as HTML.</summary>
    internal string ToHtml()
    {
        double least = Values.Min();
        double most = Values.Max();
        string size = $"{Figures.Count(Rows, Row)}, {Figures.Count(Steps, "step")}";
        string range = $"from {Short(least)} to {Short(most)}";
        string description = $"{Name} of {Of}: {size}; {range}, mean {Short(Values.Average())}";
        string colours = $"<i class=\"{(Low < 0 ? "signed" : "gate")}\"></i>";
        string scale = $"{Short(Low)}{colours}{Short(High)}";
        CultureInfo culture = CultureInfo.InvariantCulture;
        string name = SvgWriter.Escape(Name);
        var text = new StringBuilder("<figure class=\"heat\"");
        text.Append(culture, $" data-name=\"{name}\">\n<figcaption><b>{name}</b> ")
            .Append(culture, $"{size}; {range} <span class=\"scale\" aria-hidden=\"true\">{scale}</span></figcaption>\n")
            .Append(HeatMap.Image(Values, Steps, Low, High, description)).Append('\n');
        AppendSteps(text);
        text.Append("<output></output>\n");
        AppendTable(text);
        return text.Append("</figure>\n").ToString();
    }

    // Values far below 1, such as contributions, keep their digits.
    private string Short(double value) => High is > 0 and < 0.1 ? Figures.Digits(value, 3) : Figures.Decimals(value, "0.###");

    private void AppendSteps(StringBuilder text)
    {
        text.Append("<div class=\"steps\" aria-hidden=\"true\">");
        foreach (ChartTick tick in NumberTicks.Between(1, Math.Max(1, Steps), MostTicks).Where(tick => tick.Value % 1 == 0))
        {
            string last = tick.Value > 0.97 * Steps && Steps > 1 ? " class=\"last\"" : string.Empty;
            double place = last.Length > 0 ? 100 : 100 * (tick.Value - 0.5) / Steps;
            text.Append(CultureInfo.InvariantCulture, $"<span{last} style=\"left:{place:0.##}%\">{tick.Label}</span>");
        }

        text.Append("</div>\n");
    }

    /// <summary>The values as a table: of few rows each one, of many the least, mean and greatest at each step.</summary>
    private void AppendTable(StringBuilder text)
    {
        bool all = Rows <= MostColumns;
        string[] headings = all
            ? [.. Enumerable.Range(0, Rows).Select(row => RowNames?[row] ?? FormattableString.Invariant($"{Row} {row + 1}"))]
            : ["least", "mean", "greatest"];
        text.Append(CultureInfo.InvariantCulture, $"<details><summary>Table ({Figures.Count(Steps, "row")})</summary>\n")
            .Append("<div class=\"scroll\" tabindex=\"0\">\n<table class=\"data\">\n<thead><tr><th scope=\"col\">step</th>")
            .AppendJoin(string.Empty, headings.Select(heading => $"<th scope=\"col\">{SvgWriter.Escape(heading)}</th>"))
            .Append("</tr></thead>\n<tbody>\n");
        for (int t = 0; t < Steps; t++)
        {
            double[] column = [.. Enumerable.Range(0, Rows).Select(row => Values[(row * Steps) + t])];
            double[] cells = all ? column : [column.Min(), column.Average(), column.Max()];
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{t + 1}")
                .AppendJoin(string.Empty, cells.Select(cell => $"<td>{Figures.Digits(cell, Digits)}")).Append('\n');
        }

        text.Append("</tbody>\n</table>\n</div>\n</details>\n");
    }
}
