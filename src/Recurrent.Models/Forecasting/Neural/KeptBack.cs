namespace Recurrent.Forecasting;

/// <summary>What the newest windows of the series are kept back for when a network is trained.</summary>
internal enum KeptBack
{
    /// <summary>All windows are trained on.</summary>
    Nothing,

    /// <summary>They say when to stop, and how far off forecasts are.</summary>
    ForStopping,

    /// <summary>They say how far off forecasts are: of one more network, while the others are trained on all windows.</summary>
    ForMeasuring,
}
