using System.Text.RegularExpressions;

namespace Recurrent.Cli.Output;

/// <summary>Says of a wrong argument what it should be, in place of the name of a type.</summary>
internal static partial class ParseMessages
{
    /// <summary>A message of the parser in plain words.</summary>
    internal static string Plain(string message)
    {
        Match match = Form().Match(message);
        if (!match.Success)
        {
            return message;
        }

        string type = match.Groups["type"].Value;
        string needs = type.Contains("Int32", StringComparison.Ordinal) ? "a whole number"
            : type.Contains("Double", StringComparison.Ordinal) ? "a number, with a decimal point"
            : type.Contains("Char", StringComparison.Ordinal) ? "one character"
            : type.Contains("Boolean", StringComparison.Ordinal) ? "true or false" : "one of those it names";
        const StringSplitOptions tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        string[] choices = match.Groups["rest"].Value.Split('\n', tidy);
        needs = choices.Length > 1 ? $"one of {string.Join(", ", choices[1..])}" : needs;
        return $"{match.Groups["option"].Value} needs {needs}, but is '{match.Groups["value"].Value}'.";
    }

    [GeneratedRegex(
        @"^Cannot parse argument '(?<value>.*)' for option '(?<option>[^']+)' as expected type '(?<type>.+?)'\.(?<rest>.*)$",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
