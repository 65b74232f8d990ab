using System.Text.RegularExpressions;

namespace Recurrent.Examples.Authorship;

/// <summary>Passages with who said each.</summary>
/// <param name="Texts">The passages.</param>
/// <param name="Authors">Who said each.</param>
internal sealed partial record Passages(string[] Texts, string[] Authors)
{
    private const int Columns = 3;
    private const int LeastWords = 25;

    /// <summary>
    /// Reads addresses, one a row with author, year and text, and takes them apart into passages of a few sentences. The last
    /// address of each author is put aside, so that nothing said there was read in training.
    /// </summary>
    internal static (Passages Training, Passages Test) Read(string path)
    {
        string[][] rows = [.. TextFile.ReadLines(path).Skip(1).Select(line => line.Split('\t'))];
        if (rows.Length == 0 || Array.Exists(rows, row => row.Length != Columns))
        {
            throw new UsageException($"'{path}' must have the columns author, year and text, with tabs between them.");
        }

        var lasts = rows.GroupBy(row => row[0]).Select(group => group.MaxBy(row => row[1])!).ToHashSet();
        return lasts.Count >= 2 && rows.Length > lasts.Count
            ? (Of(rows.Where(row => !lasts.Contains(row))), Of(lasts.OrderBy(row => Array.IndexOf(rows, row))))
            : throw new UsageException($"'{path}' must have at least two authors, and two addresses of one at least.");
    }

    private static Passages Of(IEnumerable<string[]> rows)
    {
        (string Text, string Author)[] all = [.. rows.SelectMany(row => Passage(row[2]).Select(text => (text, row[0])))];
        return new([.. all.Select(one => one.Text)], [.. all.Select(one => one.Author)]);
    }

    /// <summary>Sentences one after the other until there are enough words.</summary>
    private static IEnumerable<string> Passage(string text)
    {
        string passage = string.Empty;
        foreach (string sentence in EndOfSentence().Split(text))
        {
            passage = passage.Length == 0 ? sentence : $"{passage} {sentence}";
            if (passage.Count(letter => letter == ' ') >= LeastWords)
            {
                yield return passage;
                passage = string.Empty;
            }
        }
    }

    // A capital letter or a quote follows; "Mr." and numbers do not end one.
    [GeneratedRegex(@"(?<=[.?!]""?)(?<!\b(?:Mr|Mrs|Dr|St|No)\.) (?=[""A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex EndOfSentence();
}
