using System.Reflection;
using System.Text;

namespace Recurrent.Drawing;

/// <summary>The files of <c>Drawing/Assets</c>, which the assembly carries: a page holds what it needs.</summary>
internal static class PageAssets
{
    /// <summary>Looks of all pages: colours for light, dark and paper, and no font or file from elsewhere.</summary>
    internal static string Sheet => Read("page.css");

    /// <summary>The chart library's style sheet.</summary>
    internal static string ChartSheet => Read("uPlot.min.css");

    /// <summary>The chart library with its licence, and what reads the page's tables for it.</summary>
    internal static string Script => $"/*!\n{Read("uPlot.LICENSE.txt")}*/\n{Read("uPlot.iife.min.js")}\n{Read("charts.js")}";

    private static string Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
