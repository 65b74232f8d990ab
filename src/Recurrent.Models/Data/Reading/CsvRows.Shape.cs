using System.Text;
using System.Text.RegularExpressions;

namespace Recurrent.Data;

/// <content>Files that are written in other ways than others: columns of a width, quotes behind spaces; and what is no table at
/// all.</content>
internal sealed partial class CsvRows
{
    private const int Looked = 50;

    // Whether some row begins with a number that is no date, once that has been looked for.
    private bool? beginWithNumbers;

    /// <summary>What a text is that is none of rows and columns; null where it may be.</summary>
    private static string? OtherThanTable(string text)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        start = start[..Math.Min(start.Length, Looked)];
        if (start.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
        {
            return "a web page: save the file itself (of GitHub, the one behind \"Raw\")";
        }

        if (start.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
        {
            return "XML: write its values as rows and columns first";
        }

        bool json = start.Length > 1 && start[0] is '{' or '[' && start[1..].TrimStart() is ['"' or '{' or '[', ..];
        return json ? "JSON: write its values as rows and columns first, or make a SeriesTable of them" : null;
    }

    /// <summary>Where the quote stands that a record beginning in some line opens and never closes.</summary>
    private static string OpenQuote(string text, long line)
    {
        int place = 0;
        for (long before = 1; before < line && place < text.Length; before++)
        {
            int end = text.IndexOf('\n', place);
            place = end < 0 ? text.Length : end + 1;
        }

        int open = -1;
        for (int i = place; i < text.Length; i++)
        {
            if (text[i] != '"')
            {
                continue;
            }

            if (open < 0)
            {
                // Only the first character of a cell opens a quoted one.
                open = i == place || text[i - 1] is ',' or ';' or '\t' or '|' or '\n' or ' ' ? i : open;
            }
            else if (i + 1 < text.Length && text[i + 1] == '"')
            {
                i++;
            }
            else
            {
                open = -1;
            }
        }

        return open < 0 ? FormattableString.Invariant($"line {line}") : TextFile.PlaceOf(text, open);
    }

    /// <summary>A text whose quoted cells stand behind spaces: those go.</summary>
    private static string WithoutSpacesBeforeQuotes(string text)
    {
        var tidy = new StringBuilder(text.Length);
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!quoted && text[i] == ' ')
            {
                int end = i;
                while (end < text.Length && text[end] == ' ')
                {
                    end++;
                }

                if (end < text.Length && text[end] == '"' && tidy.Length > 0 && tidy[^1] is ',' or ';' or '\t' or '|' or '\n')
                {
                    i = end - 1;
                    continue;
                }
            }

            quoted ^= text[i] == '"';
            tidy.Append(text[i]);
        }

        return tidy.ToString();
    }

    /// <summary>Cells in single quotes, all of the header and wherever they are below it.</summary>
    private void TakeSingleQuotes()
    {
        static bool IsQuoted(string cell) => cell.Trim() is ['\'', .., '\''] and { Length: > 1 };
        if (records.Count < 2 || !records[0].Cells.All(IsQuoted))
        {
            return;
        }

        for (int row = 0; row < records.Count; row++)
        {
            records[row] = records[row] with
            {
                Cells = [.. records[row].Cells.Select(cell => IsQuoted(cell) ? cell.Trim()[1..^1] : cell)],
            };
        }
    }

    /// <summary>Whether a row that begins with a word is one of the table: it has as many cells as the header, and a date where
    /// other rows have one; or another value, where not all rows begin with a date and the word is no remark.</summary>
    private bool IsRow(Record record)
    {
        if (record.Cells.Length != Columns.Length)
        {
            return false;
        }

        int[] values = [.. Enumerable.Range(1, Columns.Length - 1)
            .Where(place => !NumberText.IsMissing(record.Cells[place]) && IsValue(record.Cells[place]))];
        bool dated = Array.Exists(values, place => IsDateAlone(record.Cells[place]) && records[0].Cells.Length > place
            && IsDateAlone(records[0].Cells[place]));
        return dated || (values.Length > 0 && !IsRemark(record.Cells[0].Trim())
            && (beginWithNumbers ??= records.Exists(other => char.IsAsciiDigit(other.Cells[0].TrimStart().FirstOrDefault())
                && !StampText.TryRead(other.Cells[0], out _))));
    }

    private static bool IsDateAlone(string cell) =>
        StampText.TryRead(cell, out _) && !NumberText.TryRead(cell, '.', out _) && !NumberText.TryRead(cell, ',', out _);

    /// <summary>A source, a note, or a total by its first word.</summary>
    private static bool IsRemark(string text) => !char.IsLetter(text[0]) || text.Contains(':', StringComparison.Ordinal)
        || AtSpaces(text)[0].ToUpperInvariant() is "TOTAL" or "TOTALS" or "GRAND" or "SUBTOTAL" or "SUM" or "SUMME" or "GESAMT"
            or "SOMME" or "SUMA" or "MEAN" or "AVERAGE" or "AVG" or "MEDIAN" or "MITTEL" or "MITTELWERT" or "MOYENNE" or "MEDIA"
            or "MIN" or "MINIMUM" or "MAX" or "MAXIMUM" or "STD" or "COUNT" or "SOURCE" or "NOTE" or "NOTES";

    /// <summary>Rows without any other separator, whose cells stand apart by spaces: each has as many of them.</summary>
    private void SplitAtSpaces()
    {
        const int fewest = 3;
        if (options.Separator is not null || records.Count < fewest || records.Exists(record => record.Cells.Length != 1))
        {
            return;
        }

        string[][] all = [.. records.Select(record => AtSpaces(record.Cells[0]))];
        int width = all[^1].Length;
        if (records.Skip(1).Take(Looked).Any(record => IsValue(record.Cells[0])) && !AreApart(all))
        {
            return;
        }

        bool header = all[0].Length == width && !all[0].All(IsValue);
        bool rows = width > 1 && all.Skip(1).All(cells => cells.Length == width && cells.Any(IsValue));
        if (rows && (header || (all[0].Length == width && all[0].Any(IsValue))))
        {
            for (int row = 0; row < all.Length; row++)
            {
                records[row] = records[row] with { Cells = all[row] };
            }

            separator = ' ';
        }
    }

    /// <summary>Whether cells that are values as they stand are columns nevertheless: the header has as many words as each row
    /// has parts, and some row is no number as a whole, or the first parts count on.</summary>
    /// <exception cref="CsvException">They may be either.</exception>
    private bool AreApart(string[][] all)
    {
        int width = all[0].Length;
        bool named = !all[0].All(IsValue);
        if (width < 2 || !Array.TrueForAll(all, cells => cells.Length == width)
            || !all.Skip(named ? 1 : 0).All(cells => Array.TrueForAll(cells, cell => NumberText.TryPlain(cell, out _))))
        {
            return false;
        }

        bool whole = records.Skip(1).All(record => NumberText.TryRead(record.Cells[0], '.', out _));
        double[] first = [.. all.Skip(named ? 1 : 0)
            .Select(cells => NumberText.TryPlain(cells[0], out double value) ? value : 0)];
        bool counts = first.Length > 2 && first[1] != first[0]
            && first.Zip(first.Skip(1)).All(pair => pair.Second - pair.First == first[1] - first[0]);
        bool dates = records.Skip(1).All(record => StampText.TryRead(record.Cells[0], out _));
        return (named && (counts || !whole) && !dates) || (whole && (named || counts) ? throw new CsvException(
            $"{name}, line {records[1].Line}: '{records[1].Cells[0]}' could be one number with spaces between its thousands, or "
            + $"{width} columns. Say Separator = ' ' for columns, or Separator = ';' for one number.") : false);
    }

    private static string[] AtSpaces(string line) => Spaces().Split(line.Trim());

    /// <summary>The header again between the rows, as of files that were put together.</summary>
    private void TakeRepeatedHeaders()
    {
        bool Repeats(Record record) => record.Cells.Length >= Columns.Length
            && Columns.SequenceEqual(record.Cells.Take(Columns.Length).Select(cell => cell.Trim()));
        if (HasHeader && Columns.Any(name => name.Length > 0 && !IsValue(name)))
        {
            comments.AddRange(records.Where(Repeats).Select(record => string.Join(separator, record.Cells)));
            records.RemoveAll(Repeats);
        }
    }

    /// <summary>Facts about the file, with names of their own perhaps, above an empty line and the header of the table.</summary>
    private void TakeBlockAbove()
    {
        const int most = 12;
        int start = 0;
        for (int row = 1; row < Math.Min(records.Count - 1, most); row++)
        {
            bool apart = records[row].Line > records[row - 1].Line + 1 || records[row - 1].IsEmpty;
            start = apart && !records[row].IsEmpty ? row : start;
        }

        if (start == 0 || records.Count - start <= start || records[start].Cells.Length < 2)
        {
            return;
        }

        int width = records[start].Cells.Length;
        Record[] table = [.. records.Skip(start).Take(Looked)];
        bool header = records[start].Cells.All(cell => cell.Length == 0 || !IsValue(cell))
            && table.Count(record => record.Cells.Length == width) >= table.Length - 1
            && table.Skip(1).Any(record => record.Cells.Any(IsValue))
            && CsvHeader.IsHeader([.. table.Select(record => record.Cells)]);
        if (header)
        {
            comments.AddRange(records[..start].Where(record => !record.IsEmpty)
                .Select(record => string.Join(separator, record.Cells).TrimEnd(separator)));
            records.RemoveRange(0, start);
        }
    }

    [GeneratedRegex(@"[ \t]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
