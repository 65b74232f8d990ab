namespace Recurrent.Forecasting;

/// <summary>How long the cycle of a series is, where it has one.</summary>
internal static class CycleLength
{
    /// <summary>
    /// The lag of the highest autocorrelation after the first that is negative, up to a third of the series; null where none
    /// is above 4/√n (the highest of many that are none), or the autocorrelations never fall below 0.
    /// </summary>
    /// <param name="values">The series, complete.</param>
    internal static int? Of(ReadOnlySpan<double> values)
    {
        double[] correlations = Autocorrelation.Of(values, Math.Min(1000, values.Length / 3));
        int lag = Array.FindIndex(correlations, value => value < 0);
        if (lag < 0)
        {
            return null;
        }

        int highest = lag;
        for (; lag < correlations.Length - 1; lag++)
        {
            highest = correlations[lag] > correlations[highest] ? lag : highest;
        }

        return correlations[highest] > 4 / Math.Sqrt(values.Length) ? highest : null;
    }
}
