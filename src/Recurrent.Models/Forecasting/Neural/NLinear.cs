using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>One linear map from the look-back to the horizon, each variable by itself with the same weights (Zeng et al., "Are
/// transformers effective for time series forecasting?", 2023: NLinear).</summary>
/// <remarks>
/// <c>ŷ = x_L + W·(x − x_L) + b</c>, with x the look-back and x_L its last value. W begins at 0: the first forecast is the last
/// value. Covariates add linear terms: past ones over the
/// look-back, future ones at their own step, with one weight for all steps. Variables share W, as in the paper's benchmark.
/// Like the paper's, it has no hidden layer: what it cannot forecast is not linear in the look-back.
/// </remarks>
public sealed class NLinear : NetworkForecaster
{
    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: the loss <c>mae</c>, rate 0.001.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public NLinear(int? lookback = null, int? horizon = null, int? season = null, NetworkTraining? training = null)
        : base(lookback, horizon, season, training) => CheckOptions(new OptionCheck(nameof(NLinear))).ThrowIfAny();

    /// <inheritdoc/>
    public override string ClassName => "NLinear";

    internal override bool IsPerVariable => true;

    internal override int StepsOfFullTraining => 1000;

    internal override NetworkDefaults Defaults { get; } = new() { Loss = "mae", LearningRate = 1e-3, Decay = 0.95 };

    /// <inheritdoc/>
    public override Config GetConfig() => StartConfig();

    internal static NLinear Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.OptionalInt("season"), ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) => WindowScaling.Last;

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var parts = new NetworkParts(sizes);
        (Symbol target, Symbol? others) = parts.SplitPast();
        Symbol forecast = new Dense(parts.Numbers, kernelInitializer: "zeros", name: "linear").Call(target);
        return parts.Network(parts.WithLinearCovariates(forecast, others), "nlinear");
    }
}
