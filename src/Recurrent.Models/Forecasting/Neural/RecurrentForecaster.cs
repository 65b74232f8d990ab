using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>How a <see cref="RecurrentForecaster"/> comes to several steps.</summary>
public enum ForecastStrategy
{
    /// <summary>All steps at once from what was read last: <c>ŷ = W·h_L + b</c>.</summary>
    Direct,

    /// <summary>One step, which is read in turn to forecast the next one.</summary>
    Recursive,

    /// <summary>A second recurrence goes on from the states in which the first has ended, one step of the horizon after
    /// another, and reads the covariates that are known there.</summary>
    SequenceToSequence,
}

/// <summary>A recurrent network, of any cell, over the look-back.</summary>
/// <remarks>
/// <para>
/// All targets of a series are read and forecast together. With x_t the features of a step, <c>h_t = cell(x_t, h_{t−1})</c> in as
/// many layers as asked for, dropout between them; then as <see cref="ForecastStrategy"/> says. Static features stand
/// beside x_t and h_L; for <see cref="ForecastStrategy.Direct"/> so do the future covariates of all steps.
/// </para>
/// <para>
/// Unless told otherwise it forecasts the difference from the seasonal naive forecast, from the last value, or from the mean,
/// whichever of the three is best on the series (<see cref="WindowScaling"/>).
/// </para>
/// </remarks>
public sealed class RecurrentForecaster : NetworkForecaster
{
    private readonly string cell;
    private readonly ForecastStrategy strategy;
    private readonly int units;
    private readonly int layers;
    private readonly double dropout;
    private readonly WindowScaling? scaling;
    private readonly bool? autoregression;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="cell">The recurrent layer: LSTM, GRU, SimpleRNN, MinGRU or any other; default <c>LSTM</c>.</param>
    /// <param name="strategy">How it comes to several steps; default all at once.</param>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps that it forecasts at once; null for a season, or 8. A recursive one is trained for one
    /// step.</param>
    /// <param name="units">Units of each layer; default 32.</param>
    /// <param name="layers">Number of layers; default 1.</param>
    /// <param name="dropout">Share of the features behind each layer that training drops; default 0.1.</param>
    /// <param name="scaling">How windows are scaled; null for what suits the series.</param>
    /// <param name="autoregression">Whether a linear forecast of the whole look-back is added; null where there are windows
    /// enough to learn one from, and forecasts are not recursive.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: quantiles, rate 0.005.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public RecurrentForecaster(
        string cell = "LSTM",
        ForecastStrategy strategy = ForecastStrategy.Direct,
        int? lookback = null,
        int? horizon = null,
        int units = 32,
        int layers = 1,
        double dropout = 0.1,
        WindowScaling? scaling = null,
        bool? autoregression = null,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        ArgumentNullException.ThrowIfNull(cell);
        (this.cell, this.strategy, this.units, this.layers, this.dropout, this.scaling, this.autoregression) =
            (cell, strategy, units, layers, dropout, scaling, autoregression);
        CheckOptions(new OptionCheck(nameof(RecurrentForecaster)))
            .Positive(nameof(units), units)
            .Positive(nameof(layers), layers)
            .Rate(nameof(dropout), dropout)
            .Require(Enum.IsDefined(strategy), "strategy must be one of the three there are")
            .Require(scaling is null || Enum.IsDefined(scaling.Value), "scaling must be one of those there are")
            .Require(LayerNames.Registry.Contains(cell),
                $"cell must be the name of a recurrent layer, such as LSTM or GRU, but is '{cell}'")
            .ThrowIfAny();
        _ = NetworkParts.Recurrence(cell, units, "probe");
    }

    /// <inheritdoc/>
    public override string ClassName => "RecurrentForecaster";

    /// <inheritdoc/>
    public override string Name => strategy switch
    {
        ForecastStrategy.Direct => cell,
        ForecastStrategy.Recursive => cell + " (recursive)",
        _ => cell + " (sequence to sequence)",
    };

    internal override bool IsPerVariable => false;

    internal override int? TrainedHorizon => strategy == ForecastStrategy.Recursive ? 1 : null;

    internal override NetworkDefaults Defaults { get; } = new() { LearningRate = 5e-3, Decay = 0.98, MembersOfFew = 3 };

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("cell", cell);
        config.Add("strategy", strategy.ToString());
        config.Add("units", units);
        config.Add("layers", layers);
        config.Add("dropout", dropout);
        config.Add("scaling", scaling?.ToString());
        config.Add("autoregression", autoregression);
        return config;
    }

    internal static RecurrentForecaster Read(ConfigReader config) => Read(config, "LSTM");

    internal static RecurrentForecaster Read(ConfigReader config, string cell) => new(
        config.OptionalString("cell") ?? cell, ReadEnum<ForecastStrategy>(config, "strategy") ?? ForecastStrategy.Direct,
        config.OptionalInt("lookback"), config.OptionalInt("horizon"), config.Int("units", 32), config.Int("layers", 1),
        config.Double("dropout", 0.1), ReadEnum<WindowScaling>(config, "scaling"), ReadFlag(config, "autoregression"),
        config.OptionalInt("season"),
        ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) =>
        scaling ?? ScalingChoice.For(panel, season, horizon);

    internal override bool UsesLogFor(double[] values, int season) => ScalingChoice.IsLogarithmic(values, season);

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var parts = new NetworkParts(sizes);
        bool decodes = strategy == ForecastStrategy.SequenceToSequence;
        Symbol read = parts.PastWithStatic();
        List<Symbols> states = [];
        for (int layer = 0; layer < layers; layer++)
        {
            bool last = layer == layers - 1;
            Symbols given = NetworkParts.Recurrence(cell, units, FormattableString.Invariant($"read_{layer + 1}"), !last, decodes)
                .Call(Symbols.Create([read]));
            read = Dropped(given[0], FormattableString.Invariant($"dropout_{layer + 1}"));
            states.Add(Symbols.Create([.. given.Skip(1)]));
        }

        Symbol forecast = decodes
            ? Decode(parts, sizes, read, states)
            : new Dense(parts.Numbers, name: "output").Call(parts.WithContext(read));

        // Fed back step by step, a linear part runs away where it has a root above 1.
        bool linear = autoregression ?? (parts.HasManyWindows && strategy != ForecastStrategy.Recursive);
        return parts.Network(linear ? parts.WithAutoregression(forecast) : forecast, "recurrent");
    }

    private Symbol Decode(NetworkParts parts, NetworkSizes sizes, Symbol read, List<Symbols> states)
    {
        Symbol context = parts.Static is null ? read : new Concatenate(name: "with_static").Call(read, parts.Static);
        Symbol steps = new RepeatVector(sizes.Horizon, name: "context_of_each").Call(context);
        if (parts.Future is not null)
        {
            steps = new Concatenate(name: "with_future").Call(steps, parts.Future);
        }

        for (int layer = 0; layer < layers; layer++)
        {
            RecurrentLayer recurrence = NetworkParts.Recurrence(
                cell, units, FormattableString.Invariant($"write_{layer + 1}"), returnSequences: true);
            steps = Dropped(recurrence.Call(Symbols.Create([steps]), states[layer])[0],
                FormattableString.Invariant($"write_dropout_{layer + 1}"));
        }

        return new Dense(sizes.Targets * sizes.Levels, name: "output").Call(steps);
    }

    private Symbol Dropped(Symbol features, string name) =>
        dropout > 0 ? new Dropout(dropout, name: name).Call(features) : features;
}
