namespace Recurrent.Data;

/// <summary>What to do where the dates of a series are not equally spaced.</summary>
public enum DateGaps
{
    /// <summary>Refuse them, and say where the first gap is and what is missing there: the default.</summary>
    Refuse,

    /// <summary>Put the missing dates in, with values on a straight line between their neighbours.</summary>
    Fill,

    /// <summary>Take the values as equally spaced, one step after another, whatever the dates say.</summary>
    Accept,

    /// <summary>Put the missing dates in, with values that are missing (NaN).</summary>
    Missing,
}
