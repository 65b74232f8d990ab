using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>A transformer over patches of the look-back, each variable by itself with the same weights (Nie et al., "A time
/// series is worth 64 words: long-term forecasting with transformers", 2023: PatchTST).</summary>
/// <remarks>
/// With the look-back scaled to mean 0 and deviation 1: <c>e_i = W_p·patch_i + p_i</c> for patches of <c>patchLength</c> steps,
/// each <c>stride</c> after the one before; blocks of attention and dense layers (<see cref="TransformerEncoder"/>); all their
/// outputs side by side give all steps, <c>ŷ = W_o·vec(e) + b_o</c>, which are scaled back. Unlike the paper's it normalizes by
/// layers and not by batches, trains no scale of its own, and pads no last patch: the oldest steps that fill no patch are left
/// out. Past and future covariates and static features stand beside the target in each patch; future ones of the horizon and
/// static features beside vec(e).
/// </remarks>
public sealed class PatchTransformer : NetworkForecaster
{
    private const int PatchesOfAttention = 64;

    private readonly int patchLength;
    private readonly int stride;
    private readonly int units;
    private readonly int heads;
    private readonly int blocks;
    private readonly double dropout;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="patchLength">Steps of a patch; default 16, or half of a look-back that is shorter than 32.</param>
    /// <param name="stride">Distance of two patches; default 8, or half of a patch that is shorter than 16.</param>
    /// <param name="units">Features of each patch, a multiple of <paramref name="heads"/>; default 32.</param>
    /// <param name="heads">Heads of the attention; default 4.</param>
    /// <param name="blocks">Number of blocks; default 2.</param>
    /// <param name="dropout">Share of the features that training drops; default 0.2.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: the loss <c>mae</c>, rate 0.001.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public PatchTransformer(
        int? lookback = null,
        int? horizon = null,
        int patchLength = 16,
        int stride = 8,
        int units = 32,
        int heads = 4,
        int blocks = 2,
        double dropout = 0.2,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        (this.patchLength, this.stride, this.units, this.heads, this.blocks, this.dropout) =
            (patchLength, stride, units, heads, blocks, dropout);
        CheckOptions(new OptionCheck(nameof(PatchTransformer)))
            .Positive(nameof(patchLength), patchLength)
            .Positive(nameof(stride), stride)
            .Positive(nameof(heads), heads)
            .Require(units >= 1 && units % Math.Max(1, heads) == 0,
                FormattableString.Invariant($"units must be a multiple of the {heads} heads, but is {units}"))
            .Positive(nameof(blocks), blocks)
            .Rate(nameof(dropout), dropout)
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "PatchTransformer";

    internal override bool IsPerVariable => true;

    internal override NetworkDefaults Defaults { get; } = new() { Loss = "mae", LearningRate = 1e-3, Decay = 0.9 };

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("patch_length", patchLength);
        config.Add("stride", stride);
        config.Add("units", units);
        config.Add("heads", heads);
        config.Add("blocks", blocks);
        config.Add("dropout", dropout);
        return config;
    }

    internal static PatchTransformer Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.Int("patch_length", 16), config.Int("stride", 8),
        config.Int("units", 32), config.Int("heads", 4), config.Int("blocks", 2), config.Double("dropout", 0.2),
        config.OptionalInt("season"), ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) =>
        WindowScaling.Standard;

    // Attention of all patches to all is as much work as the rest of the network where there are so many.
    internal override int StepsOfWindow(NetworkSizes sizes) => (int)Math.Min(
        int.MaxValue, base.StepsOfWindow(sizes) * (1L + (sizes.Lookback / stride / PatchesOfAttention)));

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        int length = Math.Min(patchLength, Math.Max(1, sizes.Lookback / 2));
        int step = Math.Min(stride, Math.Max(1, length / 2));
        int patches = ((sizes.Lookback - length) / step) + 1;
        int unused = sizes.Lookback - length - ((patches - 1) * step);
        var parts = new NetworkParts(sizes);
        Symbol seen = parts.PastWithStatic();
        Symbol past = unused == 0 ? seen : new Cropping1D((unused, 0), name: "newest").Call(seen);

        // A linear map of each patch is a convolution whose stride is theirs.
        Symbol tokens = new PositionalEmbedding(patches, name: "positions").Call(
            new Conv1D(units, length, strides: step, name: "patches").Call(past));
        tokens = dropout > 0 ? new Dropout(dropout, name: "dropout").Call(tokens) : tokens;
        for (int block = 0; block < blocks; block++)
        {
            tokens = new TransformerEncoder(
                units, heads, 2 * units, dropout, "gelu", name: FormattableString.Invariant($"block_{block + 1}")).Call(tokens);
        }

        Symbol all = parts.WithContext(new Flatten(name: "all_patches").Call(tokens));
        return parts.Network(new Dense(parts.Numbers, name: "output").Call(all), "patch_transformer");
    }
}
