namespace Recurrent.Data;

/// <summary>A CSV file that does not hold what was asked of it: a missing column, a cell that is no number, an uneven
/// row. Characters of the file that are commands, and no text, are spelled out in its message.</summary>
public sealed class CsvException : TableException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    public CsvException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong, where, and how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public CsvException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public CsvException()
    {
    }
}
