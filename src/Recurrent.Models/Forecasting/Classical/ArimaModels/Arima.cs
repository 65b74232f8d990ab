using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// A seasonal ARIMA model of given orders, by exact maximum likelihood, with regressors where covariates are known ahead:
/// y_t = c + β·x_t + η_t, φ(B) Φ(Bᵐ) (1 − B)ᵈ (1 − Bᵐ)ᴰ η_t = θ(B) Θ(Bᵐ) ε_t, ε_t ~ N(0, σ²).
/// </summary>
/// <remarks>
/// Box and Jenkins (1970). The likelihood is that of the differences, by the recursions of Chandrasekhar; that of a series with
/// gaps, and all forecasts with their intervals, come from a Kalman filter. See docs/forecasting-arima.md.
/// </remarks>
/// <example>
/// <code>
/// var airline = new Arima(0, 1, 1, 0, 1, 1, season: 12, transform: "log");
/// airline.Fit(passengers);
/// Forecast nextYear = airline.Predict(12);
/// </code>
/// </example>
public sealed class Arima : LocalForecaster
{
    private readonly int[] orders;
    private readonly string transform;
    private readonly HarmonicTerms harmonics;

    /// <summary>Creates the method.</summary>
    /// <param name="p">Autoregressive terms.</param>
    /// <param name="d">Differences from one step to the next.</param>
    /// <param name="q">Moving-average terms.</param>
    /// <param name="seasonalP">Seasonal autoregressive terms.</param>
    /// <param name="seasonalD">Differences from one season to the next.</param>
    /// <param name="seasonalQ">Seasonal moving-average terms.</param>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    /// <param name="constant">Whether there is a mean, or a drift where one difference is taken; null (the default) for a
    /// mean where none is taken, and nothing otherwise.</param>
    /// <param name="transform">The scale the model works on: <c>none</c>, <c>log</c>, <c>sqrt</c> or <c>box_cox</c> with the
    /// power of Guerrero. Forecasts are medians then.</param>
    /// <param name="period">Length of a season, in steps, that is left to harmonics: 365.25 for days in a year.</param>
    /// <param name="harmonics">How many pairs of sine and cosine of it are regressors; see <see cref="Fourier"/>.</param>
    /// <exception cref="ArgumentException">An order is out of range, a constant has no place beside two differences, or the
    /// transform is not known.</exception>
    public Arima(
        int p,
        int d,
        int q,
        int seasonalP = 0,
        int seasonalD = 0,
        int seasonalQ = 0,
        int? season = null,
        bool? constant = null,
        string transform = "none",
        double? period = null,
        int harmonics = 0)
        : base(season)
    {
        orders = [p, d, q, seasonalP, seasonalD, seasonalQ];
        _ = Order(season ?? 2);
        if (constant == true && d + seasonalD > 1)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"A constant beside {d + seasonalD} differences would be a trend of a higher power. Leave it out."),
                nameof(constant));
        }

        Constant = constant;
        this.transform = SeriesPower.Check(nameof(Arima), transform);
        Fourier.Check(nameof(Arima), period, harmonics);
        this.harmonics = new(period, harmonics);
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Arima);

    /// <inheritdoc/>
    public override string Name => "ARIMA";

    /// <inheritdoc/>
    public override Covariates Uses => Covariates.Future;

    /// <summary>Whether there is a mean or a drift; null for a mean where no difference is taken.</summary>
    public bool? Constant { get; }

    /// <summary>Gaps are left to the Kalman filter.</summary>
    protected override bool TakesGaps => true;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        string[] names = ["p", "d", "q", "seasonal_p", "seasonal_d", "seasonal_q"];
        for (int i = 0; i < names.Length; i++)
        {
            config.Add(names[i], orders[i]);
        }

        config.Add("constant", Constant);
        config.Add("transform", transform);
        harmonics.Write(config);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        bool seasonal = orders[3] + orders[4] + orders[5] > 0;
        ArimaOrder order = Order(seasonal ? task.Season : 1);
        return ArimaFitting.Fit(task, order, Constant ?? order.D + order.SeasonalD == 0, transform, harmonics);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return ArimaFit.Read(state);
    }

    /// <summary>Makes the method of its config.</summary>
    internal static Arima Read(ConfigReader reader) => new(
        reader.Int("p", 0), reader.Int("d", 0), reader.Int("q", 0), reader.Int("seasonal_p", 0), reader.Int("seasonal_d", 0),
        reader.Int("seasonal_q", 0), reader.OptionalInt("season"),
        reader.Has("constant") ? reader.Bool("constant", false) : NothingOf(reader, "constant"),
        reader.OptionalString("transform") ?? SeriesPower.None, reader.OptionalDouble("period"), reader.Int("harmonics", 0));

    /// <summary>Marks a key that is null as read.</summary>
    internal static bool? NothingOf(ConfigReader reader, string key)
    {
        _ = reader.Raw(key);
        return null;
    }

    private ArimaOrder Order(int season) => new(orders[0], orders[1], orders[2], orders[3], orders[4], orders[5], season);
}
