using System.Diagnostics;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// The default: tries simple, classical and, where there is enough to learn from, neural methods on the last part of the series,
/// which they have not seen, combines the best, and calibrates the intervals by what came.
/// </summary>
/// <remarks>
/// Each candidate is fitted once to what lies before the first of a few origins and carries its state from origin to origin. Its
/// score is the mean absolute error, in units of the seasonal naive method's errors on the training part, so that all series of a
/// panel count the same. They are combined by the mean of their quantiles. A weight is a prior, how well a method does on most
/// series, times a power of its error: n²/2 (at least 2) where n forecasts fit side by side into what was held out, of several
/// series times the root of their number. What has less than a tenth of the largest weight has no part. On short series the
/// priors decide much, on long ones hardly anything. Then everything is fitted to all values. Series
/// too short to hold anything out are forecast by the median of classical methods. Of one series or a few, outcomes from origins
/// close together count as the few independent ones that they are, and intervals are widened by what few values leave unknown.
/// Demand that is often 0 is tried with Croston's methods too, candidates are judged by their CRPS then, and the point is a rate.
/// Counts, and what has touched 0 but was never below, are not forecast below 0. Without a budget the same data give the same
/// bits on any machine; with one, what is tried depends on how fast it is.
/// </remarks>
public sealed partial class AutoForecaster : WrappingForecaster
{
    private CandidateScore[] scores = [];
    private Dictionary<string, SmallSample> samples = [];

    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    /// <param name="horizon">How many steps are mostly forecast: what candidates are judged by; null for a season, or 6.</param>
    /// <param name="seconds">A budget for the fit; null for none.</param>
    /// <param name="networks">Whether networks are tried.</param>
    /// <param name="seed">What networks start from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public AutoForecaster(int? season = null, int? horizon = null, double? seconds = null, bool networks = true, int seed = 0)
    {
        if (season is < 1 || horizon is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(season), season, "A season and a horizon have at least 1 step.");
        }

        if (seconds is not (null or (> 0 and < double.PositiveInfinity)))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "A budget is above 0 seconds.");
        }

        Season = season;
        Horizon = horizon;
        Seconds = seconds;
        UsesNetworks = networks;
        Seed = seed;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(AutoForecaster);

    /// <inheritdoc/>
    public override string Name => "Auto";

    /// <summary>Length of a season in steps, where it was given.</summary>
    public int? Season { get; }

    /// <summary>How many steps candidates are judged by, where it was given.</summary>
    public int? Horizon { get; }

    /// <summary>The budget of a fit, in seconds; null for none.</summary>
    public double? Seconds { get; }

    /// <summary>Whether networks are tried.</summary>
    public bool UsesNetworks { get; }

    /// <summary>What networks start from.</summary>
    public int Seed { get; }

    /// <summary>What was tried, the best first; empty before a fit, or where nothing could be held out.</summary>
    public IReadOnlyList<CandidateScore> Candidates => scores;

    /// <summary>What was chosen, fitted.</summary>
    /// <exception cref="InvalidOperationException">The method is not fitted.</exception>
    public Forecaster Chosen
    {
        get
        {
            _ = Roles;
            return Fitted!;
        }
    }

    /// <inheritdoc/>
    public override Covariates Uses => Covariates.Past | Covariates.Future | Covariates.Static;

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "season", Season },
        { "horizon", Horizon },
        { "seconds", Seconds },
        { "networks", UsesNetworks },
        { "seed", Seed },
    };

    /// <summary>Makes one of its config.</summary>
    internal static AutoForecaster Read(ConfigReader reader) => new(
        reader.OptionalInt("season"), reader.OptionalInt("horizon"), reader.OptionalDouble("seconds"),
        reader.Bool("networks", true), reader.Int("seed", 0));

    /// <inheritdoc/>
    protected override void FitCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        long start = Stopwatch.GetTimestamp();
        int season = Season ?? data.Panel[0].Frequency?.Season ?? 1;
        int wanted = Horizon ?? (season > 1 ? season : DefaultHorizon);
        var candidates = new Candidates(Season, wanted, Seed);
        Choice choice = UsesNetworks && candidates.Evident(data.Panel, Seconds * FinalShare) is { } evident
            ? new(new Ensemble([evident, new SeasonalNaive(Season), new SeasonalNaive(1)], Combination.Mean, [1, 0, 0]), null, [],
                $"Many long series with a season: {evident.Name}, without a trial.")
            : Plan(data.Panel, season, wanted) is not { } plan ? Choose([], candidates, null, Left(start), 0)
            : Choose(Try(data, candidates, plan, season, start), candidates, Trust(data.Panel, data.Targets, plan, wanted),
                Left(start), plan.Independent / Math.Sqrt(plan.Names.Count));
        Forecaster whole = choice.Method;
        whole.Fit(data.Panel, whole.Usable(data.Roles), data.Run);
        HandOn(whole, data);
        data.Note(choice.Note);
        Fitted = whole;
        Calibration = choice.Calibration;
        scores = choice.Scores;
        samples = data.Panel.Select(series => SmallSample.Of(series, data.Targets, season))
            .Select(sample => data.Panel.Count < FewSeries ? sample : sample with { Parameters = 0 })
            .ToDictionary(sample => sample.Series, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    protected override void UpdateCore(FitData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        base.UpdateCore(data);
        samples = samples.Values.Select(sample => data.Panel.Names.Contains(sample.Series)
            ? sample.After(data.Panel[sample.Series], data.Targets) : sample)
            .ToDictionary(sample => sample.Series, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    private protected override QuantileGrid Calibrated(QuantileGrid grid, string series, int target)
    {
        if (!samples.TryGetValue(series, out SmallSample? sample))
        {
            return base.Calibrated(grid, series, target);
        }

        // Bounded before as the outcomes were that it is calibrated by, and after, since stretching goes below 0 again.
        QuantileGrid bounded = sample.Bounded(grid, target);
        return sample.Bounded(sample.Widened(base.Calibrated(bounded, series, target)), target);
    }

    /// <summary>What is left of the budget; null for no budget.</summary>
    private double? Left(long start) =>
        Seconds is { } seconds ? Math.Max(1, (FinalShare * seconds) - Stopwatch.GetElapsedTime(start).TotalSeconds) : null;

    /// <inheritdoc/>
    protected internal override Config GetState()
    {
        Config state = base.GetState();
        state.Add("candidates", scores.Select(score => (object)new Config
        {
            { "name", score.Name },
            { "score", double.IsFinite(score.Score) ? score.Score : null },
            { "weight", score.Weight },
            { "problem", score.Problem },
        }).ToArray());
        state.Add("samples", samples.Values.OrderBy(sample => sample.Series, StringComparer.Ordinal)
            .Select(sample => (object)sample.ToConfig()).ToArray());
        return state;
    }

    /// <inheritdoc/>
    protected internal override void SetState(ConfigReader state)
    {
        base.SetState(state);
        scores = state.NestedList("candidates", reader => new CandidateScore(
            reader.OptionalString("name") ?? string.Empty, reader.OptionalDouble("score") ?? double.PositiveInfinity,
            reader.Double("weight", 0), reader.OptionalString("problem")));
        var read = new Dictionary<string, SmallSample>(StringComparer.Ordinal);
        foreach (SmallSample sample in state.Has("samples") ? state.NestedList("samples", SmallSample.Read) : [])
        {
            if (sample.NeverNegative.Count != Roles.Targets!.Count || !read.TryAdd(sample.Series, sample))
            {
                throw new ConfigException("a series is there twice, or has not a number for each target.") { Option = "samples" };
            }
        }

        samples = read;
    }
}

/// <summary>How a method did on steps that it had not seen.</summary>
/// <param name="Name">The method.</param>
/// <param name="Score">Its mean absolute error, of demand that is often 0 its CRPS, in units of the seasonal naive method's error
/// on the training part; infinite where it could not be fitted.</param>
/// <param name="Weight">Its weight in the forecast; 0 where it has no part in it.</param>
/// <param name="Problem">Why it could not be fitted, or null.</param>
public sealed record CandidateScore(string Name, double Score, double Weight, string? Problem);
