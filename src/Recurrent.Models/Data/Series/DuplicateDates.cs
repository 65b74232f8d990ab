namespace Recurrent.Data;

/// <summary>What to do where a series has several values for one date.</summary>
public enum DuplicateDates
{
    /// <summary>Refuse them, and say where the first is: the default.</summary>
    Refuse,

    /// <summary>Take the first.</summary>
    First,

    /// <summary>Take the last.</summary>
    Last,

    /// <summary>Take the mean of those that are not missing.</summary>
    Mean,
}
