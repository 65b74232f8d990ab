using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Every step will be as the last one was. Errors of k steps have the standard deviation <c>σ√k</c>.</summary>
public sealed class NaiveForecast : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    public NaiveForecast()
        : base(null)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(NaiveForecast);

    /// <inheritdoc/>
    public override string Name => "Naive";

    /// <inheritdoc/>
    public override Config GetConfig() => [];

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return WalkFit.Of(Name, task.Values, 1, false);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => WalkFit.Read(Name, state);
}

/// <summary>
/// Every step will be as the last one was, after the season was taken out, and with the season: the benchmark of forecasting
/// competitions. The season multiplies, and is taken out where its autocorrelation is significant at 10 %; see
/// <see cref="ClassicalDecomposition"/>.
/// </summary>
public sealed class Naive2 : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    /// <exception cref="ArgumentOutOfRangeException">A season has at least 1 step.</exception>
    public Naive2(int? season = null)
        : base(season)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Naive2);

    /// <inheritdoc/>
    public override string Name => "Naive 2";

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return WalkFit.Of(Name, task.Values, 1, false, null, task.Season);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => WalkFit.Read(Name, state);
}

/// <summary>The straight line through the first and the last value, continued: the last value and k mean differences.</summary>
public sealed class Drift : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    public Drift()
        : base(null)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Drift);

    /// <inheritdoc/>
    public override Config GetConfig() => [];

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Values.Length > 1 ? WalkFit.Of(Name, task.Values, 1, true)
            : throw new ArgumentException("A drift needs at least 2 values, but there is 1. Take NaiveForecast.");
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => WalkFit.Read(Name, state);
}

/// <summary>
/// Every step will be as it was a season ago: <c>f_{n+k} = y_{n+k−m⌈k/m⌉}</c> for a season of m steps. Errors of k steps have the
/// standard deviation <c>σ √⌈k/m⌉</c>, σ that of seasonal differences.
/// </summary>
public sealed class SeasonalNaive : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps: 12 for months in a year; null to take that of the series'
    /// frequency.</param>
    /// <exception cref="ArgumentOutOfRangeException">A season has at least 1 step.</exception>
    public SeasonalNaive(int? season = null)
        : base(season)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(SeasonalNaive);

    /// <inheritdoc/>
    public override string Name => "Seasonal naive";

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return WalkFit.Of(Name, task.Values, task.Season, false);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => WalkFit.Read(Name, state);
}

/// <summary>
/// Every step will be as it was a season ago, plus the growth of a mean season: <c>f_{n+k} = y_{n+k−m⌈k/m⌉} + ⌈k/m⌉ · ḡ</c>,
/// where ḡ is the mean of <c>y_t − y_{t−m}</c> over the training part. On a logarithmic scale that is growth by a factor. A
/// season of one step makes it the straight line through the first and the last value.
/// </summary>
public sealed class SeasonalNaiveWithGrowth : LocalForecaster
{
    private readonly Scaler scale;

    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps: 12 for months in a year; null to take that of the series'
    /// frequency.</param>
    /// <param name="scale">The scale on which growth is even: <see cref="LogTransform"/>, <see cref="SquareRootTransform"/> or
    /// <see cref="BoxCoxTransform"/>; null is the series' own. Others shift and stretch only, which would change nothing.</param>
    /// <exception cref="ArgumentException">A season has at least 1 step; the scale is another.</exception>
    public SeasonalNaiveWithGrowth(int? season = null, Scaler? scale = null)
        : base(season)
    {
        this.scale = scale ?? new IdentityTransform();
        if (this.scale is not (IdentityTransform or LogTransform or SquareRootTransform or BoxCoxTransform))
        {
            throw new ArgumentException(
                "Growth is even on the scale of a LogTransform, SquareRootTransform or BoxCoxTransform, or "
                + $"the series' own; a {this.scale.GetType().Name} would change nothing, or could not be saved.", nameof(scale));
        }
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(SeasonalNaiveWithGrowth);

    /// <inheritdoc/>
    public override string Name => Season == 1 ? "Naive + growth" : "Seasonal naive + growth";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("transform", scale switch
        {
            LogTransform => "log",
            SquareRootTransform => "sqrt",
            BoxCoxTransform => "box_cox",
            _ => "none",
        });
        config.Add("offset", scale is LogTransform log ? log.Offset : null);
        config.Add("lambda", scale is BoxCoxTransform power ? power.Lambda : null);
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.Require(scale.Refuse);
        return WalkFit.Of(Name, task.Values, task.Season, true, scale);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => WalkFit.Read(Name, state, scale);

    internal static SeasonalNaiveWithGrowth FromConfig(ConfigReader reader)
    {
        double offset = reader.Double("offset", 0), lambda = reader.Double("lambda", 1);
        Scaler? scale = reader.OptionalString("transform") switch
        {
            null or "none" => null,
            "log" => new LogTransform(offset),
            "sqrt" => new SquareRootTransform(),
            "box_cox" => new BoxCoxTransform(lambda),
            string other => throw new ConfigException(
                $"{reader.Owner}: transform is none, log, sqrt or box_cox, not \"{other}\".")
            {
                Option = "transform",
            },
        };
        return new(reader.OptionalInt("season"), scale);
    }
}
