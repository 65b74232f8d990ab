using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Exponential smoothing and a recurrent network trained as one, global over a panel: each series has smoothing parameters and
/// seasonal indices of its own, all share the network (Smyl, "A hybrid method of exponential smoothing and recurrent neural
/// networks for time series forecasting", 2020; the winner of M4).
/// </summary>
/// <remarks>
/// <para>
/// Positive series are taken as logarithms, so that level, season and what the network adds multiply. Over the look-back
/// <see cref="SeriesSmoothing"/> computes level and seasonal indices with <c>α_i = sigmoid(a_i)</c>, <c>γ_i = sigmoid(g_i)</c>
/// and first indices corrected by <c>d_i</c>, which training learns for each series i, its gradients going back through the
/// recursion. What is left, r, is cut into seasons and read by a stack of recurrent layers, the later ones dilated and each
/// added to what it reads; <c>ŷ_h = level + season_h + W_h·[h_last, static, future] + b_h</c>, W zero at first, so that training
/// begins with exponential smoothing itself.
/// </para>
/// <para>
/// Unlike the paper's: the recursion begins anew in each window, from its first season; there is no penalty on a level that
/// wiggles, one season and not two, and members differ by their first weights only. Each variable is forecast by itself.
/// </para>
/// </remarks>
public sealed class EsRnn : PanelNetwork
{
    // Per-series numbers are seen in few of the updates and take larger steps than weights.
    private const double Stride = 10;
    private readonly string cell;
    private readonly int units;
    private readonly int layers;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="lookback">Steps that it sees, two seasons at least; null for one that follows from season and
    /// horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8.</param>
    /// <param name="cell">The recurrent layer: LSTM, GRU or any other; default <c>LSTM</c>.</param>
    /// <param name="units">Units of each layer; default 40.</param>
    /// <param name="layers">Number of layers, layer k reading every k-th segment; default 2.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public EsRnn(
        int? lookback = null,
        int? horizon = null,
        string cell = "LSTM",
        int units = 40,
        int layers = 2,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        ArgumentNullException.ThrowIfNull(cell);
        (this.cell, this.units, this.layers) = (cell, units, layers);
        CheckOptions(new OptionCheck(nameof(EsRnn)))
            .Positive(nameof(units), units)
            .Positive(nameof(layers), layers)
            .Require(LayerNames.Registry.Contains(cell),
                $"cell must be the name of a recurrent layer, such as LSTM or GRU, but is '{cell}'", "cell")
            .ThrowIfAny();
        _ = NetworkParts.Recurrence(cell, units, "probe");
    }

    /// <inheritdoc/>
    public override string ClassName => "EsRnn";

    /// <inheritdoc/>
    public override string Name => "ES-RNN";

    /// <inheritdoc/>
    public override Covariates Uses => Covariates.Future | Covariates.Static;

    internal override NetworkDefaults Defaults { get; } = new()
    {
        LearningRate = 2e-3,
        Cosine = true,
        Updates = 4000,
        MostEpochs = 500,
        ValidationShare = 0,
    };

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("cell", cell);
        config.Add("units", units);
        config.Add("layers", layers);
        return config;
    }

    internal static EsRnn Read(ConfigReader config) => new(
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.OptionalString("cell") ?? "LSTM",
        config.Int("units", 40), config.Int("layers", 2), config.OptionalInt("season"), ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) => WindowScaling.None;

    internal override int? LookbackFor(int season, int horizon) => null;

    // Two seasons, as soon as every place of a third is forecast from some window. What is shorter has none that could be
    // smoothed: the network would read its steps one by one, and more of them the longer the season is.
    internal override int DefaultLookback(int season, int horizon, int shortest)
    {
        int lookback = base.DefaultLookback(season, horizon, shortest);
        return season == 1 || lookback >= 2 * season ? lookback
            : shortest >= (3L * season) + horizon - 1 ? 2 * season
            : base.DefaultLookback(1, horizon, shortest);
    }

    internal override int WantedLookback(int season, int horizon) =>
        Math.Max(2 * Math.Max(season, horizon), LeastWanted);

    internal override int LeastHistory(int lookback, int season) => lookback;

    internal override int ChannelsOf(int series, int targets) => series * targets;

    internal override IReadOnlyList<LazyArray> InputsOf(NetworkWindows windows)
    {
        List<LazyArray> inputs = [new PastSource(windows)];
        if (windows.Sizes.FutureFeatures > 0)
        {
            inputs.Add(new FutureSource(windows));
        }

        if (windows.Sizes.StaticFeatures > 0)
        {
            inputs.Add(new StaticSource(windows));
        }

        inputs.Add(new SeriesIdSource(windows));
        if (SeasonOf(windows.Sizes) > 1)
        {
            inputs.Add(new SeasonIdSource(windows));
        }

        return inputs;
    }

    /// <summary>The season that is smoothed: none where a window does not hold two.</summary>
    internal static int SeasonOf(NetworkSizes sizes) => sizes.Lookback >= 2 * sizes.Season ? sizes.Season : 1;

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        int season = SeasonOf(sizes);
        var parts = new NetworkParts(sizes);
        Symbol series = parts.AddInput(1, "series");
        Symbol target = parts.SplitPast().Target;

        // What each series has of its own stands in tables: smoothing parameters, and an index for each place of its season.
        Symbol smoothing = Own(
            new Embedding(sizes.Channels, season > 1 ? 2 : 1, new Constant(-1 / Stride), name: "smoothing").Call(series),
            season > 1 ? 2 : 1, "smoothing");
        if (season > 1)
        {
            Symbol places = parts.AddInput(season, "seasons");
            Symbol indices = Own(
                new Embedding(checked(sizes.Channels * season), 1, "zeros", name: "indices").Call(places), season, "indices");
            smoothing = new Concatenate(name: "parameters").Call(smoothing, indices);
        }

        Symbol smoothed = new Reshape([sizes.Lookback + sizes.Horizon, 1], name: "smoothed").Call(
            new SeriesSmoothing(season, sizes.Horizon, name: "smooth").Call(
                new Concatenate(name: "with_window").Call(smoothing, target)));
        Symbol expected = new Cropping1D((sizes.Lookback, 0), name: "expected").Call(smoothed);

        int segments = sizes.Lookback / season;
        Symbol left = new Cropping1D((sizes.Lookback % season, sizes.Horizon), name: "left").Call(smoothed);
        Symbol read = new Dense(units, "tanh", name: "embed").Call(new Reshape([segments, season], name: "segments").Call(left));
        for (int layer = 1; layer <= layers; layer++)
        {
            RecurrentLayer recurrence = NetworkParts.Recurrence(
                cell, units, FormattableString.Invariant($"read_{layer}"), returnSequences: true);
            Layer reader = layer == 1 ? recurrence
                : new Dilated(recurrence, layer, name: FormattableString.Invariant($"dilated_{layer}"));
            read = new Add(name: FormattableString.Invariant($"residual_{layer}")).Call(read, reader.Call(read)[0]);
        }

        Symbol last = new Reshape([units], name: "last").Call(new Cropping1D((segments - 1, 0), name: "last_segment").Call(read));
        Symbol added = new Dense(parts.Numbers, kernelInitializer: "zeros", name: "output").Call(parts.WithContext(last));
        Symbol steps = new Reshape([sizes.Horizon, sizes.Levels], name: "steps").Call(added);
        return parts.Network(new Add(name: "sum").Call(steps, expected), "es_rnn");
    }

    private static Symbol Own(Symbol rows, int count, string name) => new Rescaling(Stride, name: name + "_scale").Call(
        new Reshape([count], name: name + "_of_series").Call(rows));
}

/// <summary>Which series, and variable of it, a sample is of: (1).</summary>
internal sealed class SeriesIdSource(NetworkWindows windows) : WindowSource(windows, 1)
{
    /// <inheritdoc/>
    internal override int MostId => Sizes.Channels - 1;

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values) => values[0] = IdOf(Windows, Windows.At(sample));

    /// <summary>The number of a series and variable.</summary>
    public static int IdOf(NetworkWindows windows, in WindowPlace window) => (window.Place * windows.Parts) + window.Target;
}

/// <summary>For each step of a window's first season, the number of its place in the season of its series: (season).</summary>
internal sealed class SeasonIdSource(NetworkWindows windows) : WindowSource(windows, EsRnn.SeasonOf(windows.Sizes))
{
    /// <inheritdoc/>
    internal override int MostId => checked(Sizes.Channels * EsRnn.SeasonOf(Sizes)) - 1;

    /// <inheritdoc/>
    public override void Read(int sample, Span<Real> values)
    {
        WindowPlace window = Windows.At(sample);
        int season = values.Length;
        int id = SeriesIdSource.IdOf(Windows, window);
        long first = window.Series.Start + window.End - Sizes.Lookback + 1;
        for (int j = 0; j < season; j++)
        {
            values[j] = (id * season) + (int)((((first + j) % season) + season) % season);
        }
    }
}
