using System.Globalization;

namespace Recurrent.Data;

/// <content>Finds the header of a table, and what stands around it.</content>
internal sealed partial class CsvRows
{
    private const int LongestName = 1000;

    // Repeated names that a message tells of.
    private const int NamedTwice = 3;

    private void TakeHeader()
    {
        if (options.HasHeader == false)
        {
            NameColumns();
            return;
        }

        TakeBlockAbove();

        // A title stands above the header: single cells, and then the first line of several names.
        int title = records.FindIndex(record => record.Cells.Length > 1 && !record.Cells[1..].All(string.IsNullOrWhiteSpace));
        if (title > 0 && records[title].Cells.All(cell => cell.Length == 0 || !IsValue(cell))
            && (title + 1 >= records.Count || records[title + 1].Cells.Length == records[title].Cells.Length))
        {
            comments.AddRange(records[..title].Select(record => record.Cells[0].Trim()));
            records.RemoveRange(0, title);
        }

        TakePreamble();

        while (records.Count > 1 && records[^1].IsEmpty)
        {
            records.RemoveAt(records.Count - 1);
        }

        if (options.HasHeader is null && records.Count > 0 && !records[0].IsEmpty && !HasRowsOfNames()
            && !CsvHeader.IsHeader([.. records.Take(32).Select(record => record.Cells)]))
        {
            NameColumns();
            return;
        }

        if (records.Count > 1 && IsCounted(records[1..]))
        {
            records[0] = records[0] with { Cells = [string.Empty, .. records[0].Cells] };
        }

        Columns = records.Count > 0 ? [.. records[0].Cells.Select(cell => cell.Trim())] : [];
        if (Columns.All(string.IsNullOrEmpty) || records.Count < 2)
        {
            throw Empty();
        }

        RefuseLongNames();
        records.RemoveAt(0);
        TakeUnits();
        string[] twice =
        [
            .. from place in Enumerable.Range(0, Columns.Length)
               where Columns[place].Length > 0
               group (place + 1).ToString(CultureInfo.InvariantCulture) by Columns[place] into places
               where places.Count() > 1
               select $"{(places.Count() == 2 ? "two" : places.Count())} columns of the name '{places.Key}' (columns "
                   + $"{ColumnNames.List([.. places])})",
        ];
        if (twice.Length > 0)
        {
            string more = twice.Length > NamedTwice
                ? FormattableString.Invariant($", and {twice.Length - NamedTwice} more such names") : string.Empty;
            throw new CsvException($"{name} has {string.Join(" and ", twice.Take(NamedTwice))}{more}. Rename them in its header "
                + "row, so that each name means one column.");
        }
    }

    /// <summary>Whether rows begin with their number, 1, 2, 3, and have one cell more than the header: names of rows, as R writes
    /// them.</summary>
    private bool IsCounted(List<Record> rows)
    {
        int width = records[0].Cells.Length;
        for (int row = 0; row < rows.Count; row++)
        {
            if (rows[row].Cells.Length != width + 1
                || rows[row].Cells[0].Trim() != (row + 1).ToString(CultureInfo.InvariantCulture))
            {
                return false;
            }
        }

        return rows.Count > 1;
    }

    /// <summary>Lines of fewer cells above a header that begins with a name: facts about the file.</summary>
    private void TakePreamble()
    {
        const int most = 10;
        int width = records.Count == 0 ? 0 : records.GroupBy(record => record.Cells.Length).MaxBy(group => group.Count())!.Key;
        int header = records.FindIndex(record => record.Cells.Length == width);
        if (header is > 0 and <= most && records.Count > header + 1 && records[header + 1].Cells.Length == width
            && records[..header].TrueForAll(record => record.Cells.Length < width)
            && !string.IsNullOrWhiteSpace(records[header].Cells[0]) && !IsValue(records[header].Cells[0])
            && records[header].Cells.Count(cell => !IsValue(cell)) > records[header + 1].Cells.Count(cell => !IsValue(cell)) - 1
            && CsvHeader.IsHeader([.. records.Skip(header).Take(32).Select(record => record.Cells)]))
        {
            comments.AddRange(records[..header].Select(record => string.Join(separator, record.Cells).TrimEnd(separator)));
            records.RemoveRange(0, header);
        }
    }

    private void RefuseLongNames()
    {
        int place = Array.FindIndex(Columns, column => column.Length > LongestName);
        if (place >= 0)
        {
            throw new CsvException(FormattableString.Invariant(
                $"{name}, line {records[0].Line}, column {place + 1}: a name of {Columns[place].Length} characters. Names have ")
                + FormattableString.Invariant($"{LongestName} at most: shorten it, or say the Separator of the columns."));
        }
    }

    private CsvException Empty() =>
        new($"{name} is empty: it needs a header row with the names of its columns, and rows of values below it.");

    /// <summary>Numbers the columns of a file that does not name them.</summary>
    private void NameColumns()
    {
        int width = records.Count == 0 ? 0 : records.Max(record => record.Cells.Length);
        if (width == 0 || records.TrueForAll(record => record.IsEmpty))
        {
            throw Empty();
        }

        HasHeader = false;
        Columns = [.. Enumerable.Range(1, width).Select(place => FormattableString.Invariant($"column {place}"))];
    }

    /// <summary>Whether a header has rows of names below it: then it is one, whatever it looks like.</summary>
    private bool HasRowsOfNames() => RowsOfUnits(records[1..], records[0].Cells.Length) > 1;

    /// <summary>Rows of units, or of names of a second level, below the header: words above nothing but values.</summary>
    private void TakeUnits()
    {
        int count = RowsOfUnits(records, Columns.Length);
        if (count == 0)
        {
            return;
        }

        // Names that only the second level tells apart have both: Close AAPL, Close MSFT.
        if (Columns.Where(name => name.Length > 0).GroupBy(name => name).Any(same => same.Count() > 1))
        {
            Columns = [.. Columns.Select((name, column) => $"{name} {records[0].Cells[column].Trim()}".Trim())];
        }

        comments.AddRange(records[..count].Select(record => string.Join(separator, record.Cells)));
        records.RemoveRange(0, count);
    }

    /// <summary>How many rows at the start of some are words above nothing but values.</summary>
    private static int RowsOfUnits(List<Record> rows, int width)
    {
        const int fewest = 3;
        const int most = 3;
        bool IsWords(Record record) => record.Cells.Length == width && !record.IsEmpty
            && Array.TrueForAll(record.Cells, cell => string.IsNullOrWhiteSpace(cell) || !IsValue(cell));
        int count = rows.TakeWhile(IsWords).Take(most).Count();
        Record[] below = [.. rows.Skip(count).Take(fewest * fewest)];
        return count > 0 && rows.Count >= fewest && below.Length > 0
            && Array.TrueForAll(below, record => record.Cells.Length == width)
            && Enumerable.Range(0, width).All(column =>
                rows[..count].TrueForAll(record => string.IsNullOrWhiteSpace(record.Cells[column]))
                || (Array.TrueForAll(below, record => IsValue(record.Cells[column]))
                    && Array.Exists(below, record => !NumberText.IsMissing(record.Cells[column])))) ? count : 0;
    }
}
