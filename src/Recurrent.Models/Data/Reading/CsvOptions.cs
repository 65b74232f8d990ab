using System.Text;

namespace Recurrent.Data;

/// <summary>How a CSV file is written, and what to read from it. What is not said is found out.</summary>
/// <example>
/// <code>
/// var options = new CsvOptions { Separator = ';', DecimalMark = ',', DayFirst = true, Gaps = DateGaps.Missing };
/// TimeSeries load = TimeSeries.FromCsv("load.csv", options);
/// </code>
/// </example>
public sealed record CsvOptions : TableOptions
{
    /// <summary>What separates the columns; null finds it out among comma, semicolon, tab and bar.</summary>
    public char? Separator { get; init; }

    /// <summary>The encoding; null takes what a byte-order mark says, else UTF-16 or UTF-8 where the bytes are that, else
    /// Windows-1252, which is Latin-1 with a few characters more.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>What a line of comment begins with.</summary>
    public string Comment { get; init; } = "#";

    /// <summary>Whether the first row names the columns; null finds it out. Without names, they are <c>column 1</c> and so
    /// on.</summary>
    public bool? HasHeader { get; init; }
}
