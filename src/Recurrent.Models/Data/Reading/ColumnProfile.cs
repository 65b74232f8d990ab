namespace Recurrent.Data;

/// <summary>What a column holds, for the most part.</summary>
internal enum ColumnKind
{
    /// <summary>Nothing: every value is missing.</summary>
    Empty,

    /// <summary>Numbers.</summary>
    Numbers,

    /// <summary>Dates, other than as plain numbers.</summary>
    Dates,

    /// <summary>Times of day, <c>18:00</c>.</summary>
    Clocks,

    /// <summary>Anything else.</summary>
    Texts,
}

/// <summary>Tells what a column holds from some of its cells.</summary>
internal static class ColumnProfile
{
    private const int Looked = 400;

    /// <summary>What most cells are that are not missing.</summary>
    internal static ColumnKind KindOf(TableColumn column, Func<string, bool> isMissing, bool commas)
    {
        if (column.Numbers is { } numbers)
        {
            return Array.TrueForAll(numbers, double.IsNaN) ? ColumnKind.Empty : ColumnKind.Numbers;
        }

        if (column.Dates is { } dates)
        {
            return Array.TrueForAll(dates, date => date is null) ? ColumnKind.Empty : ColumnKind.Dates;
        }

        int stride = Math.Max(1, column.Count / Looked);
        string[] cells = [.. column.Texts!.Where((text, row) => row % stride == 0 && !isMissing(text))];
        cells = cells.Length > 0 || stride == 1 ? cells : [.. column.Texts!.Where(text => !isMissing(text)).Take(Looked)];
        string unit = NumberUnits.Shared(cells, isMissing);
        int seen = cells.Length;
        var counts = new int[Enum.GetValues<ColumnKind>().Length];
        foreach (string cell in cells)
        {
            string bare = unit.Length > 0 ? NumberUnits.Without(cell, unit) : NumberUnits.WithoutSign(cell);
            ColumnKind kind = KindOf(bare, commas);
            counts[(int)(kind == ColumnKind.Numbers ? kind : KindOf(cell, commas))]++;
        }

        // 20.02.20 may be a time of day or a date: others of the column tell, such as 25.02.20, or its name.
        if (counts[(int)ColumnKind.Clocks] > 0
            && (counts[(int)ColumnKind.Dates] > 0
                || (ColumnHints.IsDay(column.Name) && !cells.Any(cell => cell.Contains(':', StringComparison.Ordinal))))
            && Array.TrueForAll(cells, cell => StampText.TryRead(cell, out _)))
        {
            return ColumnKind.Dates;
        }

        ColumnKind most = (ColumnKind)Array.IndexOf(counts, counts.Max());
        return seen == 0 ? ColumnKind.Empty : 2 * counts[(int)most] >= seen ? most : ColumnKind.Texts;
    }

    /// <summary>Whether a text is a time of day by itself, also with points: 18.00.00.</summary>
    internal static bool TryClock(string text, out TimeSpan clock)
    {
        string body = text.Trim();
        string[] parts = body.Split(':', '.');
        bool shaped = parts.Length is 2 or 3 && parts.All(part => part.Length is 1 or 2 or > 5)
            && (body.Contains(':', StringComparison.Ordinal) || parts.Length == 3);
        clock = default;
        return shaped && ClockText.TryRead(body.Contains(':', StringComparison.Ordinal) ? body : body.Replace('.', ':'),
            out clock, out _);
    }

    private static ColumnKind KindOf(string cell, bool commas) =>
        NumberText.TryRead(cell, '.', out _) || (commas && NumberText.TryRead(cell, ',', out _)) ? ColumnKind.Numbers
        : TryClock(cell, out _) ? ColumnKind.Clocks
        : StampText.TryRead(cell, out _) || NamedPeriods.TrySeason(cell, out _) ? ColumnKind.Dates : ColumnKind.Texts;
}
