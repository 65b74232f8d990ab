using System.Globalization;
using System.Net;
using System.Text;

namespace Recurrent.Examples.Dates;

/// <summary>Scores of attention as a page of tables: letters across, digits of the answer down, the redder the more is looked
/// there.</summary>
internal static class HeatMapPage
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Where attention looks</title>
        <style>
          body { font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff }
          body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem }
          table { border-collapse: collapse; margin: .4rem 0 2rem }
          th, td { width: 1.7rem; height: 1.5rem; text-align: center; font: 13px ui-monospace, monospace; padding: 0 }
          td { border: 1px solid #eee }
          td.right { outline: 2px solid #1b6ca8; outline-offset: -3px }
          thead th { font-size: 15px } tbody th { padding-right: .5rem; white-space: nowrap; width: auto; text-align: right }
          .wrong { color: #b00020; font-weight: bold }
          .wide { overflow-x: auto }
        </style>
        <h1>Where attention looks</h1>
        <p>Each row is one digit of the answer, each column a letter of what was written; a row's scores add up to 1. A frame
        shows the letters that say the digit. Point at a cell to see its score. Nobody told the network where to look.</p>
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="dates">The dates to show.</param>
    /// <param name="answers">What the network says.</param>
    /// <param name="scores">Its scores, shape (dates, 8, letters).</param>
    internal static void Write(string path, IReadOnlyList<WrittenDate> dates, IReadOnlyList<string> answers, NDArray scores)
    {
        var page = new StringBuilder(Head);
        for (int i = 0; i < dates.Count; i++)
        {
            AddDate(page, dates[i], answers[i].PadRight(WrittenDate.Asked.Length, '?'), scores[i]);
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.WriteAllText(path, page.Append("</html>\n").ToString());
    }

    private static void AddDate(StringBuilder page, WrittenDate date, string answer, NDArray scores)
    {
        string verdict = answer == date.Answer ? string.Empty : $" <span class=\"wrong\">wrong: {date.Answer}</span>";
        page.Append(CultureInfo.InvariantCulture, $"\n<h2>{WebUtility.HtmlEncode(date.Text)} → {answer}{verdict}</h2>\n");
        page.Append("<div class=\"wide\"><table>\n<thead><tr><th></th>");
        foreach (char letter in date.Text)
        {
            string shown = letter == ' ' ? "␣" : WebUtility.HtmlEncode(letter.ToString());
            page.Append(CultureInfo.InvariantCulture, $"<th>{shown}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        for (int digit = 0; digit < WrittenDate.Asked.Length; digit++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{WrittenDate.Asked[digit]} {answer[digit]}</th>");
            (int start, int length) = date.Place(digit).GetOffsetAndLength(date.Text.Length);
            for (int t = 0; t < date.Text.Length; t++)
            {
                double score = scores[digit, t];
                string mark = t >= start && t < start + length ? " class=\"right\"" : string.Empty;
                int fade = (int)Math.Round(255 * (1 - Math.Clamp(score, 0, 1)));
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<td{mark} style=\"background:rgb(255,{fade},{fade})\" title=\"{score:0.000}\"></td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }
}
