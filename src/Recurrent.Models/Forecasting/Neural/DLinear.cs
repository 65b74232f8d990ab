using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Two linear maps, one of the look-back's moving average and one of the rest, each variable by itself with the same
/// weights (Zeng et al., "Are transformers effective for time series forecasting?", 2023: DLinear).</summary>
/// <remarks>
/// <c>t = A·x</c>, <c>ŷ = W_t·t + W_s·(x − t) + b</c>, where A is the moving average over <c>kernelSize</c> steps, the end values
/// repeated beyond the ends. A is a layer of fixed weights. Covariates add linear terms as in <see cref="NLinear"/>.
/// </remarks>
public sealed class DLinear : NetworkForecaster
{
    private readonly int kernelSize;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="kernelSize">Steps of the moving average, odd; default 25, the paper's.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: the loss <c>mae</c>, rate 0.005.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public DLinear(
        int? lookback = null, int? horizon = null, int kernelSize = 25, int? season = null, NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        this.kernelSize = kernelSize;
        CheckOptions(new OptionCheck(nameof(DLinear)))
            .Require(kernelSize >= 1 && kernelSize % 2 == 1,
                FormattableString.Invariant($"kernelSize must be odd and at least 1, but is {kernelSize}"))
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "DLinear";

    internal override bool IsPerVariable => true;

    internal override int StepsOfFullTraining => 1000;

    internal override NetworkDefaults Defaults { get; } = new() { Loss = "mae", LearningRate = 5e-3, Decay = 0.93 };

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("kernel_size", kernelSize);
        return config;
    }

    internal static DLinear Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.Int("kernel_size", 25),
        config.OptionalInt("season"), ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) => WindowScaling.None;

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var parts = new NetworkParts(sizes);
        (Symbol target, Symbol? others) = parts.SplitPast();
        var average = new Dense(sizes.Lookback, useBias: false, trainable: false, name: "moving_average");
        Symbol trend = average.Call(target);
        Symbol rest = new Subtract(name: "seasonal").Call(target, trend);
        Symbol forecast = new Add(name: "both").Call(
            new Dense(parts.Numbers, name: "linear_trend").Call(trend),
            new Dense(parts.Numbers, useBias: false, name: "linear_seasonal").Call(rest));
        Model network = parts.Network(parts.WithLinearCovariates(forecast, others), "dlinear");
        average.SetWeights([MovingAverage(sizes.Lookback)]);
        return network;
    }

    /// <summary>The kernel of the average: column t has the weights of step t.</summary>
    private NDArray MovingAverage(int steps)
    {
        var kernel = new NDArray(steps, steps);
        for (int t = 0; t < steps; t++)
        {
            for (int i = -kernelSize / 2; i <= kernelSize / 2; i++)
            {
                kernel.Values[(Math.Clamp(t + i, 0, steps - 1) * steps) + t] += (Real)1 / kernelSize;
            }
        }

        return kernel;
    }
}
