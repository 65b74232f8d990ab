using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Natural logarithms, as <see cref="LogTransform"/> takes them.</summary>
/// <param name="offset">Added before the logarithm is taken, for series that reach zero; finite.</param>
/// <param name="variables">Names of the variables that it is for; null for all.</param>
public sealed class LogScaling(double offset = 0, IReadOnlyList<string>? variables = null) : ScalerPreparation(variables, false)
{
    private readonly LogTransform transform = new(offset);

    /// <summary>Added before the logarithm is taken.</summary>
    public double Offset => transform.Offset;

    /// <inheritdoc/>
    public override string ClassName => nameof(LogScaling);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("offset", Offset);
    }

    /// <inheritdoc/>
    protected override Scaler FitScaler(ReadOnlySpan<double> training, ReadOnlySpan<double> known, TimeSeries series) =>
        transform;

    /// <inheritdoc/>
    protected override Config StateOf(Scaler scaler) => [];

    /// <inheritdoc/>
    protected override Scaler ScalerOf(ConfigReader state) => transform;
}
