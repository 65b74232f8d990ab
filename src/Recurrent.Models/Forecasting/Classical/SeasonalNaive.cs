using Recurrent.Registration;

namespace Recurrent.Forecasting;

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
        int season = task.Season;
        ReadOnlySpan<double> values = task.Values;
        SeasonCheck.Require(values.Length, season, 0);
        var fitted = new double[values.Length];
        fitted.AsSpan(0, season).Fill(double.NaN);
        values[..^season].CopyTo(fitted.AsSpan(season));
        double sigma = values.Length == season ? 0
            : ForecastMetrics.Rmse(values[season..], values[..^season]);
        return new Seasons(values[^season..].ToArray(), sigma, fitted, LocalFits.Residuals(values, fitted));
    }

    /// <inheritdoc/>
    protected internal override LocalFit ReadFit(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double[] last = StoredState.Numbers(state, "last", 1);
        return new Seasons(last, LocalFits.NotNegative(state, "sigma"), [], []);
    }

    private sealed class Seasons(double[] last, double sigma, double[] fitted, double[] residuals) : LocalFit
    {
        public override ReadOnlySpan<double> Fitted => fitted;

        public override ReadOnlySpan<double> Residuals => residuals;

        public override Config State => new() { { "last", StoredState.Pack(last) }, { "sigma", sigma } };

        public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
        {
            var point = new double[horizon];
            var spread = new double[horizon];
            for (int k = 0; k < horizon; k++)
            {
                point[k] = last[k % last.Length];
                spread[k] = sigma * Math.Sqrt((k / last.Length) + 1);
            }

            return QuantileGrid.Normal(point, spread);
        }

        public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
        {
            double[] all = [.. last, .. newer];
            return new Seasons(all[^last.Length..], sigma, [], []);
        }

        public override string Describe() => FormattableString.Invariant($"Seasonal naive, season {last.Length}");
    }
}
