namespace Recurrent.Forecasting;

/// <summary>
/// How the numbers of each window are brought to one place and size before a network sees them, beyond the scale of the whole
/// series: <c>u = (z − location) / size</c>. Forecasts are brought back. Only the steps of the look-back are used.
/// </summary>
public enum WindowScaling
{
    /// <summary>Not at all: location 0, size 1.</summary>
    None,

    /// <summary>The last value is taken off, so that the network forecasts the change from it.</summary>
    Last,

    /// <summary>The mean is taken off, and the rest divided by the standard deviation: reversible instance normalization without
    /// its trained scale (Kim et al., 2022).</summary>
    Standard,

    /// <summary>Division by the mean magnitude of the raw values, for positive series of unlike levels (Salinas et al.,
    /// "DeepAR", 2020).</summary>
    Mean,

    /// <summary>
    /// The last value is taken off the inputs, beside which stand their differences from a season before; what is forecast is
    /// the difference from the seasonal naive forecast.
    /// </summary>
    Seasonal,
}
