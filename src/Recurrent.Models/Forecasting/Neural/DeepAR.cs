using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Forecasting;

/// <summary>
/// An autoregressive recurrent network whose outputs are the parameters of the distribution of the next step; forecasts are drawn
/// from it path by path (Salinas, Flunkert, Gasthaus and Januschowski, "DeepAR: Probabilistic forecasting with autoregressive
/// recurrent networks", 2020).
/// </summary>
/// <remarks>
/// <para>
/// With u the series divided by the mean size of its values over the look-back: <c>h_t = cell([u_{t−1}, u_{t−season}, x_t, s],
/// h_{t−1})</c> in as many layers as asked for, x the covariates known ahead and s the static features, and <c>y_t ~ p(· | W·h_t
/// + b)</c>. Training makes the negative log-likelihood of all steps of look-back and horizon small, each given the true ones
/// before it; a forecast feeds each path its own draws, over any horizon. Quantiles are those of the paths; the point forecast
/// is their median.
/// </para>
/// <para>
/// <c>negative-binomial</c> is for counts: its mean is <c>exp(o + log scale)</c>. <c>quantile</c> gives the quantiles of
/// <see cref="NetworkTraining.Quantiles"/> for each next step, and draws from what lies between them. Windows are drawn evenly
/// and not by their scale, as the paper's are. Each variable is forecast by itself with the same weights.
/// </para>
/// </remarks>
public sealed partial class DeepAR : NetworkForecaster
{
    private const int MostPaths = 100_000;
    private static readonly string[] Likelihoods = ["student-t", "gaussian", "negative-binomial", "quantile"];
    private readonly string likelihood;
    private readonly string cell;
    private readonly int units;
    private readonly int layers;
    private readonly double dropout;
    private readonly int paths;

    /// <summary>Creates the forecaster.</summary>
    /// <param name="likelihood"><c>student-t</c> (the default), <c>gaussian</c>, <c>negative-binomial</c> or
    /// <c>quantile</c>.</param>
    /// <param name="lookback">Steps that it sees; null for one that follows from season and horizon.</param>
    /// <param name="horizon">Steps ahead that windows of training have; null for a season, or 8.</param>
    /// <param name="cell">The recurrent layer: LSTM, GRU or any other; default <c>LSTM</c>.</param>
    /// <param name="units">Units of each layer; default 40, the paper's.</param>
    /// <param name="layers">Number of layers; default 2.</param>
    /// <param name="dropout">Share of the features behind each layer that training drops; default 0.1.</param>
    /// <param name="paths">Paths that quantiles are taken from; default 200.</param>
    /// <param name="season">Steps of a season; null for that of the series' frequency.</param>
    /// <param name="training">How it is trained; null for the defaults: rate 0.003.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public DeepAR(
        string likelihood = "student-t",
        int? lookback = null,
        int? horizon = null,
        string cell = "LSTM",
        int units = 40,
        int layers = 2,
        double dropout = 0.1,
        int paths = 200,
        int? season = null,
        NetworkTraining? training = null)
        : base(lookback, horizon, season, training)
    {
        ArgumentNullException.ThrowIfNull(likelihood);
        ArgumentNullException.ThrowIfNull(cell);
        (this.likelihood, this.cell, this.units, this.layers, this.dropout, this.paths) =
            (likelihood, cell, units, layers, dropout, paths);
        CheckOptions(new OptionCheck(nameof(DeepAR)))
            .Require(Likelihoods.Contains(likelihood),
                $"likelihood must be one of {string.Join(", ", Likelihoods)}, but is '{likelihood}'", "likelihood")
            .Positive(nameof(units), units)
            .Positive(nameof(layers), layers)
            .Rate(nameof(dropout), dropout)
            .Require(paths is >= 10 and <= MostPaths, FormattableString.Invariant(
                $"paths must be from 10 to {MostPaths}, but is {paths}"), "paths")
            .Require(LayerNames.Registry.Contains(cell),
                $"cell must be the name of a recurrent layer, such as LSTM or GRU, but is '{cell}'", "cell")
            .Require(Training.Loss is null or "quantile" && (Training.Loss is null || likelihood == "quantile"),
                "the loss follows from the likelihood: leave it out of the training options", "loss")
            .ThrowIfAny();
        _ = NetworkParts.Recurrence(cell, units, "probe");
    }

    /// <inheritdoc/>
    public override string ClassName => "DeepAR";

    /// <inheritdoc/>
    public override Covariates Uses => Covariates.Future | Covariates.Static;

    internal override bool IsPerVariable => true;

    internal override bool MeasuresErrors => false;

    internal override int StepsOfFullTraining => 120;

    internal override NetworkDefaults Defaults { get; } = new() { LearningRate = 3e-3, Decay = 0.98 };

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("likelihood", likelihood);
        config.Add("cell", cell);
        config.Add("units", units);
        config.Add("layers", layers);
        config.Add("dropout", dropout);
        config.Add("paths", paths);
        return config;
    }

    internal static DeepAR Read(ConfigReader config) => new(
        config.OptionalString("likelihood") ?? "student-t", config.OptionalInt("lookback"), config.OptionalInt("horizon"),
        config.OptionalString("cell") ?? "LSTM", config.Int("units", 40), config.Int("layers", 2), config.Double("dropout", 0.1),
        config.Int("paths", 200), config.OptionalInt("season"), ReadTraining(config));

    internal override WindowScaling ScalingFor(IReadOnlyList<SeriesValues> panel, int season, int horizon) => WindowScaling.Mean;

    internal override int LeastHistory(int lookback, int season) => Math.Min(lookback, season + 2);

    internal override int LevelsOf() => NewLoss() is LikelihoodLoss own ? own.ParameterNames.Count : Training.Levels.Count;

    internal override Loss CreateLoss(NetworkSizes sizes) => NewLoss();

    internal override Shape? OutputOf(NetworkSizes sizes) => new Shape(StepsOf(sizes), sizes.Levels);

    internal override IReadOnlyList<LazyArray> InputsOf(NetworkWindows windows) => CountsOnly
        ? [new AutoregressiveSource(windows), new LogScaleSource(windows)]
        : [new AutoregressiveSource(windows)];

    internal override LazyArray TargetsOf(NetworkWindows windows) => new NextStepSource(windows, CountsOnly);

    internal override LazyArray? WeightsOf(NetworkWindows windows, bool anyMissing) => new ObservedSource(windows);

    /// <summary>Steps of a window that are forecast one by one: all but the first.</summary>
    internal static int StepsOf(NetworkSizes sizes) => sizes.Lookback + sizes.Horizon - 1;

    private bool CountsOnly => likelihood == "negative-binomial";

    private Loss NewLoss() => likelihood switch
    {
        "gaussian" => new GaussianNLL(),
        "negative-binomial" => new NegativeBinomialNLL(),
        "quantile" => new Quantile(Training.Levels),
        _ => new StudentTNLL(),
    };

    /// <inheritdoc/>
    protected override Model CreateNetwork(NetworkSizes sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        int steps = StepsOf(sizes);
        var sequence = new Input((steps, AutoregressiveSource.FeaturesOf(sizes)), name: "sequence");
        Symbol read = sequence;
        for (int layer = 1; layer <= layers; layer++)
        {
            read = NetworkParts.Recurrence(cell, units, FormattableString.Invariant($"read_{layer}"), returnSequences: true)
                .Call(Symbols.Create([read]))[0];
            read = dropout > 0 ? new Dropout(dropout, name: FormattableString.Invariant($"dropout_{layer}")).Call(read) : read;
        }

        if (!CountsOnly)
        {
            return new(sequence, new Dense(sizes.Levels, name: "parameters").Call(read), "deep_ar", sizes.Seed);
        }

        var scale = new Input((steps, 1), name: "log_scale");
        Symbol mean = new Add(name: "log_mean").Call(new Dense(1, name: "relative_mean").Call(read), scale);
        Symbol dispersion = new Dense(1, name: "dispersion").Call(read);
        Symbol both = new Concatenate(name: "parameters").Call(mean, dispersion);
        return new(new Symbol[] { sequence, scale }, both, "deep_ar", sizes.Seed);
    }

    /// <inheritdoc/>
    internal override string? Refuse(double value) =>
        !CountsOnly || (value >= 0 && Math.Abs(value - Math.Round(value)) <= 1e-9 * value) ? null
            : "The negative binomial distribution is for counts: 0, 1, 2 and so on. Take the likelihood student-t, or "
                + (value < 0 ? "correct the value." : "round the values.");
}
