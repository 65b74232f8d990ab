using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The Theta method: smoothing with half the trend, the best of the M3 competition. See
/// <see cref="ThetaModel"/>.</summary>
public sealed class Theta : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    public Theta(int? season = null)
        : base(season)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Theta);

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return ThetaModel.Fit(task.Values, task.Season);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => ThetaModel.Read(state);
}

/// <summary>The dynamic optimised Theta model, which estimates how much of the trend to keep. See
/// <see cref="OptimizedThetaModel"/>.</summary>
public sealed class OptimizedTheta : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    public OptimizedTheta(int? season = null)
        : base(season)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(OptimizedTheta);

    /// <inheritdoc/>
    public override string Name => "Optimised Theta";

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return OptimizedThetaModel.Fit(task.Values, task.Season);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => OptimizedThetaModel.Read(state);
}

/// <summary>Complex exponential smoothing, its season chosen by AICc. See <see cref="CesModel"/>.</summary>
public sealed class ComplexSmoothing : LocalForecaster
{
    /// <summary>Creates the method.</summary>
    /// <param name="kind">How the season is treated; null to choose.</param>
    /// <param name="season">Length of a season in steps; null to take that of the series' frequency.</param>
    public ComplexSmoothing(CesSeason? kind = null, int? season = null)
        : base(season)
    {
        Kind = kind is null || Enum.IsDefined(kind.Value) ? kind : throw new ArgumentOutOfRangeException(nameof(kind), kind,
            "The season is None, Simple, Partial or Full.");
    }

    /// <summary>How the season is treated; null to choose.</summary>
    public CesSeason? Kind { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(ComplexSmoothing);

    /// <inheritdoc/>
    public override string Name => "CES";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("kind", Kind?.ToString());
        return config;
    }

    /// <inheritdoc/>
    public override LocalFit FitSeries(LocalTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return CesModel.Fit(task.Values, task.Season, Kind);
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state) => CesModel.Read(state);

    internal static ComplexSmoothing FromConfig(ConfigReader reader)
    {
        string? name = reader.OptionalString("kind");
        CesSeason kind = CesSeason.None;
        if (name is not null && (!Enum.TryParse(name, true, out kind) || !Enum.IsDefined(kind)))
        {
            throw new ConfigException($"{reader.Owner}: kind is None, Simple, Partial or Full, not \"{name}\".")
            {
                Option = "kind",
            };
        }

        return new(name is null ? null : kind, reader.OptionalInt("season"));
    }
}
