namespace Recurrent.Callbacks;

/// <summary>Which way a monitored figure improves.</summary>
public enum MonitorMode
{
    /// <summary>Downwards for losses and errors, upwards for accuracies and the like, by what the figure is.</summary>
    Auto,

    /// <summary>Smaller is better.</summary>
    Min,

    /// <summary>Larger is better.</summary>
    Max,
}
