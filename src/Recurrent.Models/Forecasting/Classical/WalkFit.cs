using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// What the last season was, plus K seasons' growth K seasons ahead: <c>f_k = y_{n+k−mK} + K·g</c>, K = ⌈k/m⌉. Errors add up
/// season by season, and g is the mean of N differences, so the standard deviation is <c>σ √(K(1 + K/N))</c>, and σ√K without
/// growth.
/// </summary>
internal sealed class WalkFit : LocalFit
{
    private readonly double[] cycle;
    private readonly double growth;
    private readonly double sigma;
    private readonly long differences;
    private readonly int exponent;
    private readonly long time;
    private readonly Scaler scale;
    private readonly SeasonalPattern? pattern;
    private readonly string name;
    private readonly double[] fitted = [];
    private readonly double[] residuals = [];

    private WalkFit(string name, double[] cycle, double growth, double sigma, long differences, int exponent, long time,
        Scaler scale, SeasonalPattern? pattern)
    {
        this.name = name;
        this.cycle = cycle;
        this.growth = growth;
        this.sigma = sigma;
        this.differences = differences;
        this.exponent = exponent;
        this.time = time;
        this.scale = scale;
        this.pattern = pattern;
    }

    private WalkFit(WalkFit fit, double[] fitted, double[] residuals)
        : this(fit.name, fit.cycle, fit.growth, fit.sigma, fit.differences, fit.exponent, fit.time, fit.scale, fit.pattern)
    {
        this.fitted = fitted;
        this.residuals = residuals;
    }

    public override ReadOnlySpan<double> Fitted => fitted;

    public override ReadOnlySpan<double> Residuals => residuals;

    public override Config State
    {
        get
        {
            var state = new Config
            {
                { "last", StoredState.Pack(cycle) },
                { "growth", growth },
                { "sigma", sigma },
                { "differences", differences },
                { "exponent", exponent },
                { "time", time },
            };
            SeasonalPattern.Write(pattern, state);
            return state;
        }
    }

    /// <summary>Fits a walk.</summary>
    /// <param name="name">What the method is called.</param>
    /// <param name="values">The series.</param>
    /// <param name="season">Length of a season; 1 for none.</param>
    /// <param name="grows">Whether the mean growth is added.</param>
    /// <param name="scale">The scale on which it walks; null for the series' own.</param>
    /// <param name="patternSeason">Length of a season that is taken out before, where it is significant; 1 for none.</param>
    internal static WalkFit Of(string name, ReadOnlySpan<double> values, int season, bool grows, Scaler? scale = null,
        int patternSeason = 1)
    {
        SeasonCheck.Require(values.Length, season, grows ? 1 : 0);
        scale ??= new IdentityTransform();
        double[] scaled = scale.Transform(values);

        // Leaves room for sums of any number of differences.
        int exponent = Math.Max(0, Magnitude.Exponent(scaled) - 960);
        scaled = EtsModel.Scaled(scaled, exponent);
        SeasonalPattern? pattern = ClassicalDecomposition.TakeOut(scaled, patternSeason, 3L * patternSeason);
        int count = scaled.Length - season;
        double growth = 0;
        for (int t = season; t < scaled.Length && grows; t++)
        {
            growth += scaled[t] - scaled[t - season];
        }

        growth = grows ? growth / count : 0;
        var followed = new double[scaled.Length];
        var fitted = new double[scaled.Length];
        Array.Fill(fitted, double.NaN);
        for (int t = season; t < scaled.Length; t++)
        {
            followed[t] = scaled[t - season] + growth;
            fitted[t] = Restored(followed[t], t, exponent, scale, pattern);
        }

        double sigma = count == 0 ? 0 : ForecastMetrics.Rmse(scaled.AsSpan(season), followed.AsSpan(season));
        var fit = new WalkFit(name, scaled[^season..], growth, sigma, grows ? count : 0, exponent, values.Length, scale, pattern);
        return new(fit, fitted, LocalFits.Residuals(values, fitted));
    }

    /// <summary>Reads what <see cref="State"/> has written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static WalkFit Read(string name, ConfigReader reader, Scaler? scale = null)
    {
        double[] cycle = StoredState.Numbers(reader, "last", 1);
        int exponent = reader.Int("exponent");
        double differences = reader.Double("differences");
        EtsModel.Require(reader, "exponent", exponent is >= 0 and <= 1100);
        EtsModel.Require(reader, "differences", differences is >= 0 and <= 1e15);
        return new(name, cycle, reader.Double("growth"), LocalFits.NotNegative(reader, "sigma"), (long)differences, exponent,
            LocalFits.Counted(reader, "time"), scale ?? new IdentityTransform(), SeasonalPattern.Read(reader));
    }

    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        var point = new double[horizon];
        var spread = new double[horizon];
        for (int k = 0; k < horizon; k++)
        {
            double seasons = (k / cycle.Length) + 1;
            point[k] = cycle[k % cycle.Length] + (seasons * growth);
            spread[k] = sigma * Math.Sqrt(seasons * (1 + (differences > 0 ? seasons / differences : 0)));
        }

        return QuantileGrid.Normal(point, spread).Map((k, value) => Restored(value, time + k, exponent, scale, pattern));
    }

    public override LocalFit Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        double[] scaled = EtsModel.Scaled(scale.Transform(newer), exponent);
        for (int t = 0; t < scaled.Length; t++)
        {
            scaled[t] = pattern?.Without(scaled[t], time + t) ?? scaled[t];
        }

        double[] all = [.. cycle, .. scaled];
        return new WalkFit(name, all[^cycle.Length..], growth, sigma, differences, exponent, time + newer.Length, scale, pattern);
    }

    internal override string? Refuse(double value) => scale.Refuse(value);

    public override string Describe() => name
        + (cycle.Length > 1 ? FormattableString.Invariant($", season {cycle.Length}") : "")
        + (differences > 0 ? FormattableString.Invariant($", growth {Math.ScaleB(growth, exponent):G4} a season") : "")
        + (pattern is null ? "" : ", seasonally adjusted");

    private static double Restored(double value, long time, int exponent, Scaler scale, SeasonalPattern? pattern) =>
        EtsModel.Bounded(scale.Inverse(Math.ScaleB(pattern?.With(value, time) ?? value, exponent)));
}
