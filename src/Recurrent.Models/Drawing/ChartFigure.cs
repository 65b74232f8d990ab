using System.Globalization;

namespace Recurrent.Drawing;

/// <summary>What stands on the horizontal axis of a chart.</summary>
internal enum ChartAxis
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Whole numbers, which have no marks between them.</summary>
    Step,

    /// <summary>Dates, as <c>2024-03-31</c> or <c>2024-03-31 06:00:00</c>.</summary>
    Date,
}

/// <summary>What a column of a chart stands for, which decides its looks.</summary>
internal enum ChartRole
{
    /// <summary>What the model learned from.</summary>
    History,

    /// <summary>What came after it.</summary>
    Truth,

    /// <summary>The forecast that the chart is about.</summary>
    Forecast,

    /// <summary>Another forecast.</summary>
    Baseline,

    /// <summary>Lower bound of a band; its upper bound is the next column.</summary>
    Low,

    /// <summary>Upper bound of the band whose lower bound is the column before.</summary>
    High,

    /// <summary>A line with a colour of its own.</summary>
    Line,

    /// <summary>Bars from zero.</summary>
    Bars,

    /// <summary>A thin dashed line.</summary>
    Limit,

    /// <summary>Marks without a line.</summary>
    Dots,

    /// <summary>In the table, but not drawn.</summary>
    Told,
}

/// <summary>A column of a chart's table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="Values">A value for each row; NaN where there is none.</param>
/// <param name="Digits">Significant digits of the table and the legend; 0 for all there are.</param>
/// <param name="LegendName">Name in the legend where it is not the heading.</param>
internal sealed record ChartColumn(string Name, ChartRole Role, IReadOnlyList<double> Values, int Digits = 6,
    string? LegendName = null)
{
    internal string Cell(int row)
    {
        double value = Values[row];
        return !double.IsFinite(value) ? string.Empty
            : Digits > 0 ? Figures.Digits(value, Digits) : Figures.Decimals(value, "R");
    }
}

/// <summary>A chart with its table: the page's script draws what the table says.</summary>
/// <param name="Caption">What it shows, in a few words.</param>
/// <param name="Description">What it shows, for those who cannot see it.</param>
/// <param name="Axis">What stands on the horizontal axis.</param>
/// <param name="XName">Heading of the first column.</param>
/// <param name="X">The first column: dates, or numbers in rising order.</param>
/// <param name="Columns">The other columns.</param>
internal sealed record ChartFigure(string Caption, string Description, ChartAxis Axis, string XName, IReadOnlyList<string> X,
    IReadOnlyList<ChartColumn> Columns)
{
    // A browser opens a page with a table of so many rows in a second.
    internal const int MostRows = 20_000;

    /// <summary>Where the first view begins, as a text of the first column; null for all.</summary>
    internal string? From { get; init; }

    /// <summary>Where what was not known begins: the last place of the history, as a text of the first column.</summary>
    internal string? Split { get; init; }

    /// <summary>What stands to the right of <see cref="Split"/>.</summary>
    internal string SplitLabel { get; init; } = string.Empty;

    /// <summary>Limits of the vertical axis; null where the values decide.</summary>
    internal (double Low, double High)? Limits { get; init; }

    /// <summary>Whether the vertical axis is one of powers of ten.</summary>
    internal bool Logarithmic { get; init; }

    /// <summary>Greatest height in pixels.</summary>
    internal int Height { get; init; } = 380;

    /// <summary>A sentence below the caption.</summary>
    internal string Note { get; init; } = string.Empty;

    /// <summary>Whether there are buttons to zoom with: of use where there is much to see.</summary>
    internal bool Tools { get; init; }

    /// <summary>The first column of whole numbers from a first one.</summary>
    internal static string[] Numbers(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
}
