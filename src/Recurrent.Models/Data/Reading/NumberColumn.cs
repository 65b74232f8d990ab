namespace Recurrent.Data;

/// <summary>What the cells of a column say about how its numbers are written.</summary>
internal enum NumberStyle
{
    /// <summary>Not all cells are numbers of one style.</summary>
    None,

    /// <summary>With a point or with a comma, they are the same numbers: whole ones, for instance.</summary>
    Either,

    /// <summary>With a decimal point.</summary>
    Point,

    /// <summary>With a decimal comma.</summary>
    Comma,

    /// <summary>With a point they are other numbers than with a comma: <c>1,234</c>.</summary>
    Ambiguous,
}

/// <summary>Finds how the numbers of a column are written.</summary>
internal static class NumberColumn
{
    /// <summary>The style that all cells share; missing ones do not count.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="commas">Whether a comma may be a decimal mark; not where commas separate the columns.</param>
    internal static NumberStyle StyleOf(IEnumerable<string> cells, bool commas)
    {
        bool point = true;
        bool comma = commas;
        bool same = true;
        bool any = false;
        foreach (string cell in cells)
        {
            if (NumberText.IsMissing(cell))
            {
                continue;
            }

            any = true;
            double withPoint = 0;
            double withComma = 0;
            point = point && NumberText.TryRead(cell, '.', out withPoint);
            comma = comma && NumberText.TryRead(cell, ',', out withComma);
            same = same && point && comma && withPoint == withComma;
            if (!point && !comma)
            {
                return NumberStyle.None;
            }
        }

        return (any, point, comma) switch
        {
            (false, _, _) => NumberStyle.None,
            (_, true, true) => same ? NumberStyle.Either : NumberStyle.Ambiguous,
            (_, true, _) => NumberStyle.Point,
            _ => NumberStyle.Comma,
        };
    }
}
