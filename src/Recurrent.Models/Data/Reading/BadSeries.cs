namespace Recurrent.Data;

/// <summary>What to do with a series of a panel that cannot be read.</summary>
public enum BadSeries
{
    /// <summary>Refuse the panel, and say which series it is and why: the default.</summary>
    Refuse,

    /// <summary>Leave it out; <see cref="SeriesPanel.LeftOut"/> says which and why.</summary>
    LeaveOut,
}
