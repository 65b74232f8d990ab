using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>Median 0 and a distance of 1 between the quartiles, as <see cref="RobustScaler"/> does it.</summary>
/// <param name="variables">Names of the variables that it is for; null for all.</param>
/// <param name="pooled">Whether all series of a panel share a scale.</param>
public sealed class RobustScaling(IReadOnlyList<string>? variables = null, bool pooled = false)
    : ScalerPreparation(variables, pooled)
{
    /// <inheritdoc/>
    public override string ClassName => nameof(RobustScaling);

    /// <inheritdoc/>
    protected override Scaler FitScaler(
        ReadOnlySpan<double> training, ReadOnlySpan<double> known, TimeSeries series) => new RobustScaler(known);

    /// <inheritdoc/>
    protected override Config StateOf(Scaler scaler) =>
        new() { { "median", ((RobustScaler)scaler).Median }, { "range", ((RobustScaler)scaler).InterquartileRange } };

    /// <inheritdoc/>
    protected override Scaler ScalerOf(ConfigReader state) =>
        new RobustScaler(state.Double("median"), PreparationNames.Positive(ClassName, state, "range"));
}
