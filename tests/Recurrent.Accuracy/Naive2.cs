namespace Recurrent.Accuracy;

/// <summary>
/// The organisers' benchmark: the last value, on a series from which a multiplicative season has been taken where the
/// autocorrelation at the season is significant at 90 %.
/// </summary>
internal static class Naive2
{
    private const double Significance = 1.645;

    internal static double[] Forecast(double[] training, int season, int horizon)
    {
        double[] indices = IsSeasonal(training, season) ? Indices(training, season) : [1];
        double last = training[^1] / indices[(training.Length - 1) % indices.Length];
        return [.. Enumerable.Range(training.Length, horizon).Select(t => last * indices[t % indices.Length])];
    }

    private static bool IsSeasonal(double[] y, int season)
    {
        if (season < 2 || y.Length < 3 * season || y.Any(value => value <= 0))
        {
            return false;
        }

        double mean = y.Average();
        double variance = y.Sum(value => (value - mean) * (value - mean));
        double[] acf = [.. Enumerable.Range(1, season).Select(lag =>
            Enumerable.Range(lag, y.Length - lag).Sum(t => (y[t] - mean) * (y[t - lag] - mean)) / variance)];
        double limit = Significance * Math.Sqrt((1 + (2 * acf[..^1].Sum(r => r * r))) / y.Length);
        return Math.Abs(acf[^1]) > limit;
    }

    /// <summary>Classical multiplicative decomposition: means of the ratios to the centred moving average, scaled to mean
    /// 1.</summary>
    private static double[] Indices(double[] y, int season)
    {
        var sums = new double[season];
        var counts = new int[season];
        int half = season / 2;
        for (int t = half; t < y.Length - half; t++)
        {
            double level = 0;
            for (int i = -half; i <= half; i++)
            {
                double weight = season % 2 == 0 && Math.Abs(i) == half ? 0.5 : 1;
                level += weight * y[t + i];
            }

            sums[t % season] += y[t] / (level / season);
            counts[t % season]++;
        }

        double[] means = [.. sums.Select((sum, i) => sum / counts[i])];
        double mean = means.Average();
        return [.. means.Select(value => value / mean)];
    }
}
