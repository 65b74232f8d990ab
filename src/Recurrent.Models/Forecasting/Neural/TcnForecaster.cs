using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A temporal convolutional network: blocks of dilated causal convolutions, each dilated twice as far as the one before,
/// until the whole look-back is seen (Bai, Kolter and Koltun, 2018).</summary>
/// <remarks>
/// <see cref="TemporalBlock"/>s with dilation rates 1, 2, 4, …; static features stand beside each step, and once
/// more, with the future covariates, beside the features of the last step, which give all steps at once: <c>ŷ = W·f_L + b</c>.
/// All targets are forecast together.
/// </remarks>
public sealed class TcnForecaster : NetworkForecaster
{
    // Of a look-back of two days of hours.
    private const int BlocksOfDays = 4;

    private readonly int filters;
    private readonly int kernelSize;
    private readonly double dropout;
    private readonly WindowScaling? scaling;
    private readonly bool? autoregression;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="filters">Filters of each block; default 32.</param>
    /// <param name="kernelSize">Steps that a convolution sees; default 3.</param>
    /// <param name="dropout">Share of the channels behind each convolution that training drops; default 0.1.</param>
    /// <param name="scaling">How windows are scaled; null for what suits the series, as in
    /// <see cref="RecurrentForecaster"/>.</param>
    /// <param name="autoregression">Whether a linear forecast of the whole look-back is added; null where there are windows
    /// enough to learn one from.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: quantiles, rate 0.003.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public TcnForecaster(
        int? lookback = null,
        int? horizon = null,
        int filters = 32,
        int kernelSize = 3,
        double dropout = 0.1,
        WindowScaling? scaling = null,
        bool? autoregression = null,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        (this.filters, this.kernelSize, this.dropout, this.scaling, this.autoregression) =
            (filters, kernelSize, dropout, scaling, autoregression);
        CheckOptions(new OptionCheck(nameof(TcnForecaster)))
            .Positive(nameof(filters), filters)
            .Require(kernelSize >= 2, FormattableString.Invariant($"kernelSize must be at least 2, but is {kernelSize}"))
            .Rate(nameof(dropout), dropout)
            .Require(scaling is null || Enum.IsDefined(scaling.Value), "scaling must be one of those there are")
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "TcnForecaster";

    /// <inheritdoc/>
    public override string Name => "TCN";

    internal override bool IsPerVariable => false;

    internal override NetworkDefaults Defaults { get; } = new() { LearningRate = 3e-3, Decay = 0.98, MembersOfFew = 3 };

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("filters", filters);
        config.Add("kernel_size", kernelSize);
        config.Add("dropout", dropout);
        config.Add("scaling", scaling?.ToString());
        config.Add("autoregression", autoregression);
        return config;
    }

    internal static TcnForecaster Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.Int("filters", 32), config.Int("kernel_size", 3),
        config.Double("dropout", 0.1), ReadEnum<WindowScaling>(config, "scaling"), ReadFlag(config, "autoregression"),
        config.OptionalInt("season"),
        ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) =>
        scaling ?? ScalingChoice.For(panel, season, horizon);

    // Each block is a network over all steps, and they no longer fit into the caches.
    internal override int StepsOfWindow(NetworkSizes sizes)
    {
        int blocks = Math.Max(BlocksOfDays, BlocksOf(sizes.Lookback));
        return (int)Math.Min(
            int.MaxValue, (long)base.StepsOfWindow(sizes) * blocks * blocks / (BlocksOfDays * BlocksOfDays));
    }

    internal override bool UsesLogFor(double[] values, int season) => ScalingChoice.IsLogarithmic(values, season);

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var parts = new NetworkParts(sizes);
        Symbol found = parts.PastWithStatic();
        int features = sizes.PastFeatures + sizes.StaticFeatures;
        int blocks = BlocksOf(sizes.Lookback);
        for (int block = 0; block < blocks; block++)
        {
            int dilation = 1 << block;
            found = new TemporalBlock(features, filters, kernelSize, dilation, dropout,
                name: FormattableString.Invariant($"block_{dilation}")).Call(found);
            features = filters;
        }

        Symbol last = new Reshape([filters], name: "last").Call(
            sizes.Lookback > 1 ? new Cropping1D((sizes.Lookback - 1, 0), name: "last_step").Call(found) : found);
        Symbol forecast = new Dense(parts.Numbers, name: "output").Call(parts.WithContext(last));
        return parts.Network(autoregression ?? parts.HasManyWindows ? parts.WithAutoregression(forecast) : forecast, "tcn");
    }

    /// <summary>Blocks, each dilated twice as far as the one before, that see a look-back.</summary>
    private int BlocksOf(int lookback)
    {
        int blocks = 1;
        for (long seen = 1 + (2L * (kernelSize - 1)); seen < lookback; blocks++)
        {
            seen += 2L * (kernelSize - 1) << blocks;
        }

        return blocks;
    }
}
