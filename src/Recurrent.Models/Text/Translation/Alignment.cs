using System.Globalization;
using System.Text;
using Recurrent.Drawing;
using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>Where a decoder looked while it wrote: a weight for each token that was written and each that was read.</summary>
public sealed class Alignment
{
    internal Alignment(string[] source, string[] target, NDArray weights)
    {
        Source = source;
        Target = target;
        Weights = weights;
    }

    /// <summary>The tokens that were read.</summary>
    public IReadOnlyList<string> Source { get; }

    /// <summary>The tokens that were written, the end token last.</summary>
    public IReadOnlyList<string> Target { get; }

    /// <summary>The weights, shape (target, source); those of a row add up to 1. Of several heads or blocks the mean over the
    /// heads of the last block.</summary>
    public NDArray Weights { get; }

    /// <summary>For each token that was written the place of the token that was looked at most.</summary>
    public int[] Greatest() =>
    [
        .. Enumerable.Range(0, Target.Count).Select(row => System.Numerics.Tensors.TensorPrimitives.IndexOfMax<Real>(
            Weights.Values.AsSpan(row * Source.Count, Source.Count))),
    ];

    /// <summary>Writes the picture of <see cref="ToHtml()"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Draw(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FilePath.Write(path, ToHtml());
    }

    /// <summary>A heat map as a page that needs nothing else: tokens that were read across, those that were written down, the
    /// redder the more was looked there.</summary>
    public string ToHtml() => ToHtml([this]);

    /// <summary>Several heat maps on one page.</summary>
    /// <param name="alignments">The alignments.</param>
    /// <param name="title">The title of the page.</param>
    public static string ToHtml(IEnumerable<Alignment> alignments, string title = "Where the decoder looks")
    {
        ArgumentNullException.ThrowIfNull(alignments);
        ArgumentNullException.ThrowIfNull(title);
        var page = new Page(title, "Each row is a token that was written, each column one that was read; the weights of a row "
            + "add up to 1. The redder a cell, the more was looked there; point at it to read its weight.");
        foreach (Alignment alignment in alignments)
        {
            page.Heading($"{Joined(alignment.Source)} → {Joined(alignment.Target)}").Add(alignment.Table());
        }

        return page.ToString();
    }

    /// <summary>The heat map as a table of text, for a terminal: rows as in <see cref="ToHtml()"/>, ten steps from <c>.</c> to
    /// <c>9</c>.</summary>
    public string ToText()
    {
        int width = Target.Max(token => Shown(token).Length);
        var text = new StringBuilder(new string(' ', width + 1))
            .AppendJoin(string.Empty, Source.Select(token => Shown(token)[..1]))
            .Append('\n');
        for (int row = 0; row < Target.Count; row++)
        {
            text.Append(Shown(Target[row]).PadLeft(width)).Append(' ');
            for (int column = 0; column < Source.Count; column++)
            {
                int tenth = Math.Clamp((int)(10 * Weights.Values[(row * Source.Count) + column]), 0, 9);
                text.Append(tenth == 0 ? '.' : (char)('0' + tenth));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Joined(IReadOnlyList<string> tokens) =>
        string.Join(tokens.Any(token => token.Length > 1 && token[0] != '[') ? " " : string.Empty, tokens.Select(Shown));

    private static string Shown(string token) => token == " " ? "␣" : token.Length == 0 ? "∅"
        : ReadableText.Escape(token, keepLines: false);

    private string Table()
    {
        const string Cell = "padding:2px 5px;text-align:center;font:13px ui-monospace,monospace";
        var text = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table class=\"alignment\" "
            + "style=\"border-collapse:collapse\">\n"
            + "<thead><tr><th></th>");
        foreach (string token in Source)
        {
            text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\" "
                + $"style=\"{Cell}\">{SvgWriter.Escape(Shown(token))}</th>");
        }

        text.Append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < Target.Count; row++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\" style=\"{Cell}\">{SvgWriter.Escape(Shown(Target[row]))}</th>");
            for (int column = 0; column < Source.Count; column++)
            {
                double weight = Weights.Values[(row * Source.Count) + column];
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"<td style=\"background:rgba(178,24,43,{weight:0.###});min-width:1.4em;border:1px solid #8883\" "
                    + $"title=\"{weight:0.000}\"></td>");
            }

            text.Append("</tr>\n");
        }

        return text.Append("</tbody></table></div>\n").ToString();
    }
}
