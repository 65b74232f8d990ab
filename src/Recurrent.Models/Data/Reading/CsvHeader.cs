using System.Globalization;

namespace Recurrent.Data;

/// <summary>Tells whether the first row of a file names its columns, or holds values already.</summary>
internal static class CsvHeader
{
    private const int Looked = 20;
    private const int FewestNumbers = 3;

    private enum Kind
    {
        Missing,
        Text,
        Number,
        Decimal,
        Date,
    }

    /// <summary>Whether the first of some rows names the columns.</summary>
    internal static bool IsHeader(IReadOnlyList<string[]> rows)
    {
        string[] first = rows[0];
        if (first.Length == 0 || Array.TrueForAll(first, cell => KindOf(cell) is Kind.Text or Kind.Missing) || IsCounted(first))
        {
            return true;
        }

        // An empty name above values, as of a table's index.
        int[] below = [.. Enumerable.Range(1, Math.Min(rows.Count - 1, Looked)).Where(row => rows[row].Length == first.Length)];
        bool unnamed = Enumerable.Range(0, first.Length).Any(column => string.IsNullOrWhiteSpace(first[column])
            && below.Length > 0 && below.All(row => KindOf(rows[row][column]) is not Kind.Missing));
        if (unnamed)
        {
            return true;
        }

        if (Array.TrueForAll(first, cell => KindOf(cell) is not Kind.Text))
        {
            return below.Length > 0 && Array.TrueForAll(first, cell => KindOf(cell) == Kind.Date)
                && below.All(row => rows[row].All(cell => KindOf(cell) != Kind.Date));
        }

        // Texts among values: it is a row like those below where a date or a decimal number stands above another.
        bool alike = below.Length > 0 && Enumerable.Range(0, first.Length).All(column => below.All(row =>
            Alike(KindOf(first[column]), KindOf(rows[row][column]))));
        bool telling = Array.Exists(first, cell => KindOf(cell) is Kind.Date or Kind.Decimal);
        return !(alike && telling);
    }

    private static bool Alike(Kind above, Kind below) =>
        above == below || above == Kind.Missing || below == Kind.Missing
            || (above is Kind.Number or Kind.Decimal && below is Kind.Number or Kind.Decimal);

    /// <summary>Whole numbers that count up by one: names of columns, as others number them, or years.</summary>
    private static bool IsCounted(string[] cells)
    {
        long[] numbers = [.. cells.Select(cell =>
            long.TryParse(cell.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number : long.MinValue).SkipWhile(number => number == long.MinValue)];
        bool counted = numbers.Length >= FewestNumbers && numbers.Zip(numbers.Skip(1), (a, b) => a != long.MinValue && b == a + 1)
            .All(one => one);
        return counted && (numbers.Length < cells.Length || numbers[0] is 0 or 1 or (>= 1000 and < 3000));
    }

    private static Kind KindOf(string cell)
    {
        if (string.IsNullOrWhiteSpace(cell) || NumberText.IsMissing(cell))
        {
            return Kind.Missing;
        }

        bool number = NumberText.TryRead(cell, '.', out double value) || NumberText.TryRead(cell, ',', out value);
        return number ? value == Math.Truncate(value) ? Kind.Number : Kind.Decimal
            : StampText.TryRead(cell, out _) ? Kind.Date : Kind.Text;
    }
}
