using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// How far forecasts are from what came. Every function takes the actual values first; those that are missing (NaN) are passed
/// over, with their forecasts. Sums and squares of numbers of any size neither overflow nor vanish.
/// </summary>
public static partial class ForecastMetrics
{
    /// <summary>Mean absolute error, mean |y − f|, in the unit of the series.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <exception cref="ArgumentException">There are no values, or not as many of one as of the other.</exception>
    public static double Mae(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) =>
        Errors.Of(actual, forecast).Mean(Math.Abs).Value;

    /// <summary>Root mean square error, √ mean (y − f)², in the unit of the series.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <exception cref="ArgumentException">There are no values, or not as many of one as of the other.</exception>
    public static double Rmse(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast) =>
        Errors.Of(actual, forecast).RootMeanSquare().Value;

    /// <summary>
    /// Symmetric mean absolute percentage error, mean of 200 |y − f| / (|y| + |f|), in percent from 0 to 200. Where both are 0
    /// the forecast is perfect, and counts as 0.
    /// </summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <exception cref="ArgumentException">There are no values, or not as many of one as of the other.</exception>
    public static double Smape(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        Errors.Check(actual, forecast);
        (actual, forecast) = Known.Pairs(actual, forecast);
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            int exponent = Magnitude.Exponent([actual[i], forecast[i]]);
            double y = Math.ScaleB(actual[i], -exponent);
            double f = Math.ScaleB(forecast[i], -exponent);
            sum += y == f ? 0 : 200 * Math.Abs(y - f) / (Math.Abs(y) + Math.Abs(f));
        }

        return sum / actual.Length;
    }

    /// <summary>
    /// Mean absolute scaled error: the mean absolute error divided by that of the seasonal naive forecast, one season ahead, over
    /// the training part (Hyndman and Koehler, 2006). Below 1 is better than that.
    /// </summary>
    /// <param name="actual">What came.</param>
    /// <param name="forecast">What was forecast.</param>
    /// <param name="training">The training part, which sets the scale.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">There are no values, the lengths differ, or the training part repeats itself or is
    /// shorter than a season.</exception>
    public static double Mase(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast,
        ReadOnlySpan<double> training, int season) =>
        Errors.Of(actual, forecast).Mean(Math.Abs) / SeasonalErrors(training, season);

    /// <summary>What <see cref="Mase"/> divides by: the mean of |y_t − y_{t−season}| over the training part.</summary>
    /// <param name="training">The training part.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none.</param>
    /// <exception cref="ArgumentException">The training part is not longer than a season, or repeats itself exactly.</exception>
    public static double MaseScale(ReadOnlySpan<double> training, int season) => SeasonalErrors(training, season).Value;

    /// <summary>Pinball loss of a quantile forecast: the mean of max(p (y − q), (p − 1)(y − q)).</summary>
    /// <param name="actual">What came.</param>
    /// <param name="quantiles">The forecast quantiles q.</param>
    /// <param name="probability">The probability p of the quantile, above 0 and below 1.</param>
    /// <exception cref="ArgumentException">There are no values, the lengths differ, or p is out of range.</exception>
    public static double Pinball(ReadOnlySpan<double> actual, ReadOnlySpan<double> quantiles, double probability) =>
        probability is > 0 and < 1
            ? Errors.Of(actual, quantiles).Mean(error => Math.Max(probability * error, (probability - 1) * error)).Value
            : throw new ArgumentOutOfRangeException(nameof(probability), probability,
                "A quantile's probability lies above 0 and below 1.");

    /// <summary>Share of values that lie in a forecast interval, bounds included, from 0 to 1.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="low">Lower bounds.</param>
    /// <param name="high">Upper bounds.</param>
    /// <exception cref="ArgumentException">There are no values, or the lengths differ.</exception>
    public static double Coverage(ReadOnlySpan<double> actual, ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        Errors.Check(actual, low);
        Errors.Check(actual, high);
        int inside = 0;
        int known = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            inside += actual[i] >= low[i] && actual[i] <= high[i] ? 1 : 0;
            known += double.IsNaN(actual[i]) ? 0 : 1;
        }

        return (double)inside / known;
    }

    private static ScaledNumber SeasonalErrors(ReadOnlySpan<double> training, int season)
    {
        SeasonCheck.Require(training.Length, season, 1);
        ScaledNumber scale = Differences(training, season).Mean(Math.Abs);
        return Positive(scale, nameof(training));
    }

    private static ScaledNumber Positive(ScaledNumber scale, string training) => scale.Mantissa > 0
            ? scale
            : throw new ArgumentException(
            "The training part repeats itself exactly, season by season: errors cannot be scaled by it.", training);

    /// <summary>The differences of values a season apart, as far as both are known.</summary>
    private static Errors Differences(ReadOnlySpan<double> training, int season)
    {
        (ReadOnlySpan<double> later, ReadOnlySpan<double> earlier) = Known.Pairs(training[season..], training[..^season]);
        return later.IsEmpty
            ? throw new ArgumentException(
                "No two values of the training part that are a season apart are known: errors cannot be scaled by it.",
                nameof(training))
            : Errors.Of(later, earlier);
    }
}
