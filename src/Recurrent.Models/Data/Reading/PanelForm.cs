namespace Recurrent.Data;

/// <summary>How a table holds several series.</summary>
public enum PanelForm
{
    /// <summary>It is found out.</summary>
    Auto,

    /// <summary>One below the other: a row for each series and date, with columns that name the series.</summary>
    Long,

    /// <summary>Side by side: a column for each.</summary>
    Columns,

    /// <summary>A row for each: its name, and its values in the columns after it, whose names may be dates.</summary>
    Rows,
}
