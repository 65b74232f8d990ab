using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>A table that does not hold what was asked of it: a missing column, a cell that is no number. Characters of the table
/// that are commands, and no text, are spelled out in its message.</summary>
public class TableException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    public TableException(string message)
        : base(ReadableText.Escape(message, keepLines: true))
    {
    }

    /// <summary>Whether it says that dates are not in order, come twice or are missing, which options may mend.</summary>
    internal bool IsOfDates { get; set; }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public TableException(string message, Exception innerException)
        : base(ReadableText.Escape(message, keepLines: true), innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public TableException()
    {
    }
}
