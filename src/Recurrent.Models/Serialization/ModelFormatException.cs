using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>A text or file that does not describe a model: the only failure that the content of one can cause.</summary>
public sealed class ModelFormatException : FormatException
{
    private const int LongestMessage = 2000;

    /// <summary>Creates the exception.</summary>
    /// <param name="path">Where in the document: <c>config.layers[2].config.units</c>; empty for the document as a whole.</param>
    /// <param name="problem">What is wrong there and what was expected.</param>
    /// <param name="innerException">The cause, or null.</param>
    public ModelFormatException(string path, string problem, Exception? innerException = null)
        : base(Describe(path, problem), innerException)
    {
        Path = ReadableText.Escape(path, keepLines: false);
    }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">What is wrong and what was expected.</param>
    /// <param name="innerException">The cause.</param>
    public ModelFormatException(string message, Exception innerException)
        : this(string.Empty, message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what was expected.</param>
    public ModelFormatException(string message)
        : this(string.Empty, message, null)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public ModelFormatException()
        : this("The document does not describe a model.")
    {
    }

    /// <summary>Where in the document the problem is: <c>config.layers[2].config.units</c>; empty for the document as a
    /// whole.</summary>
    public string Path { get; } = string.Empty;

    // A document can make names and lists of any length and of any characters; a message is for people.
    private static string Describe(string path, string problem)
    {
        string message = ReadableText.Escape(string.IsNullOrEmpty(path) ? problem : $"{path}: {problem}", keepLines: true);
        return message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage), "…");
    }
}
