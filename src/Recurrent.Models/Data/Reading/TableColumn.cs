namespace Recurrent.Data;

/// <summary>A column of a table that series are made from: numbers, dates, or texts, which may be either, written down.</summary>
public sealed class TableColumn
{
    private TableColumn(string name, int count, double[]? numbers, DateTime?[]? dates, string[]? texts)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Count = count;
        Numbers = numbers;
        Dates = dates;
        Texts = texts;
    }

    /// <summary>Its name; empty for none.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>The numbers; null for another column.</summary>
    internal double[]? Numbers { get; }

    /// <summary>The dates; null for another column.</summary>
    internal DateTime?[]? Dates { get; }

    /// <summary>The texts; null for another column.</summary>
    internal string[]? Texts { get; }

    /// <summary>A column of numbers; the values are copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The numbers; NaN where one is missing.</param>
    public static TableColumn OfNumbers(string name, IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] copy = [.. values];
        return new(name, copy.Length, copy, null, null);
    }

    /// <summary>A column of dates; the values are copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The dates; null where one is missing. Local ones are taken as the clock shows them: what a file or a
    /// database says must not depend on the machine.</param>
    public static TableColumn OfDates(string name, IEnumerable<DateTime?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        DateTime?[] copy = [.. values.Select(date => date is { Kind: DateTimeKind.Local } local
            ? DateTime.SpecifyKind(local, DateTimeKind.Unspecified) : date)];
        return new(name, copy.Length, null, copy, null);
    }

    /// <summary>A column of texts, which may be dates or numbers that are written down; the values are copied.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The texts; null where one is missing.</param>
    public static TableColumn OfTexts(string name, IEnumerable<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] copy = [.. values.Select(text => text ?? string.Empty)];
        return new(name, copy.Length, null, null, copy);
    }

    /// <summary>A cell as a text, as names of series and messages show it.</summary>
    internal string Text(int row) => Texts is not null ? Texts[row]
        : Dates is not null ? Dates[row] is { } date ? EvenDates.Text(date) : string.Empty
        : double.IsNaN(Numbers![row]) ? string.Empty : FormattableString.Invariant($"{Numbers[row]}");
}
