using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>The Box–Cox transform with a λ for each variable, as <see cref="BoxCoxTransform"/> does it.</summary>
public sealed class BoxCoxScaling : ScalerPreparation
{
    /// <summary>λ by <see cref="BoxCoxLambda.Guerrero"/>.</summary>
    public const string Guerrero = "guerrero";

    /// <summary>λ by <see cref="BoxCoxLambda.MaximumLikelihood"/>.</summary>
    public const string MaximumLikelihood = "maximum_likelihood";

    /// <summary>Creates the preparation.</summary>
    /// <param name="lambda">λ; null finds it.</param>
    /// <param name="method">How it is found: <see cref="Guerrero"/> or <see cref="MaximumLikelihood"/>.</param>
    /// <param name="season">Length of a season in steps; null takes that of the series' frequency.</param>
    /// <param name="lower">Least λ that is looked for; -1 by default.</param>
    /// <param name="upper">Greatest one; 2 by default.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public BoxCoxScaling(
        double? lambda = null,
        string method = Guerrero,
        int? season = null,
        double lower = -1,
        double upper = 2,
        IReadOnlyList<string>? variables = null)
        : base(variables, false)
    {
        ArgumentNullException.ThrowIfNull(method);
        new OptionCheck(nameof(BoxCoxScaling))
            .Finite(nameof(lambda), lambda ?? 0)
            .OneOf(nameof(method), method, Guerrero, MaximumLikelihood)
            .Positive(nameof(season), season ?? 1)
            .Finite(nameof(lower), lower)
            .Finite(nameof(upper), upper)
            .Require(lower < upper, FormattableString.Invariant($"lower must be below upper, but they are {lower} and {upper}"))
            .ThrowIfAny();
        (Lambda, Method, Season, Lower, Upper) = (lambda, method, season, lower, upper);
    }

    /// <summary>λ; null where it is found.</summary>
    public double? Lambda { get; }

    /// <summary>How λ is found.</summary>
    public string Method { get; }

    /// <summary>Length of a season; null for that of the frequency.</summary>
    public int? Season { get; }

    /// <summary>Least λ that is looked for.</summary>
    public double Lower { get; }

    /// <summary>Greatest λ that is looked for.</summary>
    public double Upper { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(BoxCoxScaling);

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("lambda", Lambda);
        config.Add("method", Method);
        config.Add("season", Season);
        config.Add("lower", Lower);
        config.Add("upper", Upper);
    }

    /// <inheritdoc/>
    protected override Scaler FitScaler(ReadOnlySpan<double> training, ReadOnlySpan<double> known, TimeSeries series)
    {
        // Seasons are counted in places, so what is missing stays in.
        ArgumentNullException.ThrowIfNull(series);
        int season = Season ?? series.Frequency?.Season ?? 1;
        return new BoxCoxTransform(Lambda ?? (Method == Guerrero
            ? BoxCoxLambda.Guerrero(training, season, Lower, Upper)
            : BoxCoxLambda.MaximumLikelihood(training, season, Lower, Upper)));
    }

    /// <inheritdoc/>
    private protected override string? RefuseInTraining(double value) =>
        Lambda is null && Method == MaximumLikelihood ? BoxCoxLambda.RefuseForLikelihood(value) : null;

    /// <inheritdoc/>
    protected override Config StateOf(Scaler scaler) => new() { { "lambda", ((BoxCoxTransform)scaler).Lambda } };

    /// <inheritdoc/>
    protected override Scaler ScalerOf(ConfigReader state) => new BoxCoxTransform(state.Double("lambda"));
}
