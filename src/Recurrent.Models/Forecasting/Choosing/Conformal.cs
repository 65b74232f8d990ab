using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Any method with intervals that hold what comes as often as they say: they are stretched by what it takes on the last part of
/// the series, which a copy of the method has not seen (split conformal prediction). The points stay.
/// </summary>
/// <remarks>
/// With <c>adaptive</c> the intervals go on learning with every <see cref="Forecaster.Update(TimeSeries, ForecastRun?)"/>:
/// the share of outcomes to leave outside is moved by rate · (wanted − observed) (Gibbs and Candès, "Adaptive conformal
/// inference under distribution shift", 2021). Of forecasts that overlap, what shows that intervals are too wide counts as the
/// few independent outcomes that it is. A series too short to hold anything out keeps the method's own intervals, and a note
/// says so.
/// </remarks>
public sealed class Conformal : WrappingForecaster
{
    private const int DefaultOrigins = 10;
    private const int DefaultHorizon = 12;
    private const double DefaultRate = 0.02;
    private const double LeastMiss = 1e-4;

    private readonly Forecaster method;
    private readonly int? horizon;
    private readonly int origins;
    private readonly bool adaptive;
    private readonly double rate;
    private Dictionary<string, double[]> misses = [];

    /// <summary>Creates the method.</summary>
    /// <param name="method">The method to calibrate; it is not changed, another one of the same options is fitted.</param>
    /// <param name="horizon">How many steps ahead are calibrated, further ones as the last of them; null for a season, or 12
    /// without one.</param>
    /// <param name="origins">From how many points of the series forecasts are judged, at most; default 10.</param>
    /// <param name="adaptive">Whether updates move the intervals.</param>
    /// <param name="rate">How far, above 0 and below 1; default 0.02.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Conformal(Forecaster method, int? horizon = null, int origins = DefaultOrigins, bool adaptive = false,
        double rate = DefaultRate)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(origins);
        if (horizon is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "At least 1 step is calibrated.");
        }

        if (rate is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate lies above 0 and below 1.");
        }

        this.method = method;
        this.horizon = horizon;
        this.origins = origins;
        this.adaptive = adaptive;
        this.rate = rate;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Conformal);

    /// <inheritdoc/>
    public override string Name => $"{method.Name}, calibrated";

    /// <summary>The method; once fitted, the fitted one.</summary>
    public Forecaster Method => Fitted ?? method;

    /// <inheritdoc/>
    public override Covariates Uses => method.Uses;

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "method", method },
        { "horizon", horizon },
        { "origins", origins },
        { "adaptive", adaptive },
        { "rate", rate },
    };

    /// <summary>Makes one of its config.</summary>
    internal static Conformal Read(ConfigReader reader) => new(
        reader.OptionalComponent("method", Forecasters.Registry) ?? new SeasonalNaive(), reader.OptionalInt("horizon"),
        reader.Int("origins", DefaultOrigins), reader.Bool("adaptive", false), reader.Double("rate", DefaultRate));

    /// <inheritdoc/>
    protected override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Forecaster whole = method.Unfitted();
        whole.Fit(data.Panel, data.Roles, data.Run);
        HandOn(whole, data);
        SeriesPanel kept = data.Panel.Select([.. whole.Series.Select(series => series.Name)]);
        (List<(QuantileGrid, double[])> outcomes, double independent) = Outcomes(kept, data.Roles, data.Run);
        Calibration? learned = Calibration.Of(outcomes, CalibrationTrust.Cautious(
            outcomes.Sum(outcome => outcome.Item2.Count(double.IsFinite)), independent));
        if (learned is null)
        {
            data.Note("No series is long enough to calibrate intervals on a part of it: they are the method's own.");
        }

        Fitted = whole;
        Calibration = learned;
        misses = [];
    }

    /// <inheritdoc/>
    protected override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        Forecaster after = Fitted!.Copy();
        Calibration? learned = Calibration;
        var moved = misses.ToDictionary(entry => entry.Key, entry => (double[])entry.Value.Clone());
        if (adaptive && learned is not null)
        {
            int steps = data.Panel.Max(series => series.Count);
            int at = 0;
            while (at < steps)
            {
                int length = Math.Min(horizon ?? DefaultHorizon, steps - at);
                TimeSeries[] parts = [.. data.Panel.Where(series => series.Count > at)
                    .Select(series => series.Slice(at, Math.Min(length, series.Count - at)))];
                learned = Learn(after, parts, learned, moved, data);
                after.Update(new SeriesPanel(parts), data.Run);
                at += length;
            }
        }
        else
        {
            after.Update(data.Panel, data.Run);
        }

        Fitted = after;
        Calibration = learned;
        misses = moved;
    }

    /// <inheritdoc/>
    protected internal override Config GetState()
    {
        Config state = base.GetState();
        state.Add("misses", misses.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (object)new Config { { "series", entry.Key },
                { "misses", StoredState.Pack(entry.Value) } }).ToArray());
        return state;
    }

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state)
    {
        base.SetState(state);
        var moved = new Dictionary<string, double[]>(StringComparer.Ordinal);
        state.NestedList("misses", reader =>
        {
            string series = reader.OptionalString("series") ?? string.Empty;
            double[] numbers = StoredState.Numbers(reader, "misses", Calibration.Pairs);
            return numbers.Length == Calibration.Pairs && numbers.All(miss => miss is > 0 and < 1)
                && moved.TryAdd(series, numbers)
                ? true : throw new ConfigException("expected a share above 0 and below 1 for each interval.");
        });

        misses = moved;
    }

    /// <inheritdoc/>
    private protected override QuantileGrid Calibrated(QuantileGrid grid, string series, int target) =>
        Calibration is null ? grid : Calibration.Apply(grid, misses.GetValueOrDefault(series));

    /// <summary>Moves the intervals by what came after a forecast.</summary>
    private Calibration Learn(Forecaster before, TimeSeries[] parts, Calibration known, Dictionary<string, double[]> moved,
        FitData data)
    {
        SeriesPanel? future = data.Roles.Future!.Count == 0 ? null : new(parts);
        Calibration learned = known;
        Dictionary<string, Forecast> forecasts = before.Series.Count == parts.Length
            ? before.PredictPanel(parts.Min(part => part.Count), future, data.Run).ToDictionary(forecast => forecast.Series)
            : before.PredictPanel(1, future, data.Run).ToDictionary(forecast => forecast.Series);
        foreach (TimeSeries part in parts)
        {
            double[] shares = moved.TryGetValue(part.Name, out double[]? own) ? own
                : [.. Enumerable.Range(0, Calibration.Pairs).Select(Calibration.Miss)];
            foreach (string target in data.Targets)
            {
                QuantileGrid grid = forecasts[part.Name].GridOf(target);
                double[] actual = part.Variable(target)[..grid.Horizon].ToArray();
                for (int step = 0; step < actual.Length; step++)
                {
                    QuantileGrid stretched = learned.Apply(grid, shares);
                    for (int pair = 0; pair < shares.Length && !double.IsNaN(actual[step]); pair++)
                    {
                        double missed = Calibration.Holds(stretched, step, pair, actual[step]) ? 0 : 1;
                        shares[pair] = Math.Clamp(shares[pair] + (rate * (Calibration.Miss(pair) - missed)), LeastMiss,
                            1 - LeastMiss);
                    }
                }

                learned = learned.With(grid, actual);
            }

            moved[part.Name] = shares;
        }

        return learned;
    }

    /// <summary>Forecasts of the last part of the series by a copy of the method that has not seen it, carried on from origin to
    /// origin, with what came.</summary>
    private (List<(QuantileGrid Forecast, double[] Actual)> Of, double Independent) Outcomes(SeriesPanel panel, SeriesRoles roles,
        ForecastRun run)
    {
        int steps = horizon ?? (panel[0].Frequency?.Season is > 1 and var season ? season : DefaultHorizon);
        var plan = HeldOutPlan.For(panel, steps, origins);
        var outcomes = new List<(QuantileGrid, double[])>();
        if (plan is null)
        {
            return (outcomes, 0);
        }

        Forecaster copy = method.Unfitted();
        try
        {
            copy.Fit(plan.Before(panel, 0), roles, run with { OnBadSeries = BadSeries.LeaveOut, Progress = null });
        }
        catch (ArgumentException)
        {
            // Too little is left of every series once the last part is held out.
            return (outcomes, 0);
        }

        for (int origin = 0; origin < plan.Origins; origin++)
        {
            if (origin > 0)
            {
                copy.Update(plan.Between(panel, origin - 1, copy), run);
            }

            SeriesPanel ahead = plan.Ahead(panel, origin, copy);
            foreach (Forecast forecast in copy.PredictPanel(plan.Horizon, roles.Future!.Count == 0 ? null : ahead, run))
            {
                outcomes.AddRange(roles.Targets!.Select(target =>
                    (forecast.GridOf(target), ahead[forecast.Series].Variable(target).ToArray())));
            }
        }

        return (outcomes, plan.Independent);
    }
}
