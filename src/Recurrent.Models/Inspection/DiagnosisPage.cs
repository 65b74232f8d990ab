using System.Text;
using Recurrent.Drawing;

namespace Recurrent.Inspection;

/// <summary>Writes findings as a table, and draws the gradients through time.</summary>
internal static class DiagnosisPage
{
    internal static string Write(Diagnosis diagnosis)
    {
        var page = new Page($"Diagnosis of {diagnosis.Model}",
            diagnosis.IsHealthy ? string.Empty : Figures.Count(diagnosis.Findings.Count, "finding"));
        if (diagnosis.IsHealthy)
        {
            page.Note([diagnosis.ToString()], "good");
        }
        else
        {
            page.Table(new PageTable(["Finding", "where", "measure", "what was found", "what to do"],
                [.. diagnosis.Findings.Select(finding => new PageRow(Words(finding.Kind),
                    [finding.Where, Figures.Digits(finding.Measure, 3), finding.Text, finding.Advice]))]));
        }

        if (diagnosis.GradientFlow is { } flow)
        {
            page.Heading("Gradients through time").Chart(GradientFlowPage.Chart(flow));
        }

        return page.ToString();
    }

    /// <summary>A name of several words, such as <c>dead units</c>.</summary>
    private static string Words(FindingKind kind)
    {
        var text = new StringBuilder();
        foreach (char letter in kind.ToString())
        {
            text.Append(char.IsUpper(letter) && text.Length > 0 ? " " : string.Empty).Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
