using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// The Theta method (Assimakopoulos and Nikolopoulos, 2000) as simple exponential smoothing with drift (Hyndman and Billah, 2003):
/// half the slope of the straight line through the seasonally adjusted series, beside its level ℓ and smoothing α.
/// <c>f_h = ℓ + b/2 · (h − 1 + (1 − (1 − α)ⁿ) / α)</c>.
/// </summary>
public sealed class ThetaModel
{
    private readonly EtsModel smoothing;
    private readonly SeasonalPattern? pattern;
    private readonly double drift;
    private readonly int exponent;
    private readonly int count;

    private ThetaModel(EtsModel smoothing, SeasonalPattern? pattern, double drift, int exponent, int count)
    {
        this.smoothing = smoothing;
        this.pattern = pattern;
        this.drift = drift;
        this.exponent = exponent;
        this.count = count;
    }

    /// <summary>α of the smoothing.</summary>
    public double Alpha => smoothing.Parameters.Alpha;

    /// <summary>Half the slope of the straight line through the series without its season.</summary>
    public double Drift => Math.ScaleB(drift, exponent);

    /// <summary>Whether a season was taken out.</summary>
    public bool IsSeasonal => pattern is not null;

    /// <summary>What was forecast for each value: as the smoothing does, the season put back.</summary>
    public double[] Fitted => Restored(smoothing.Fitted, 0);

    /// <summary>Fits the method.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none. It is taken out, by classical decomposition, where
    /// the autocorrelation at its lag is significant and the series is longer than two of them.</param>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public static ThetaModel Fit(ReadOnlySpan<double> values, int season = 1)
    {
        EtsModel.Check(values, season);
        int exponent = Magnitude.Exponent(values);
        double[] adjusted = EtsModel.Scaled(values, exponent);
        SeasonalPattern? pattern = ClassicalDecomposition.TakeOut(adjusted, season, (2L * season) + 1);
        EtsModel smoothing = EtsModel.Fit(adjusted, EtsForm.Parse("ANN"));
        return new(smoothing, pattern, EtsStart.Line(adjusted, true).Slope / 2, exponent, values.Length);
    }

    /// <summary>Forecasts the steps after the last value.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon) => Restored(Lines(horizon), count);

    /// <summary>Quantiles of every step to come, one row for each: of a normal distribution with variance σ²(1 + (h − 1)α²) around
    /// the forecast.</summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="levels">Probabilities, above 0 and below 1.</param>
    public double[][] Quantiles(int horizon, ReadOnlySpan<double> levels)
    {
        double[] center = Forecast(horizon);
        var rows = new double[horizon][];
        double sigma = Math.Sqrt(smoothing.SigmaSquared) * Math.ScaleB(1, smoothing.Exponent);
        for (int h = 0; h < horizon; h++)
        {
            double deviation = sigma * Math.Sqrt(1 + (h * Alpha * Alpha));
            rows[h] = new double[levels.Length];
            for (int i = 0; i < levels.Length; i++)
            {
                double distance = Math.ScaleB(deviation * NormalCurve.Quantile(levels[i]), exponent);
                rows[h][i] = EtsModel.Bounded(center[h] + distance);
            }
        }

        return rows;
    }

    private double[] Lines(int horizon)
    {
        double[] forecast = smoothing.Forecast(horizon);
        double behind = (1 - Math.Pow(1 - Alpha, count)) / Alpha;
        for (int h = 0; h < horizon; h++)
        {
            forecast[h] += drift * (h + behind);
        }

        return forecast;
    }

    private double[] Restored(double[] adjusted, int from)
    {
        for (int t = 0; t < adjusted.Length; t++)
        {
            double value = pattern?.With(adjusted[t], from + t) ?? adjusted[t];
            adjusted[t] = EtsModel.Bounded(Math.ScaleB(value, exponent));
        }

        return adjusted;
    }
}
