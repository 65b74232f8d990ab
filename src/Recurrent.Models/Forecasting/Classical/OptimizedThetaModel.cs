using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The dynamic optimised Theta model of the seasonally adjusted series, fitted; nothing changes it.</summary>
/// <remarks>
/// <para>
/// <c>μ_t = ℓ_{t−1} + (1 − 1/θ)·((1 − α)^{t−1} A_{t−1} + (1 − (1 − α)^t)/α · B_{t−1})</c>, <c>ℓ_t = αy_t + (1 − α)ℓ_{t−1}</c>,
/// with A and B the intercept and slope of the straight line through the values so far. ℓ₀, α in [0.1, 0.99] and θ ≥ 1 make the
/// sum of squares from the third value on least. For a given α the forecasts are linear in ℓ₀ and 1 − 1/θ, which are solved for;
/// α is searched for.
/// </para>
/// <para>
/// Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, "Models for optimising the theta method and their relationship to
/// state space models", 2016.
/// </para>
/// </remarks>
public sealed class OptimizedThetaModel : LocalFit
{
    private readonly SeasonalPattern? pattern;
    private readonly int exponent;
    private readonly double share;
    private readonly double variance;
    private readonly ThetaLine line;
    private readonly double[] fitted = [];
    private readonly double[] residuals = [];

    private OptimizedThetaModel(SeasonalPattern? pattern, int exponent, double share, double variance, ThetaLine line)
    {
        this.pattern = pattern;
        this.exponent = exponent;
        this.share = share;
        this.variance = variance;
        this.line = line;
    }

    private OptimizedThetaModel(ReadOnlySpan<double> values, double[] adjusted, SeasonalPattern? pattern, int exponent,
        OptimizedThetaSearch found)
        : this(pattern, exponent, found.Share, found.Squares / Math.Max(1, adjusted.Length - 3), default)
    {
        line = new(found.Alpha, found.First);
        fitted = new double[adjusted.Length];
        for (int t = 0; t < fitted.Length; t++)
        {
            fitted[t] = Restored(t == 0 ? adjusted[0] : line.Level + (share * line.Ahead), t);
            line = line.After(adjusted[t]);
        }

        residuals = LocalFits.Residuals(values, fitted);
    }

    /// <summary>α: how much of the newest value the level takes.</summary>
    public double Alpha => line.Alpha;

    /// <summary>θ: 1 leaves no trend, 2 half of the line's, and the greater the more of it; may be infinite.</summary>
    public double Theta => 1 / (1 - share);

    /// <summary>Whether a season was taken out.</summary>
    public bool IsSeasonal => pattern is not null;

    /// <summary>What was forecast, one step before, for each value that it was fitted to, the first for itself; empty after an
    /// update.</summary>
    public override ReadOnlySpan<double> Fitted => fitted;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Residuals => residuals;

    /// <inheritdoc/>
    public override Config State
    {
        get
        {
            var state = new Config { { "share", share }, { "variance", variance }, { "exponent", exponent } };
            line.Write(state);
            SeasonalPattern.Write(pattern, state);
            return state;
        }
    }

    /// <summary>Fits the model.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none. It is taken out, by classical decomposition,
    /// where the autocorrelation at its lag is significant and the series is longer than two of them.</param>
    /// <exception cref="ArgumentException">There are no values, or one is missing.</exception>
    public static OptimizedThetaModel Fit(ReadOnlySpan<double> values, int season = 1)
    {
        EtsModel.Check(values, season);
        int exponent = Magnitude.Exponent(values);
        double[] adjusted = EtsModel.Scaled(values, exponent);
        SeasonalPattern? pattern = ClassicalDecomposition.TakeOut(adjusted, season, (2L * season) + 1);
        return new(values, adjusted, pattern, exponent, OptimizedThetaSearch.Of(adjusted));
    }

    /// <summary>Forecasts the steps after the last value; each is taken for a value by the next.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon) => Predict(horizon, []).Point.ToArray();

    /// <summary>
    /// Forecasts with their distributions: normal, because forecasts are linear in the errors; how far an error carries into
    /// later steps is followed through the recursion. A season that multiplies widens them where it is high.
    /// </summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="regressors">None are used.</param>
    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        double[] center = Path(horizon, 0, -1), deviations = new double[horizon];

        // An error of a later step does about what one of the first does, as many steps on.
        double[] moved = Path(horizon, 1, 0);
        double sum = 0;
        for (int h = 0; h < horizon; h++)
        {
            double effect = h == 0 ? 1 : moved[h] - center[h];
            sum += effect * effect;
            deviations[h] = Math.Sqrt(variance * sum);
        }

        return QuantileGrid.Normal(center, deviations).Map((h, value) => Restored(value, line.Count + h));
    }

    /// <inheritdoc/>
    public override OptimizedThetaModel Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        Finite.Check(newer, nameof(newer));
        ThetaLine after = line;
        foreach (double value in newer)
        {
            double scaled = Math.ScaleB(value, -exponent);
            after = after.After(pattern?.Without(scaled, after.Count) ?? scaled);
        }

        return new(pattern, exponent, share, variance, after);
    }

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant(
        $"Optimised Theta, theta {Theta:G4}, alpha {Alpha:G4}{(IsSeasonal ? ", seasonally adjusted" : "")}");

    /// <summary>Makes a model of what <see cref="State"/> has written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static OptimizedThetaModel Read(ConfigReader reader)
    {
        double share = reader.Double("share");
        int exponent = reader.Int("exponent");
        EtsModel.Require(reader, "share", share is >= 0 and <= 1);
        EtsModel.Require(reader, "exponent", exponent is >= -1100 and <= 1100);
        return new(SeasonalPattern.Read(reader), exponent, share, LocalFits.NotNegative(reader, "variance"),
            ThetaLine.Read(reader));
    }

    /// <summary>The forecasts' path, an error added to one of them before it is taken for a value.</summary>
    private double[] Path(int horizon, double error, int place)
    {
        ThetaLine ahead = line;
        var path = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            path[h] = ahead.Level + (share * ahead.Ahead);
            ahead = ahead.After(path[h] + (h == place ? error : 0));
        }

        return path;
    }

    private double Restored(double value, long time) =>
        EtsModel.Bounded(Math.ScaleB(pattern?.With(value, time) ?? value, exponent));
}
