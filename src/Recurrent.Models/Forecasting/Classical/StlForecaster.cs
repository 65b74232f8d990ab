using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// The seasons are taken away by STL (one season) or MSTL (several), any method of one series forecasts what is left, and
/// every season repeats its last period: R's <c>stlf</c>.
/// </summary>
/// <remarks>
/// Windows are those of <see cref="Mstl"/>, 11, 15, 19 … periods, unless one is given. Intervals are those of the method:
/// seasons are
/// taken as known. Seasons that the series does not hold more than twice are left to the method.
/// </remarks>
/// <example>
/// <code>
/// var model = new StlForecaster(new AutoArima(seasonal: false), season: 12);
/// </code>
/// </example>
public sealed class StlForecaster : LocalForecaster
{
    private readonly string transform;

    /// <summary>Creates the method.</summary>
    /// <param name="method">Forecasts the seasonally adjusted series; null for <see cref="AutoArima"/> without seasonal
    /// terms.</param>
    /// <param name="season">Length of a season in steps; null to take all seasons of the series' frequency.</param>
    /// <param name="seasonalWindow">Number of periods that seasonal values are smoothed over, at least 3; null for 11 and
    /// more; 0 keeps seasons the same in all periods.</param>
    /// <param name="robust">Whether outliers are weighted down.</param>
    /// <param name="transform">The scale on which season and rest add up: <c>none</c>, <c>log</c>, <c>sqrt</c> or
    /// <c>box_cox</c> with
    /// the power of Guerrero. Forecasts are medians then.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public StlForecaster(
        LocalForecaster? method = null,
        int? season = null,
        int? seasonalWindow = null,
        bool robust = false,
        string transform = "none")
        : base(season)
    {
        new OptionCheck(nameof(StlForecaster))
            .Require(
                seasonalWindow is null or 0 or >= 3,
                FormattableString.Invariant($"seasonalWindow must be 0 or at least 3, but is {seasonalWindow}"),
                nameof(seasonalWindow))
            .ThrowIfAny();
        Method = method ?? new AutoArima(seasonal: false);
        (SeasonalWindow, Robust) = (seasonalWindow, robust);
        this.transform = SeriesPower.Check(nameof(StlForecaster), transform);
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(StlForecaster);

    /// <inheritdoc/>
    public override string Name => $"STL + {Method.Name}";

    /// <inheritdoc/>
    public override Covariates Uses => Method.Uses;

    /// <summary>Forecasts the seasonally adjusted series.</summary>
    public LocalForecaster Method { get; }

    /// <summary>Number of periods that seasonal values are smoothed over; 0 for all.</summary>
    public int? SeasonalWindow { get; }

    /// <summary>Whether outliers are weighted down.</summary>
    public bool Robust { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("method", Method);
        config.Add("seasonal_window", SeasonalWindow);
        config.Add("robust", Robust);
        config.Add("transform", transform);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        SeriesPower power = SeriesPower.Of(transform, task);
        double[] values = power.Forth(task.Values);
        int[] seasons = [.. task.Seasons.Where(season => season > 1 && values.Length > 2L * season)];
        var repeated = new double[seasons.Length][];
        double[] adjusted = values;
        double[] seasonal = new double[values.Length];
        if (seasons.Length > 0)
        {
            Decomposition parts = Decompose(values, seasons);
            adjusted = parts.SeasonallyAdjusted();
            seasonal = parts.Seasonal;
            repeated = [.. parts.Seasons.Select((season, i) => parts.Seasonals[i][^season..])];
        }

        LocalFit rest = Method.FitSeries(new LocalTask(adjusted)
        {
            Regressors = task.Regressors,
            Frequency = task.Frequency,
            Dates = task.Dates,
            Series = task.Series,
            Variable = task.Variable,
            FirstRow = task.FirstRow,
            Prepared = seasons.Length > 0 ? "once its season is taken out" : task.Prepared,
        });
        double[] fitted = rest.Fitted.Length != values.Length ? []
            : [.. rest.Fitted.ToArray().Select((value, t) => power.Back(value + seasonal[t]))];
        return new StlFit(
            rest, repeated, power, fitted, fitted.Length == 0 ? [] : LocalFits.Residuals(task.Values, fitted));
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return StlFit.Read(state, Method);
    }

    /// <summary>Makes the method of its config.</summary>
    internal static StlForecaster Read(ConfigReader reader)
    {
        Forecaster? method = reader.OptionalComponent("method", Forecasters.Registry);
        if (method is not (null or LocalForecaster))
        {
            throw new ConfigException(
                $"{reader.Owner}: method must be one that is fitted to one series, but is {method.ClassName}.")
            {
                Option = "method",
            };
        }

        return new(
            (LocalForecaster?)method, reader.OptionalInt("season"), reader.OptionalInt("seasonal_window"),
            reader.Bool("robust", false), reader.OptionalString("transform") ?? SeriesPower.None);
    }

    private Decomposition Decompose(double[] values, int[] seasons) =>
        SeasonalWindow == 0 && seasons.Length == 1
            ? Stl.Decompose(values, seasons[0], robust: Robust)
            : Mstl.Decompose(
                values, seasons,
                SeasonalWindow is { } window ? [.. seasons.Select(_ => window == 0 ? (10 * values.Length) + 1 : window)] : null,
                Robust);
}
