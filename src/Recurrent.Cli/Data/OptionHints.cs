using System.Text.RegularExpressions;

namespace Recurrent.Cli.Data;

/// <summary>The library names its own options where it says how to read a file; here they have other names.</summary>
internal static class OptionHints
{
    private static readonly (string InCode, string Here)[] Names =
    [
        ("DayFirst", "--day-first"), ("DateFormat", "--date-format"), ("Sort", "--sort"), ("Duplicates", "--duplicates"),
        ("Gaps", "--gaps"), ("Separator", "--separator"), ("DecimalMark", "--decimal"), ("NameColumns", "--name"),
        ("Columns", "--column"), ("Missing", "--missing"), ("Series", "--series"), ("Frequency", "--frequency"),
        ("DateColumn", "--date"),
    ];

    // What is no option with a value, by what a message says of it.
    private static readonly (string Said, string Here)[] Others =
    [
        ("DateGaps.", "DateGaps is --gaps"), ("ToGrid", "ToGrid is --grid"),
        ("SeriesPanel.FromCsv", "all series are read with --panel"),
        ("DateColumn = \"\"", "an empty DateColumn is --date none"),
        ("Say DecimalMark", "DecimalMark is --decimal"),
        (": TimeZone", "TimeZone is --time-zone"), ("with Encoding", "Encoding is --encoding"),
        ("say Encoding", "Encoding is --encoding"),
        ("take transform \"sqrt\"", "transform is --set transform=sqrt"),
        ("Take the likelihood", "likelihood is --set likelihood=student-t"),
        ("take a form that adds", "form is --set form=AAA"),
        ("BadSeries.LeaveOut", "that is --leave-out"),
    ];

    /// <summary>What the options in a message are called here; null where it names none.</summary>
    internal static string? Of(string message)
    {
        string[] said =
        [
            .. Names.Where(name => Regex.IsMatch(message, $@"\b{name.InCode} = "))
                .Select(name => $"{name.InCode} is {name.Here}"),
            .. Others.Where(other => message.Contains(other.Said, StringComparison.Ordinal)).Select(other => other.Here),
        ];
        return said.Length == 0 ? null : $"On the command line {string.Join(", ", said.Distinct())}.";
    }
}
