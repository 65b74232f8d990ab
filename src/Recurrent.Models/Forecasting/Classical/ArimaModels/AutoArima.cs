using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// A seasonal ARIMA model whose orders are chosen: seasonal differences by the season's strength, differences by unit-root
/// tests, the others by AICc step by step (Hyndman and Khandakar, 2008), or among all.
/// </summary>
/// <remarks>
/// From (2,2)(1,1), (0,0)(0,0), (1,0)(1,0) and (0,1)(0,1) the best model's neighbours are tried, each by exact maximum
/// likelihood, until none is better, nor (2,2), (1,1), (2,0), (0,2) in the place of its (p,q). Models with a root within 1.01 of
/// the unit circle are passed over. Covariates that are known ahead are regressors. Seasons of more than 200 steps are left to
/// harmonics, or to <see cref="StlForecaster"/>. See <see cref="UnitRoots"/>, <see cref="Arima"/> and
/// docs/forecasting-arima.md.
/// </remarks>
/// <example>
/// <code>
/// var model = new AutoArima(transform: "log");
/// model.Fit(passengers);
/// Console.WriteLine(model.FitOf().Describe());   // ARIMA(0,1,1)(0,1,1)[12] of logarithms, AICc …
/// </code>
/// </example>
public sealed class AutoArima : LocalForecaster
{
    private readonly string transform;
    private readonly string criterion;
    private readonly HarmonicTerms harmonics;

    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    /// <param name="transform">The scale the model works on: <c>none</c>, <c>log</c>, <c>sqrt</c> or <c>box_cox</c> with the
    /// power of Guerrero. Forecasts are medians then.</param>
    /// <param name="seasonal">Whether seasonal terms are tried.</param>
    /// <param name="stepwise">Whether models are tried step by step; false tries all up to <paramref name="maxOrder"/>.</param>
    /// <param name="criterion">What is made least: <c>aicc</c>, <c>aic</c> or <c>bic</c>.</param>
    /// <param name="d">Differences; null to choose.</param>
    /// <param name="seasonalD">Seasonal differences; null to choose.</param>
    /// <param name="maxP">Most autoregressive terms.</param>
    /// <param name="maxQ">Most moving-average terms.</param>
    /// <param name="maxSeasonalP">Most seasonal autoregressive terms.</param>
    /// <param name="maxSeasonalQ">Most seasonal moving-average terms.</param>
    /// <param name="maxOrder">Most terms together, where all models are tried.</param>
    /// <param name="constant">Whether there is a mean or drift; null to choose.</param>
    /// <param name="period">Length of a season, in steps, that is left to harmonics: 365.25 for days in a year.</param>
    /// <param name="harmonics">How many pairs of sine and cosine of it are regressors; see <see cref="Fourier"/>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public AutoArima(
        int? season = null,
        string transform = "none",
        bool seasonal = true,
        bool stepwise = true,
        string criterion = "aicc",
        int? d = null,
        int? seasonalD = null,
        int maxP = 5,
        int maxQ = 5,
        int maxSeasonalP = 2,
        int maxSeasonalQ = 2,
        int maxOrder = 5,
        bool? constant = null,
        double? period = null,
        int harmonics = 0)
        : base(season)
    {
        new OptionCheck(nameof(AutoArima))
            .OneOf(nameof(criterion), criterion, "aicc", "aic", "bic")
            .Require(d is null or (>= 0 and <= 3), "d must lie between 0 and 3", nameof(d))
            .Require(seasonalD is null or (>= 0 and <= 3), "seasonalD must lie between 0 and 3", nameof(seasonalD))
            .Require(maxP is >= 0 and <= 50, "maxP must lie between 0 and 50", nameof(maxP))
            .Require(maxQ is >= 0 and <= 50, "maxQ must lie between 0 and 50", nameof(maxQ))
            .Require(maxSeasonalP is >= 0 and <= 5, "maxSeasonalP must lie between 0 and 5", nameof(maxSeasonalP))
            .Require(maxSeasonalQ is >= 0 and <= 5, "maxSeasonalQ must lie between 0 and 5", nameof(maxSeasonalQ))
            .Require(maxOrder is >= 0 and <= 20, "maxOrder must lie between 0 and 20", nameof(maxOrder))
            .ThrowIfAny();
        this.transform = SeriesPower.Check(nameof(AutoArima), transform);
        this.criterion = criterion;
        Fourier.Check(nameof(AutoArima), period, harmonics);
        this.harmonics = new(period, harmonics);
        Options = new()
        {
            D = d,
            SeasonalD = seasonalD,
            Seasonal = seasonal,
            Stepwise = stepwise,
            MaxP = maxP,
            MaxQ = maxQ,
            MaxSeasonalP = maxSeasonalP,
            MaxSeasonalQ = maxSeasonalQ,
            MaxOrder = maxOrder,
            Constant = constant,
            Criterion = criterion switch
            {
                "aic" => static estimate => estimate.Aic,
                "bic" => static estimate => estimate.Bic,
                _ => static estimate => estimate.Aicc,
            },
        };
    }

    /// <summary>How orders are chosen.</summary>
    internal ArimaSearchOptions Options { get; init; }

    /// <inheritdoc/>
    public override string ClassName => nameof(AutoArima);

    /// <inheritdoc/>
    public override string Name => "ARIMA";

    /// <inheritdoc/>
    public override Covariates Uses => Covariates.Future;

    /// <summary>Gaps are left to the Kalman filter.</summary>
    protected override bool TakesGaps => true;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("transform", transform);
        config.Add("seasonal", Options.Seasonal);
        config.Add("stepwise", Options.Stepwise);
        config.Add("criterion", criterion);
        config.Add("d", Options.D);
        config.Add("seasonal_d", Options.SeasonalD);
        config.Add("max_p", Options.MaxP);
        config.Add("max_q", Options.MaxQ);
        config.Add("max_seasonal_p", Options.MaxSeasonalP);
        config.Add("max_seasonal_q", Options.MaxSeasonalQ);
        config.Add("max_order", Options.MaxOrder);
        config.Add("constant", Options.Constant);
        harmonics.Write(config);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return ArimaFitting.Choose(task, Options, transform, harmonics);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return ArimaFit.Read(state);
    }

    /// <summary>Makes the method of its config.</summary>
    internal static AutoArima Read(ConfigReader reader) => new(
        reader.OptionalInt("season"),
        reader.OptionalString("transform") ?? SeriesPower.None,
        reader.Bool("seasonal", true),
        reader.Bool("stepwise", true),
        reader.OptionalString("criterion") ?? "aicc",
        reader.OptionalInt("d"),
        reader.OptionalInt("seasonal_d"),
        reader.Int("max_p", 5),
        reader.Int("max_q", 5),
        reader.Int("max_seasonal_p", 2),
        reader.Int("max_seasonal_q", 2),
        reader.Int("max_order", 5),
        reader.Has("constant") ? reader.Bool("constant", false) : Arima.NothingOf(reader, "constant"),
        reader.OptionalDouble("period"),
        reader.Int("harmonics", 0));
}
