using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Mean 0 and standard deviation 1, as <see cref="StandardScaler"/> does it.</summary>
/// <param name="variables">Names of the variables that it is for; null for all.</param>
/// <param name="pooled">Whether all series of a panel share a scale.</param>
public sealed class StandardScaling(IReadOnlyList<string>? variables = null, bool pooled = false)
    : ScalerPreparation(variables, pooled)
{
    /// <inheritdoc/>
    public override string ClassName => nameof(StandardScaling);

    /// <inheritdoc/>
    protected override Scaler FitScaler(
        ReadOnlySpan<double> training, ReadOnlySpan<double> known, TimeSeries series) => new StandardScaler(known);

    /// <inheritdoc/>
    protected override Config StateOf(Scaler scaler) =>
        new() { { "mean", ((StandardScaler)scaler).Mean }, { "deviation", ((StandardScaler)scaler).StandardDeviation } };

    /// <inheritdoc/>
    protected override Scaler ScalerOf(ConfigReader state) =>
        new StandardScaler(state.Double("mean"), PreparationNames.Positive(ClassName, state, "deviation"));
}
