using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// One GRU over segments of the look-back, and all segments of the horizon decoded at the same time from its last state (Lin et
/// al., "SegRNN: Segment recurrent neural network for long-term time series forecasting", 2023).
/// </summary>
/// <remarks>
/// <para>
/// With the last value x_L taken off and the look-back cut into L / w segments of w steps: <c>e_i = relu(W_e·s_i + b_e)</c>,
/// <c>h_i = GRU(e_i, h_{i−1})</c>. For segment j of the horizon, <c>d_j = GRU(p_j + c, h_n)</c>, one step of the same GRU from
/// the same state, with a position p_j and a vector c for each variable (the paper joins two halves; the sum holds them), then
/// <c>ŷ_j = W_o·drop(d_j) + b_o + x_L</c>. Each variable is forecast by itself with the same weights.
/// </para>
/// <para>
/// Past covariates stand beside the target in each segment; future ones of a segment go through a dense layer to p_j; static
/// features are added to c. <see cref="SegmentGRU"/> is the layer. Where w does not divide the look-back its oldest steps, and of
/// the horizon those of the last segment that are too many, are left out.
/// </para>
/// </remarks>
public sealed class SegRNN : NetworkForecaster
{
    private const int LongestSegment = 24;

    // From so many windows on it is wider, and trained as in the paper's code where they are of several variables.
    private const long ManyWindows = 5000;
    private const int WindowsToAnUpdate = 256;
    private const int MostOfAWindow = 8;
    private const int Passes = 5;
    private const int PassesOfFar = 4;

    // From so many look-backs on a horizon is far: its windows overlap so much that they are learned by heart sooner.
    private const int FarHorizon = 4;
    private const int FarOfOthers = 2;

    // Segments that are read one after the other, up to which the GRU is as wide as the paper's.
    private const int SegmentsOfWidest = 12;
    private const int SegmentsOfFullTraining = 24;

    // The GRU is wider than those that take single steps.
    private const int StepsLikeASegment = 16;
    private readonly int? segmentLength;
    private readonly int? units;
    private readonly double dropout;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="segmentLength">Steps of a segment w; null for the largest divisor of look-back and horizon up to 24 and up to
    /// half of the look-back.</param>
    /// <param name="units">Units of the GRU, and of all that goes into it; null for 64 where there are fewer than 5000 windows,
    /// and else 256 or, with several variables and no more than 12 segments to read, 512, the paper's.</param>
    /// <param name="dropout">Share of the decoded features that training drops; default 0.5, the paper's.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults. With 5000 windows or more of several
    /// variables: the loss <c>mse</c>, batches of 256 windows of all variables (2048 samples at most), five passes over all
    /// windows, four where the horizon is more than four times the look-back, 1500 updates at most, and no stop before. Else: the
    /// loss <c>mae</c>, 1500 updates, fewer where the horizon is more than twice the look-back. The rate falls from 0.001 over
    /// half a cosine.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public SegRNN(
        int? lookback = null,
        int? horizon = null,
        int? segmentLength = null,
        int? units = null,
        double dropout = 0.5,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        (this.segmentLength, this.units, this.dropout) = (segmentLength, units, dropout);
        CheckOptions(new OptionCheck(nameof(SegRNN)))
            .Positive(nameof(segmentLength), segmentLength ?? 1)
            .Positive(nameof(units), units ?? 1)
            .Rate(nameof(dropout), dropout)
            .ThrowIfAny();
    }

    /// <inheritdoc/>
    public override string ClassName => "SegRNN";

    internal override bool IsPerVariable => true;

    internal override bool ReadsChannel => true;

    internal override NetworkDefaults Defaults { get; } = new()
    {
        Loss = "mae",
        LearningRate = 1e-3,
        Cosine = true,
        Updates = 1500,
        LeastEpochs = 5,
        MostEpochs = 100,
    };

    // Many windows show the mean, which squares ask for; of few, one far off would count for too much.
    internal override string LossFor(NetworkSizes sizes) =>
        Training.Loss ?? (IsLikeThePaper(sizes) ? "mse" : LossName);

    // The variables of one stamp move together, so that one alone says little.
    internal override int? BatchFor(NetworkWindows windows) =>
        IsLikeThePaper(windows.Sizes) ? WindowsToAnUpdate * Math.Min(MostOfAWindow, windows.Parts) : null;

    // So short a training does not overfit, and windows of later months may be least wrong by chance.
    internal override bool StopsEarly(NetworkSizes sizes) => !IsLikeThePaper(sizes);

    internal override int UpdatesFor(NetworkSizes sizes)
    {
        long updates = IsLikeThePaper(sizes)
            ? sizes.Windows * (sizes.Horizon > FarHorizon * sizes.Lookback ? PassesOfFar : Passes) / WindowsToAnUpdate
            : (long)Defaults.Updates * FarOfOthers * sizes.Lookback / sizes.Horizon;
        updates = Math.Min(Defaults.Updates, updates);
        int segments = (sizes.Lookback + sizes.Horizon) / SegmentOf(sizes);
        return IsLikeThePaper(sizes) && sizes.Lookback / SegmentOf(sizes) <= SegmentsOfWidest
            ? (int)updates
            : (int)Math.Max(Math.Min(LeastUpdates, updates), updates * SegmentsOfFullTraining
                / Math.Max(SegmentsOfFullTraining, segments));
    }

    internal override int StepsOfWindow(NetworkSizes sizes) =>
        StepsLikeASegment * ((sizes.Lookback + sizes.Horizon) / SegmentOf(sizes));

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("segment_length", segmentLength);
        config.Add("units", units);
        config.Add("dropout", dropout);
        return config;
    }

    internal static SegRNN Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.OptionalInt("segment_length"),
        config.OptionalInt("units"), config.Double("dropout", 0.5), config.OptionalInt("season"), ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) => WindowScaling.Last;

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        int length = SegmentOf(sizes);
        int seen = sizes.Lookback / length;
        int width = units ?? (sizes.Windows < ManyWindows ? 64 : IsLikeThePaper(sizes) && seen <= SegmentsOfWidest ? 512 : 256);
        int ahead = (sizes.Horizon + length - 1) / length;
        VarianceScaling? kernel = KernelFor(sizes);
        var parts = new NetworkParts(sizes, channel: true);
        Symbol past = sizes.Lookback % length == 0
            ? parts.Past
            : new Cropping1D((sizes.Lookback % length, 0), name: "newest").Call(parts.Past);
        Symbol segments = new Reshape([seen, length * sizes.PastFeatures], name: "segments").Call(past);
        Symbol embedded = new Dense(width, "relu", kernelInitializer: kernel, name: "embed").Call(segments);
        Symbol[] read = [embedded, ChannelOf(parts, sizes, width)];
        if (parts.Future is not null)
        {
            Symbol known = ahead * length == sizes.Horizon
                ? parts.Future
                : new ZeroPadding1D((0, (ahead * length) - sizes.Horizon), name: "whole_segments").Call(parts.Future);
            Symbol cut = new Reshape([ahead, length * sizes.FutureFeatures], name: "future_segments").Call(known);
            read = [.. read, new Dense(width, kernelInitializer: kernel, name: "embed_future").Call(cut)];
        }

        Symbol decoded = new SegmentGRU(
            width, ahead, kernelInitializer: kernel, recurrentInitializer: kernel, positionsInitializer: Normal(), name: "gru")
            .Call(Symbols.Create(read));
        Symbol numbers = new Dense(length * sizes.Levels, kernelInitializer: kernel, name: "output").Call(
            dropout > 0 ? new Dropout(dropout, name: "dropout").Call(decoded) : decoded);
        Symbol steps = new Reshape([ahead * length, sizes.Levels], name: "steps").Call(numbers);
        return parts.Network(
            ahead * length == sizes.Horizon
                ? steps
                : new Cropping1D((0, (ahead * length) - sizes.Horizon), name: "horizon").Call(steps),
            "segrnn");
    }

    // Of several variables, as in its benchmarks; many series of one do better as before.
    private static bool IsLikeThePaper(NetworkSizes sizes) => sizes.Windows >= ManyWindows && sizes.Variables > 1;

    // Uniform in ±1/√inputs: on ETTh1 errors are 1 to 3 % larger with the layers' own, which are what others keep.
    private static VarianceScaling? KernelFor(NetworkSizes sizes) => IsLikeThePaper(sizes)
        ? new(scale: 1.0 / 3, mode: "fan_in", distribution: "uniform")
        : null;

    private static RandomNormal Normal() => new(stddev: 1);

    private static Symbol ChannelOf(NetworkParts parts, NetworkSizes sizes, int width)
    {
        Symbol vector = new Reshape([width], name: "channel_vector").Call(
            new Embedding(sizes.Channels, width, Normal(), name: "channels").Call(parts.Channel!));
        return parts.Static is null
            ? vector
            : new Add(name: "with_static").Call(
                vector, new Dense(width, kernelInitializer: KernelFor(sizes), name: "embed_static").Call(parts.Static));
    }

    private int SegmentOf(NetworkSizes sizes)
    {
        if (segmentLength is { } given)
        {
            return Math.Min(given, sizes.Lookback);
        }

        for (int length = Math.Min(LongestSegment, Math.Max(1, sizes.Lookback / 2)); length > 1; length--)
        {
            if (sizes.Lookback % length == 0 && sizes.Horizon % length == 0)
            {
                return length;
            }
        }

        return 1;
    }
}
