namespace Recurrent.Data;

/// <summary>How values at irregular stamps become values on a grid.</summary>
public enum GridMethod
{
    /// <summary>On a straight line between the neighbours.</summary>
    Linear,

    /// <summary>The last value up to the point.</summary>
    Previous,

    /// <summary>The nearest value; of two that are equally near, the earlier.</summary>
    Nearest,

    /// <summary>The mean of the values from the point up to the next; missing where there are none.</summary>
    Mean,
}
