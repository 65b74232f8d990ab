using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <content>Scaled and weighted errors, and how good whole distributions are.</content>
public static partial class ForecastMetrics
{
    private const double DefaultCoverage = 0.95;

    /// <summary>
    /// Root mean square scaled error: the root of the mean square error divided by the mean square of y_t − y_{t−season} over the
    /// training part (the M5 competition, 2020).
    /// </summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <param name="training">The training part, which sets the scale.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">There are no values, the lengths differ, or the training part repeats itself or is
    /// shorter than a season.</exception>
    public static double Rmsse(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast, ReadOnlySpan<double> training,
        int season)
    {
        SeasonCheck.Require(training.Length, season, 1);
        ScaledNumber scale = Positive(Differences(training, season).RootMeanSquare(), nameof(training));
        return Errors.Of(actual, forecast).RootMeanSquare() / scale;
    }

    /// <summary>Weighted absolute percentage error, 100 Σ|y − f| / Σ|y|, in percent.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <exception cref="ArgumentException">There are no values, the lengths differ, or all actual values are 0.</exception>
    public static double Wmape(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        ScaledNumber error = Errors.Of(actual, forecast).Mean(Math.Abs);
        ScaledNumber size = Errors.Of(actual, new double[actual.Length]).Mean(Math.Abs);
        return size.Mantissa > 0 ? 100 * (error / size)
            : throw new ArgumentException("All actual values are 0: errors are no share of them.", nameof(actual));
    }

    /// <summary>
    /// Continuous ranked probability score, mean of ∫ (F(x) − 1{x ≥ y})² dx, in the unit of the series: the absolute error of a
    /// distribution (Gneiting and Raftery, 2007). It is computed as twice the mean pinball loss of 200 quantiles.
    /// </summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">The distribution of each step.</param>
    /// <exception cref="ArgumentException">There are no values, or not as many as steps.</exception>
    public static double Crps(ReadOnlySpan<double> actual, QuantileGrid forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        Errors.Check(actual, forecast.Point);
        double sum = 0;
        int known = 0;
        for (int step = 0; step < actual.Length; step++)
        {
            if (!double.IsNaN(actual[step]))
            {
                sum += forecast.Crps(step, actual[step]);
                known++;
            }
        }

        return sum / known;
    }

    /// <summary>
    /// Mean scaled interval score of the M4 competition: the mean of <c>u − l + 2/α (l − y)⁺ + 2/α (y − u)⁺</c>, α = 1 −
    /// coverage, divided by <see cref="MaseScale"/>. Narrow intervals that hold what comes are best.
    /// </summary>
    /// <param name="actual">What came.</param>
    /// <param name="low">Lower bounds l.</param>
    /// <param name="high">Upper bounds u.</param>
    /// <param name="training">The training part, which sets the scale.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <param name="coverage">How much the intervals are to cover, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">There are no values, the lengths differ, or the training part repeats itself or is
    /// shorter than a season.</exception>
    public static double Msis(ReadOnlySpan<double> actual, ReadOnlySpan<double> low, ReadOnlySpan<double> high,
        ReadOnlySpan<double> training, int season, double coverage = DefaultCoverage)
    {
        if (coverage is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, "A coverage lies above 0 and below 1.");
        }

        Errors.Check(actual, low);
        Errors.Check(actual, high);
        ScaledNumber scale = SeasonalErrors(training, season);
        int exponent = Magnitude.Exponent([.. low, .. high]);
        (ReadOnlySpan<double> known, _) = Known.Pairs(actual, low);
        exponent = Math.Max(exponent, Magnitude.Exponent(known)) + 2;
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            if (!double.IsNaN(actual[i]))
            {
                double y = Math.ScaleB(actual[i], -exponent);
                double l = Math.ScaleB(low[i], -exponent);
                double u = Math.ScaleB(high[i], -exponent);
                sum += u - l + (2 / (1 - coverage) * (Math.Max(0, l - y) + Math.Max(0, y - u)));
            }
        }

        return new ScaledNumber(sum / known.Length, exponent) / scale;
    }

    /// <summary>
    /// Overall weighted average of the M4 competition: the mean of sMAPE and MASE, each divided by that of Naive 2, the
    /// seasonally adjusted naive forecast.
    /// </summary>
    /// <param name="smape">The sMAPE over all series.</param>
    /// <param name="mase">The MASE over all series.</param>
    /// <param name="naiveSmape">The sMAPE of Naive 2.</param>
    /// <param name="naiveMase">The MASE of Naive 2.</param>
    public static double Owa(double smape, double mase, double naiveSmape, double naiveMase) =>
        ((smape / naiveSmape) + (mase / naiveMase)) / 2;
}
