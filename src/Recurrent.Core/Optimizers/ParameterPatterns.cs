using System.Text.RegularExpressions;

namespace Recurrent.Optimizers;

/// <summary>Regular expressions that name parameters by their paths, such as <c>lstm/kernel</c>.</summary>
/// <remarks>They may come from files, and so are matched in time that grows with the path alone.</remarks>
internal static class ParameterPatterns
{
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>What is wrong with a pattern; null where it is one.</summary>
    public static string? Problem(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return "a pattern is empty";
        }

        try
        {
            _ = new Regex(pattern, Options);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return $"'{pattern}' is not a regular expression that can be used: {exception.Message.TrimEnd('.')}";
        }
    }

    /// <summary>Whether one of some patterns is found in a path, anywhere, as Keras looks for them.</summary>
    public static bool AnyFound(IReadOnlyList<string> patterns, string path)
    {
        foreach (string pattern in patterns)
        {
            if (Regex.IsMatch(path, pattern, Options))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a pattern is whole parts of a path: <c>lstm</c> is of <c>lstm/kernel</c>, and not of
    /// <c>lstm_1/kernel</c>.</summary>
    public static bool IsPartOf(string pattern, string path) => Regex.IsMatch(path, $"(^|/)(?:{pattern})(/|$)", Options);
}
