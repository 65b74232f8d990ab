using System.Text.RegularExpressions;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>A table that does not hold what was asked of it: a missing column, a cell that is no number. Characters of the table
/// that are commands, and no text, are spelled out in its message.</summary>
public partial class TableException : FormatException
{
    private const int LongMessage = 1000;
    private const int LongCell = 100;
    private const int CellBeginning = 40;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    public TableException(string message)
        : base(ReadableText.Escape(Shortened(message), keepLines: true))
    {
    }

    /// <summary>Whether it says that dates are not in order, come twice or are missing, which options may mend.</summary>
    internal bool IsOfDates { get; set; }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public TableException(string message, Exception innerException)
        : base(ReadableText.Escape(Shortened(message), keepLines: true), innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public TableException()
    {
    }

    /// <summary>A message in which no cell is longer than can be read: of a long one its beginning and its length.</summary>
    private static string Shortened(string message) => message is null || message.Length <= LongMessage ? message!
        : Cells().Replace(message, cell => cell.Length <= LongCell ? cell.Value : FormattableString.Invariant(
            $"{cell.Value[..CellBeginning]}…{cell.Value[^1]} ({cell.Length - 2} characters)"));

    // Pairs of quotes are taken one after the other, so that what stands between two cells is not taken for one.
    [GeneratedRegex("'[^']*'|\"[^\"]*\"", RegexOptions.CultureInvariant)]
    private static partial Regex Cells();
}
