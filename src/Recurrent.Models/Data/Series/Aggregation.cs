namespace Recurrent.Data;

/// <summary>How the values of several steps become one.</summary>
public enum Aggregation
{
    /// <summary>Their mean, of those that are there: levels, temperatures, prices.</summary>
    Mean,

    /// <summary>Their sum; missing where one of them is: counts, sales, energy.</summary>
    Sum,

    /// <summary>The first that is there.</summary>
    First,

    /// <summary>The last that is there: stocks at the end of a month.</summary>
    Last,

    /// <summary>The least that is there.</summary>
    Min,

    /// <summary>The largest that is there.</summary>
    Max,
}
