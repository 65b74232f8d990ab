using System.Globalization;
using System.Net;
using System.Text;

namespace Recurrent.Drawing;

/// <summary>
/// Writes the few elements of SVG that the drawing of a model needs. Looks are the style sheet's: elements carry a class and a
/// place.
/// </summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder text = new();

    /// <summary>Begins a drawing.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="description">What it shows, for those who cannot see it; null where what stands around it says so.</param>
    /// <param name="kind">Its class; null where it fills what it stands in. With a class it is not made larger than it
    /// is.</param>
    /// <param name="smallest">The share of its size below which it is not made smaller, with a class.</param>
    internal SvgWriter(double width, double height, string? description, string? kind = null, double smallest = 0) => text.Append(
        "<svg"
        + (kind is null ? "" : FormattableString.Invariant(
            $" class=\"{kind}\" style=\"max-width:{width:0.##}px;min-width:{width * smallest:0.##}px\""))
        + FormattableString.Invariant($" viewBox=\"0 0 {width} {height}\"")
        + (description is null ? ">\n" : $" role=\"img\" aria-label=\"{Escape(description)}\">\n"));

    /// <summary>Text that is safe between tags and inside quotes.</summary>
    internal static string Escape(string raw) => WebUtility.HtmlEncode(raw);

    internal void Rectangle(string kind, double x, double y, double width, double height) => text.Append(
        CultureInfo.InvariantCulture,
            $"<rect class=\"{kind}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>\n");

    internal void Text(string kind, double x, double y, string content) => text.Append(
        CultureInfo.InvariantCulture, $"<text class=\"{kind}\" x=\"{x:0.##}\" y=\"{y:0.##}\">{Escape(content)}</text>\n");

    /// <summary>An open line through points, or a closed area.</summary>
    internal void Path(string kind, IEnumerable<(double X, double Y)> points, bool closed = false)
    {
        text.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" d=\"");
        char command = 'M';
        foreach ((double x, double y) in points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{command}{x:0.##} {y:0.##}");
            command = 'L';
        }

        text.Append(closed ? "Z\"/>\n" : "\"/>\n");
    }

    /// <summary>A line through points that leaves and reaches each one upright.</summary>
    internal void Curve(string kind, IReadOnlyList<(double X, double Y)> points)
    {
        text.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" d=\"M{points[0].X:0.##} {points[0].Y:0.##}");
        for (int i = 1; i < points.Count; i++)
        {
            double middle = (points[i - 1].Y + points[i].Y) / 2;
            text.Append(
                CultureInfo.InvariantCulture,
                $"C{points[i - 1].X:0.##} {middle:0.##} {points[i].X:0.##} {middle:0.##} {points[i].X:0.##} {points[i].Y:0.##}");
        }

        text.Append("\"/>\n");
    }

    public override string ToString() => $"{text}</svg>\n";
}
