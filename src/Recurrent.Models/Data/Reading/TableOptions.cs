namespace Recurrent.Data;

/// <summary>
/// What to read from a table, and how. What is not said is found out; what cannot be told is refused, with the options that say
/// it.
/// </summary>
public record TableOptions : SeriesOptions
{
    /// <summary>
    /// Name of the column of dates. Null takes the first column that holds dates, or year, month, day and hour columns together;
    /// an empty text takes none.
    /// </summary>
    public string? DateColumn { get; init; }

    /// <summary>Names of the columns that become variables. Null takes the first column of numbers.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether all columns of numbers become variables, where <see cref="Columns"/> names none.</summary>
    public bool AllColumns { get; init; }

    /// <summary>
    /// Columns that name the series of a table in long form, as <c>symbol</c> or <c>store</c> and <c>item</c>, which are joined
    /// by a slash. Null finds them; empty says that there is one series.
    /// </summary>
    public IReadOnlyList<string>? NameColumns { get; init; }

    /// <summary>The series to read, where a table in long form has several.</summary>
    public string? Series { get; init; }

    /// <summary>How a table holds its series; by default it is found out.</summary>
    public PanelForm Form { get; init; } = PanelForm.Auto;

    /// <summary>What to do with a series of a panel that cannot be read; by default all is refused.</summary>
    public BadSeries BadSeries { get; init; } = BadSeries.Refuse;

    /// <summary>
    /// How dates are written, as a format of .NET: <c>d/M/yyyy</c>, <c>yyyy-MM-dd HH:mm</c>; or <c>unix</c>, <c>unix ms</c>,
    /// <c>excel</c>, <c>decimal year</c> for numbers that count seconds, milliseconds, days or years. Null finds it out.
    /// </summary>
    public string? DateFormat { get; init; }

    /// <summary>Whether <c>1/2/2024</c> is the first of February (true) or the second of January (false); null refuses it unless
    /// another cell of the column tells.</summary>
    public bool? DayFirst { get; init; }

    /// <summary>What says, besides the usual <c>NA</c>, <c>?</c>, <c>-</c> and an empty cell, that a value is missing:
    /// <c>-999</c>.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The mark before decimals, a point or a comma; null finds it out.</summary>
    public char? DecimalMark { get; init; }
}
