using System.Globalization;

namespace Recurrent.Data;

/// <summary>Reads the numbers of a table's columns of texts; where one could mean two things, the other columns speak.</summary>
internal sealed class NumberReader
{
    private readonly IReadOnlyList<TableColumn> columns;
    private readonly bool commas;
    private readonly TableOptions options;
    private NumberStyle[]? styles;

    /// <summary>Creates a reader.</summary>
    /// <param name="columns">All columns of the table.</param>
    /// <param name="commas">Whether a comma may be a decimal mark: it does not separate the columns.</param>
    /// <param name="options">What the caller says.</param>
    internal NumberReader(IReadOnlyList<TableColumn> columns, bool commas, TableOptions options)
    {
        this.columns = columns;
        this.commas = commas;
        this.options = options;
    }

    /// <summary>Whether a cell says that there is no value.</summary>
    internal bool IsMissing(string cell) => NumberText.IsMissing(cell)
        || options.Missing.Any(mark => string.Equals(mark.Trim(), cell.Trim(), StringComparison.OrdinalIgnoreCase)
            || (NumberText.TryPlain(mark, out double number) && NumberText.TryPlain(cell, out double value) && value == number));

    /// <summary>Reads a column; what is missing becomes NaN.</summary>
    /// <returns>The numbers; or the first row that is none, and what is wrong with it.</returns>
    internal (double[] Values, (int Row, string Problem)? Problem) Read(TableColumn column)
    {
        if (column.Numbers is not null)
        {
            return Typed(column.Numbers);
        }

        var values = new double[column.Count];
        if (column.Texts is not { } cells)
        {
            return (values, (0, $"'{column.Text(0)}' is a date, and no number"));
        }

        cells = Bare(cells);
        bool plain = Array.TrueForAll(cells, cell => NumberText.TryPlain(cell, out _) || IsMissing(cell));
        if (Mark(column, cells, plain, out (int, string)? doubt) is not { } mark)
        {
            return (values, doubt);
        }

        for (int row = 0; row < values.Length; row++)
        {
            string cell = cells[row];
            if (IsMissing(cell))
            {
                values[row] = double.NaN;
            }
            else if (!(plain && mark == '.' ? NumberText.TryPlain(cell, out values[row])
                : NumberText.TryRead(cell, mark, out values[row])))
            {
                return (values, (row, $"'{cell}' {WhyNot(cell)}"));
            }
        }

        return (values, null);
    }

    private (double[] Values, (int Row, string Problem)? Problem) Typed(double[] numbers)
    {
        double[] values = [.. numbers];
        for (int row = 0; row < values.Length; row++)
        {
            if (double.IsInfinity(values[row]))
            {
                return (values, (row,
                    FormattableString.Invariant($"'{values[row]}' is not a finite number. Leave it out, or clip it")));
            }

            if (options.Missing.Count > 0 && !double.IsNaN(values[row])
                && IsMissing(values[row].ToString(CultureInfo.InvariantCulture)))
            {
                values[row] = double.NaN;
            }
        }

        return (values, null);
    }

    /// <summary>How the numbers of a column are written; null where it cannot be told.</summary>
    private char? Mark(TableColumn column, string[] cells, bool plain, out (int Row, string Problem)? doubt)
    {
        doubt = null;
        if (options.DecimalMark is { } given)
        {
            return given;
        }

        if (plain && (!commas || Array.Exists(cells, cell => !NumberText.TryRead(cell, ',', out _) && !IsMissing(cell))))
        {
            return '.';
        }

        switch (StyleOf(cells))
        {
            case NumberStyle.Comma:
                return ',';
            case NumberStyle.Ambiguous:
                NumberStyle[] others = [.. Styles.Where((_, place) => columns[place] != column)];
                bool comma = others.Contains(NumberStyle.Comma);
                bool point = others.Contains(NumberStyle.Point);
                if (comma == point && (comma || !plain))
                {
                    doubt = Doubt(cells);
                    return null;
                }

                return comma ? ',' : '.';
            default:
                return '.';
        }
    }

    /// <summary>How the numbers of each column are written, as far as it tells by itself.</summary>
    private NumberStyle[] Styles => styles ??= [.. columns.Select(column =>
        column.Texts is { } cells ? StyleOf(Bare(cells)) : NumberStyle.None)];

    private (int Row, string Problem) Doubt(string[] cells)
    {
        int row = Array.FindIndex(cells, cell => !IsMissing(cell) && NumberText.TryRead(cell, '.', out double one)
            && NumberText.TryRead(cell, ',', out double other) && one != other);
        NumberText.TryRead(cells[row], '.', out double withPoint);
        NumberText.TryRead(cells[row], ',', out double withComma);
        return (row, string.Create(CultureInfo.InvariantCulture,
            $"'{cells[row]}' could be {withPoint} or {withComma}, and nothing in the file "
            + $"says which. Say DecimalMark, or write numbers with a decimal point and without separators between thousands"));
    }

    private NumberStyle StyleOf(string[] cells) => NumberColumn.StyleOf(cells.Where(cell => !IsMissing(cell)), commas);

    private string[] Bare(string[] cells) => NumberUnits.Shared(cells, IsMissing) is { Length: > 0 } unit
        ? Array.ConvertAll(cells, cell => IsMissing(cell) ? cell : NumberUnits.Without(cell, unit)) : cells;

    private string WhyNot(string text) =>
        options.DecimalMark == ',' && text.Contains('.', StringComparison.Ordinal) && !text.Any(char.IsLetter)
            ? "is not a number with a decimal comma, which DecimalMark = ',' says. Leave that out, or say DecimalMark = '.'"
            : text.Any(char.IsAsciiDigit) && !text.Any(char.IsLetter)
            && (text.Contains(',', StringComparison.Ordinal) || text.Contains('.', StringComparison.Ordinal))
            ? "is not a number. Write numbers with a decimal point and without separators between thousands"
            : text.Any(char.IsLetter) && !text.Any(char.IsAsciiDigit)
            ? $"is not a finite number. Write numbers as 1234.5; or, if it says that there is none, say Missing = [\"{text}\"]"
            : "is not a finite number. Write numbers as 1234.5, without units, signs of money or words";
}
