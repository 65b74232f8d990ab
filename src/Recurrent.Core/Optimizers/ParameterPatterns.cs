using System.Text.RegularExpressions;

namespace Recurrent.Optimizers;

/// <summary>Regular expressions that name parameters by their paths, such as <c>lstm/kernel</c>.</summary>
/// <remarks>They may come from files, and so are matched in time that grows with the path alone.</remarks>
internal static class ParameterPatterns
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Most patterns of a list, and most characters of a pattern, that a file may ask for.</summary>
    internal const int Most = 1000;

    /// <summary>What is wrong with a pattern; null where it is one.</summary>
    public static string? Problem(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return "a pattern is empty";
        }

        if (pattern.Length > Most)
        {
            return FormattableString.Invariant($"a pattern has {pattern.Length} characters, and {Most} is the most");
        }

        try
        {
            _ = Anywhere(pattern);
            _ = WholeParts(pattern);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"'{pattern}' is not a regular expression that can be used: {exception.Message.TrimEnd('.')}";
        }
    }

    /// <summary>What is found in a path anywhere, as Keras looks for it.</summary>
    public static Regex Anywhere(string pattern) => new(pattern, Options);

    /// <summary>What is whole parts of a path: <c>lstm</c> is of <c>lstm/kernel</c>, and not of <c>lstm_1/kernel</c>.</summary>
    public static Regex WholeParts(string pattern) => new($"(^|/)(?:{pattern})(/|$)", Options);
}
