namespace Recurrent.Data;

/// <summary>What to do with a series of a panel that cannot be read, or not be fitted.</summary>
public enum BadSeries
{
    /// <summary>Refuse the panel, and say which series it is and why: the default.</summary>
    Refuse,

    /// <summary>Leave it out and go on with the others; <c>LeftOut</c> of the panel, or of the forecaster, says which and
    /// why.</summary>
    LeaveOut,
}
