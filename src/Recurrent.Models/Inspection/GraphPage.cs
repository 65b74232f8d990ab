using System.Globalization;
using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Draws a model: a box for each use of a layer, with what it gives, and an arrow for each that reads it.</summary>
internal static class GraphPage
{
    private const double Height = 58;
    private const double Row = 88;
    private const double Edge = 4;
    private const double LetterWidth = 8.2;
    private const double LeastWidth = 104;
    private const double MostWidth = 230;
    private const int MostInTitle = 6;

    // Below this size letters cannot be read, and what is wider than the page is moved under it.
    private const double SmallestScale = 0.72;

    private const string Sheet = """
        <style>
        .drawing { overflow: auto; } .graph { margin: 0 auto; } .box { fill: var(--card); stroke: var(--soft); rx: 7px; }
        .box.input { stroke: var(--c2); stroke-width: 2; } .box.output { stroke: var(--c1); stroke-width: 2; }
        .arrow { fill: none; stroke: var(--soft); stroke-width: 1.4; } .head { fill: var(--soft); }
        .name, .class, .shape { text-anchor: middle; fill: var(--ink); font-size: 13px; } .name { font-weight: 600; }
        .class, .shape { font-size: 12px; fill: var(--soft); }
        @media print { .graph { min-width: 0 !important; } }
        ol { padding-left: 2em; } li { overflow-wrap: anywhere; }
        </style>

        """;

    internal static string Write(string model, long weights, IReadOnlyList<GraphBox> boxes)
    {
        var page = new Page($"Model {model}", string.Create(
            CultureInfo.InvariantCulture, $"{boxes.Count} {(boxes.Count == 1 ? "box" : "boxes")}, {weights:N0} weights. Inputs "
                + $"are green, outputs orange; each arrow leads to what reads."));
        page.Add(Sheet).Add("<figure class=\"drawing\">\n").Add(Draw(model, boxes)).Add("</figure>\n")
            .Heading("In words").Add("<ol>\n");
        foreach (GraphBox box in boxes)
        {
            string reads = box.Reads.Count == 0 ? string.Empty
                : $", reads {string.Join(", ", box.Reads.Select(read => SvgWriter.Escape(boxes[read].Name)))}";
            string own = box.Weights == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {box.Weights:N0} weights");
            string what = $"{SvgWriter.Escape(box.ClassName)} {SvgWriter.Escape(box.Shape)}";
            page.Add($"<li><b>{SvgWriter.Escape(box.Name)}</b> {what}{own}{reads}</li>\n");
        }

        return page.Add("</ol>\n").ToString();
    }

    private static string Draw(string model, IReadOnlyList<GraphBox> boxes)
    {
        double[] widths =
            [.. boxes.Select(box => Math.Clamp(Lines(box).Max(Letters) * LetterWidth + 16, LeastWidth, MostWidth))];
        var layout = new LayeredLayout([.. boxes.Select(box => box.Reads)], widths, bendWidth: 10, gap: 14);
        double width = layout.Width + (2 * Edge);
        double height = Math.Max(0, layout.RowCount - 1) * Row + Height + (2 * Edge);
        var svg = new SvgWriter(width, height, Describe(model, boxes), "graph", SmallestScale);
        foreach (IReadOnlyList<int> way in layout.Ways.Values)
        {
            var points = new List<(double X, double Y)> { (X(way[0]), Y(way[0]) + Height) };
            foreach (int bend in way.Skip(1).SkipLast(1))
            {
                points.Add((X(bend), Y(bend)));
                points.Add((X(bend), Y(bend) + Height));
            }

            points.Add((X(way[^1]), Y(way[^1]) - 6));
            svg.Curve("arrow", points);
            (double x, double y) = (X(way[^1]), Y(way[^1]));
            svg.Path("head", [(x - 4, y - 7), (x + 4, y - 7), (x, y)], closed: true);
        }

        for (int i = 0; i < boxes.Count; i++)
        {
            double letters = (widths[i] - 16) / LetterWidth;
            svg.Rectangle($"box {boxes[i].Kind}", X(i) - (widths[i] / 2), Y(i), widths[i], Height);
            string[] lines = Lines(boxes[i]);
            svg.Text("name", X(i), Y(i) + 18, Short(lines[0], letters));
            svg.Text("class", X(i), Y(i) + 34, Short(lines[1], letters));
            svg.Text("shape", X(i), Y(i) + 50, Short(lines[2], letters));
        }

        return svg.ToString();

        double X(int i) => layout.X[i] + Edge;
        double Y(int i) => (layout.Rows[i] * Row) + Edge;
    }

    private static string[] Lines(GraphBox box) => [box.Name, box.ClassName, box.Shape];

    /// <summary>Width of a text in letters of average width.</summary>
    private static double Letters(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>
    /// Width of a letter: those of East Asia and pictures are wider than most, as are some of Europe; marks stand above others.
    /// </summary>
    private static double Width(Rune letter) => Rune.GetUnicodeCategory(letter) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        UnicodeCategory.UppercaseLetter => letter.Value is 'M' or 'W' ? 1.75 : 1.25,
        _ => letter.Value is 'm' or 'w' or '@' or '%' or '—' or >= 0x1100 ? 1.65 : 1,
    };

    private static string Short(string text, double letters)
    {
        if (Letters(text) <= letters)
        {
            return text;
        }

        var cut = new StringBuilder();
        double width = 1;
        foreach (Rune letter in text.EnumerateRunes())
        {
            width += Width(letter);
            if (width > letters)
            {
                break;
            }

            cut.Append(letter);
        }

        return cut.Append('…').ToString();
    }

    private static string Describe(string model, IReadOnlyList<GraphBox> boxes)
    {
        string[] inputs = [.. boxes.Where(box => box.Kind == "input").Select(box => box.Name).Take(MostInTitle)];
        string[] outputs = [.. boxes.Where(box => box.Kind == "output").Select(box => box.Name).Take(MostInTitle)];
        return $"Drawing of model {model} from {string.Join(", ", inputs)} to {string.Join(", ", outputs)}: {boxes.Count} uses "
            + "of layers, which stand in words below.";
    }
}
