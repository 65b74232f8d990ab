using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>The Theta method as simple exponential smoothing with drift, fitted; nothing changes it.</summary>
/// <remarks>
/// <c>f_h = ℓ + b/2 · (h − 1 + (1 − (1 − α)ⁿ) / α)</c>, with the level ℓ and the smoothing α of the seasonally adjusted series,
/// and b, the slope of the straight line through it. Assimakopoulos and Nikolopoulos, 2000; Hyndman and Billah, "Unmasking the
/// Theta method", 2003.
/// </remarks>
public sealed class ThetaModel : LocalFit
{
    private readonly SeasonalPattern? pattern;
    private readonly int exponent;
    private readonly double level;
    private readonly double drift;
    private readonly double variance;
    private readonly long count;
    private readonly double[] fitted;
    private readonly double[] residuals;

    private ThetaModel(SeasonalPattern? pattern, int exponent, double alpha, double level, double drift, double variance,
        long count, double[] fitted, double[] residuals)
    {
        this.pattern = pattern;
        this.exponent = exponent;
        Alpha = alpha;
        this.level = level;
        this.drift = drift;
        this.variance = variance;
        this.count = count;
        this.fitted = fitted;
        this.residuals = residuals;
    }

    /// <summary>α of the smoothing.</summary>
    public double Alpha { get; }

    /// <summary>Half the slope of the straight line through the series without its season.</summary>
    public double Drift => Math.ScaleB(drift, exponent);

    /// <summary>Whether a season was taken out.</summary>
    public bool IsSeasonal => pattern is not null;

    /// <summary>What the smoothing forecast for each value that it was fitted to, with the season; empty after an
    /// update.</summary>
    public override ReadOnlySpan<double> Fitted => fitted;

    /// <inheritdoc/>
    public override ReadOnlySpan<double> Residuals => residuals;

    /// <inheritdoc/>
    public override Config State
    {
        get
        {
            var state = new Config
            {
                { "alpha", Alpha },
                { "level", level },
                { "drift", drift },
                { "variance", variance },
                { "exponent", exponent },
                { "count", count },
            };
            SeasonalPattern.Write(pattern, state);
            return state;
        }
    }

    /// <summary>Fits the method.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none. It is taken out, by classical decomposition,
    /// where the autocorrelation at its lag is significant and the series is longer than two of them.</param>
    /// <exception cref="ArgumentException">There are no values, or one is missing.</exception>
    public static ThetaModel Fit(ReadOnlySpan<double> values, int season = 1)
    {
        EtsModel.Check(values, season);
        int exponent = Magnitude.Exponent(values);
        double[] adjusted = EtsModel.Scaled(values, exponent);
        SeasonalPattern? pattern = ClassicalDecomposition.TakeOut(adjusted, season, (2L * season) + 1);
        EtsModel smoothing = EtsModel.Fit(adjusted, EtsForm.Parse("ANN"));
        double[] fitted = smoothing.Fitted.ToArray();
        for (int t = 0; t < fitted.Length; t++)
        {
            fitted[t] = Restored(fitted[t], t, pattern, exponent);
        }

        return new(pattern, exponent, smoothing.Parameters.Alpha, smoothing.Forecast(1)[0],
            EtsStart.Line(adjusted, true).Slope / 2, smoothing.SigmaSquared, values.Length, fitted,
            LocalFits.Residuals(values, fitted));
    }

    /// <summary>Forecasts the steps after the last value.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon) => Predict(horizon, []).Point.ToArray();

    /// <summary>Forecasts with normal distributions of variance σ²(1 + (h − 1)α²) around them.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="regressors">None are used.</param>
    public override QuantileGrid Predict(int horizon, IReadOnlyList<double[]> regressors)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        double behind = (1 - Math.Pow(1 - Alpha, count)) / Alpha;
        var center = new double[horizon];
        var deviations = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            center[h] = level + (drift * (h + behind));
            deviations[h] = Math.Sqrt(variance * (1 + (h * Alpha * Alpha)));
        }

        return QuantileGrid.Normal(center, deviations).Map((h, value) => Restored(value, count + h, pattern, exponent));
    }

    /// <inheritdoc/>
    public override ThetaModel Update(ReadOnlySpan<double> newer, IReadOnlyList<double[]> regressors)
    {
        Finite.Check(newer, nameof(newer));
        double after = level;
        for (int t = 0; t < newer.Length; t++)
        {
            double value = Math.ScaleB(newer[t], -exponent);
            after += Alpha * ((pattern?.Without(value, count + t) ?? value) - after);
        }

        return new(pattern, exponent, Alpha, after, drift, variance, count + newer.Length, [], []);
    }

    /// <inheritdoc/>
    public override string Describe() => FormattableString.Invariant(
        $"Theta, alpha {Alpha:G4}, drift {Drift:G4}{(IsSeasonal ? ", seasonally adjusted" : "")}");

    /// <summary>Makes a model of what <see cref="State"/> has written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static ThetaModel Read(ConfigReader reader)
    {
        double alpha = reader.Double("alpha");
        int exponent = reader.Int("exponent");
        EtsModel.Require(reader, "alpha", alpha is > 0 and < 1);
        EtsModel.Require(reader, "exponent", exponent is >= -1100 and <= 1100);
        return new(SeasonalPattern.Read(reader), exponent, alpha, reader.Double("level"), reader.Double("drift"),
            LocalFits.NotNegative(reader, "variance"), LocalFits.Counted(reader, "count"), [], []);
    }

    private static double Restored(double value, long time, SeasonalPattern? pattern, int exponent) =>
        EtsModel.Bounded(Math.ScaleB(pattern?.With(value, time) ?? value, exponent));
}
