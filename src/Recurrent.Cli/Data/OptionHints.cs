using System.Text.RegularExpressions;

namespace Recurrent.Cli.Data;

/// <summary>The library names its own options where it says how to read a file; here they have other names.</summary>
internal static class OptionHints
{
    private static readonly (string InCode, string Here)[] Names =
    [
        ("DayFirst", "--day-first"), ("DateFormat", "--date-format"), ("Sort", "--sort"), ("Duplicates", "--duplicates"),
        ("Gaps", "--gaps"), ("Separator", "--separator"), ("DecimalMark", "--decimal"), ("NameColumns", "--name"),
        ("Columns", "--column"), ("Series", "--series"), ("Frequency", "--frequency"),
    ];

    /// <summary>What the options in a message are called here; null where it names none.</summary>
    internal static string? Of(string message)
    {
        string[] said =
        [
            .. Names.Where(name => Regex.IsMatch(message, $@"\b{name.InCode} = "))
                .Select(name => $"{name.InCode} is {name.Here}"),
        ];
        return said.Length == 0 ? null : $"On the command line {string.Join(", ", said)}.";
    }
}
