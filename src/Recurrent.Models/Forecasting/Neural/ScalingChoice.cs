using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>Which simple forecast a network's targets are taken from, where nothing is said.</summary>
internal static class ScalingChoice
{
    // Places of each series that are looked at.
    private const int MostPlaces = 200;

    // A Box-Cox transform of this λ is as far from the logarithm as from the square root.
    private const double MostForLog = 0.25;

    /// <summary>Whether the ups and downs of a positive series grow with its level, so that its logarithm is what moves
    /// evenly (Guerrero, 1993).</summary>
    /// <param name="values">The values, NaN where missing.</param>
    /// <param name="season">Steps of a season; 1 for none.</param>
    public static bool IsLogarithmic(double[] values, int season) =>
        values.All(value => !(value <= 0)) && BoxCoxLambda.Guerrero(values, season) <= MostForLog;

    /// <summary>
    /// That which is least far off over the horizon, in the mean of all series: the value of a season before
    /// (<see cref="WindowScaling.Seasonal"/>), the last value (<see cref="WindowScaling.Last"/>), or the mean of the series
    /// (<see cref="WindowScaling.None"/>), which a season or a network has to be clearly better than.
    /// </summary>
    /// <param name="panel">The series.</param>
    /// <param name="season">Steps of a season; 1 for none.</param>
    /// <param name="horizon">Steps ahead.</param>
    public static WindowScaling For(IReadOnlyList<SeriesValues> panel, int season, int horizon)
    {
        double seasonal = 0;
        double last = 0;
        double mean = 0;
        foreach (double[] values in panel.SelectMany(series => series.Targets))
        {
            SeriesScale scale = SeriesScale.Of(values);
            int first = season;
            int places = values.Length - horizon - first;
            int every = Math.Max(1, places / MostPlaces);
            double[] sums = [0, 0, 0];
            long count = 0;
            for (int end = first; end < values.Length - 1; end += every)
            {
                for (int step = 1; step <= Math.Min(horizon, values.Length - 1 - end); step++)
                {
                    double truth = values[end + step];
                    double errorOfSeason = Math.Abs(truth - values[end + 1 + ((step - 1) % season) - season]);
                    double errorOfLast = Math.Abs(truth - values[end]);
                    if (double.IsFinite(errorOfSeason + errorOfLast))
                    {
                        sums[0] += errorOfSeason;
                        sums[1] += errorOfLast;
                        sums[2] += Math.Abs(truth - scale.Mean);
                        count++;
                    }
                }
            }

            double unit = Math.Max(1, count) * scale.Deviation;
            seasonal += sums[0] / unit;
            last += sums[1] / unit;
            mean += sums[2] / unit;
        }

        return season > 1 && seasonal < last && seasonal < mean ? WindowScaling.Seasonal
            : last < mean ? WindowScaling.Last
            : WindowScaling.None;
    }
}
