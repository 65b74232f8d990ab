namespace Recurrent.Learning.Tasks;

/// <summary>Words and tags in columns, a word a line and an empty line behind each sentence, as the tasks of CoNLL have
/// them.</summary>
internal static class TaggedFile
{
    /// <summary>Reads a file: the first column is the word, the last one its tag.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">A line has no two columns; the message names it.</exception>
    public static (string[] Words, string[] Tags)[] Read(string path)
    {
        var sentences = new List<(string[], string[])>();
        var words = new List<string>();
        var tags = new List<string>();
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i <= lines.Length; i++)
        {
            string[] columns = i == lines.Length ? [] : lines[i].Split((char[])[' ', '\t'],
                StringSplitOptions.RemoveEmptyEntries);
            bool isBreak = columns.Length == 0 || columns[0] == "-DOCSTART-";
            if (isBreak && words.Count > 0)
            {
                sentences.Add(([.. words], [.. tags]));
                words.Clear();
                tags.Clear();
            }

            if (isBreak)
            {
                continue;
            }

            if (columns.Length < 2)
            {
                throw new FormatException(
                    string.Create(System.Globalization.CultureInfo.InvariantCulture,
                        $"Line {i + 1} of '{Path.GetFileName(path)}' has a word, '{columns[0]}', but no "
                        + $"tag."));
            }

            words.Add(columns[0]);
            tags.Add(columns[^1]);
        }

        return sentences.Count >= 10 ? [.. sentences] : throw new FormatException(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"'{Path.GetFileName(path)}' has {sentences.Count} sentences; a task needs at least 10, of which every fifth is "
                + $"tested."));
    }
}
