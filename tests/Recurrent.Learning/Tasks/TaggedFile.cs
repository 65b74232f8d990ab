using System.Globalization;
using Recurrent.Examples;

namespace Recurrent.Learning.Tasks;

/// <summary>Words and tags in columns, a word a line and an empty line behind each sentence, as the tasks of CoNLL have them;
/// or CoNLL-U, of which the parts of speech are the tags.</summary>
internal static class TaggedFile
{
    private const int ColumnsOfTrees = 10;
    private const int PartOfSpeech = 3;

    /// <summary>Reads a file: the first column is the word, the last one its tag. Of the ten columns of CoNLL-U, the second and
    /// the fourth.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">A line has no two columns; the message names it.</exception>
    /// <exception cref="UsageException">It is no text.</exception>
    public static (string[] Words, string[] Tags)[] Read(string path)
    {
        var sentences = new List<(string[], string[])>();
        var words = new List<string>();
        var tags = new List<string>();
        string[] lines = [.. TextFile.ReadLines(path)];
        bool areTrees = IsOfTrees(lines);
        for (int i = 0; i <= lines.Length; i++)
        {
            string[] columns = i == lines.Length ? [] : areTrees ? ColumnsOf(lines[i])
                : lines[i].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            bool isBreak = columns.Length == 0 || columns[0] == "-DOCSTART-";
            if (isBreak && words.Count > 0)
            {
                sentences.Add(([.. words], [.. tags]));
                words.Clear();
                tags.Clear();
            }

            // Comments, tokens of several words and words that are left unsaid have no whole number.
            if (isBreak || (areTrees && !IsNumber(columns[0])))
            {
                continue;
            }

            if (columns.Length < 2 || (areTrees && columns.Length != ColumnsOfTrees))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                    $"Line {i + 1} of '{Path.GetFileName(path)}' has ")
                    + (areTrees ? string.Create(CultureInfo.InvariantCulture, $"{columns.Length} columns, not the 10 of CoNLL-U.")
                    : $"a word, '{columns[0]}', but no tag."));
            }

            words.Add(columns[areTrees ? 1 : 0]);
            tags.Add(areTrees ? columns[PartOfSpeech] : columns[^1]);
        }

        return sentences.Count >= 10 ? [.. sentences] : throw new FormatException(string.Create(CultureInfo.InvariantCulture,
            $"'{Path.GetFileName(path)}' has {sentences.Count} sentences; a task needs at least 10, of which every fifth is "
            + $"tested."));
    }

    /// <summary>Whether the first line that is no comment is one of CoNLL-U.</summary>
    private static bool IsOfTrees(string[] lines) =>
        lines.FirstOrDefault(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal)) is { } first
        && ColumnsOf(first) is { Length: ColumnsOfTrees } columns && IsNumber(columns[0].Split('-', '.')[0]);

    private static string[] ColumnsOf(string line) => line.Length == 0 ? [] : line.Split('\t');

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}
