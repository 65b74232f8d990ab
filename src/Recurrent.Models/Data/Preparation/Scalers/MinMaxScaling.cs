using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>From the least to the greatest value, as <see cref="MinMaxScaler"/> does it.</summary>
public sealed class MinMaxScaling : ScalerPreparation
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="low">What the smallest value becomes.</param>
    /// <param name="high">What the largest value becomes.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <param name="pooled">Whether all series of a panel share a scale.</param>
    /// <exception cref="ArgumentException">The bounds are not in order.</exception>
    public MinMaxScaling(double low = 0, double high = 1, IReadOnlyList<string>? variables = null, bool pooled = false)
        : base(variables, pooled)
    {
        _ = new MinMaxScaler([0, 1], low, high);
        (Low, High) = (low, high);
    }

    /// <summary>What the smallest value becomes.</summary>
    public double Low { get; }

    /// <summary>What the largest value becomes.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(MinMaxScaling);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("low", Low);
        config.Add("high", High);
        base.AddOptions(config);
    }

    /// <inheritdoc/>
    protected override Scaler FitScaler(ReadOnlySpan<double> training, ReadOnlySpan<double> known, TimeSeries series) =>
        new MinMaxScaler(known, Low, High);

    /// <inheritdoc/>
    protected override Config StateOf(Scaler scaler) =>
        new() { { "minimum", ((MinMaxScaler)scaler).Minimum }, { "maximum", ((MinMaxScaler)scaler).Maximum } };

    /// <inheritdoc/>
    protected override Scaler ScalerOf(ConfigReader state) =>
        new MinMaxScaler([state.Double("minimum"), state.Double("maximum")], Low, High);
}
