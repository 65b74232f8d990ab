using System.Globalization;
using Recurrent.Random;

namespace Recurrent.Examples.Languages;

/// <summary>Lines with the language that each is in.</summary>
/// <param name="Texts">The lines.</param>
/// <param name="Languages">The language of each.</param>
internal sealed record LabelledLines(string[] Texts, string[] Languages)
{
    private const int Columns = 3;
    private const int Shortest = 40;
    private const int Longest = 100;

    /// <summary>
    /// Reads the declaration: the articles to learn from, and every fifth one, which is put aside, both cut into lines.
    /// </summary>
    internal static (LabelledLines Training, LabelledLines Test) OfDeclaration(string path, int lines, int testLines, int seed)
    {
        string[][] rows = [.. TextFile.ReadLines(path).Skip(1).Select(line => line.Split('\t'))];
        if (rows.Length == 0 || Array.Exists(rows, row => row.Length != Columns))
        {
            throw new UsageException($"'{path}' must have the columns language, article and text, with tabs between them.");
        }

        return (
            Cut(rows.Where(row => !IsTest(row[1])), lines, seed, 1),
            Cut(rows.Where(row => IsTest(row[1])), testLines, seed, 2));

        static bool IsTest(string article) => int.Parse(article, CultureInfo.InvariantCulture) is > 0 and var number
            && number % 5 == 0;
    }

    /// <summary>
    /// Reads lines of one's own, language and text with a tab between them, or a folder with a file for each
    /// language; every fifth of a language is put aside.
    /// </summary>
    internal static (LabelledLines Training, LabelledLines Test) OfFile(string path)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        (LabelledRow Row, bool IsTest)[] rows =
        [
            .. (Directory.Exists(path) ? OfFolder(path) : OfTable(path))
                .Select(row => (row, (counts[row.Language] = counts.GetValueOrDefault(row.Language) + 1) % 5 == 0)),
        ];
        return counts.Count >= 2 && counts.Values.Min() >= 5
            ? (Of(rows.Where(row => !row.IsTest)), Of(rows.Where(row => row.IsTest)))
            : throw new UsageException($"'{path}' must have at least five lines of each of two languages or more.");

        static LabelledLines Of(IEnumerable<(LabelledRow Row, bool IsTest)> some) =>
            new([.. some.Select(row => row.Row.Text)], [.. some.Select(row => row.Row.Language)]);
    }

    private static IEnumerable<LabelledRow> OfTable(string path) =>
        TextFile.ReadLines(path).Select((line, number) => LabelledRow.Read(line, path, number + 1)).OfType<LabelledRow>();

    private static IEnumerable<LabelledRow> OfFolder(string path) =>
        Directory.GetFiles(path).Order(StringComparer.Ordinal).SelectMany(file => TextFile.ReadLines(file)
            .Where(line => line.Trim().Length > 0)
            .Select(line => new LabelledRow(Path.GetFileNameWithoutExtension(file), line)));

    /// <summary>Cuts paragraphs into lines of 40 to 100 characters, from word to word, equally many of each language.</summary>
    private static LabelledLines Cut(IEnumerable<string[]> rows, int lines, int seed, ulong purpose)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)seed, purpose));
        var texts = new List<string>();
        var languages = new List<string>();
        foreach (IGrouping<string, string> language in rows.GroupBy(row => row[0], row => row[2]))
        {
            string[] paragraphs = [.. language];
            for (int i = 0; i < lines; i++)
            {
                string[] words = paragraphs[random.NextInt(paragraphs.Length)].Split(' ');
                int least = Shortest + random.NextInt(Longest - Shortest);
                int first = random.NextInt(words.Length);
                string text = words[first];
                for (int word = first + 1; word < words.Length && text.Length < least; word++)
                {
                    text += ' ' + words[word];
                }

                // A line at the end of a paragraph may be short: it begins earlier then.
                for (int word = first - 1; word >= 0 && text.Length < Shortest; word--)
                {
                    text = words[word] + ' ' + text;
                }

                texts.Add(text);
                languages.Add(language.Key);
            }
        }

        return new([.. texts], [.. languages]);
    }

    private sealed record LabelledRow(string Language, string Text)
    {
        /// <summary>A line of a file; null where it is empty.</summary>
        internal static LabelledRow? Read(string line, string path, int number) => line.Trim().Length == 0 ? null
            : line.Split('\t', 2) is [{ Length: > 0 } language, { Length: > 0 } text] ? new(language, text)
            : throw new UsageException($"Line {number} of '{path}' must be a language and a text with a tab between them.");
    }
}
