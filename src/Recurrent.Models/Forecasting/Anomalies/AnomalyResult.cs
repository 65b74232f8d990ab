using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>A stretch of unusual steps.</summary>
/// <param name="Start">Its first step, as a place in the series.</param>
/// <param name="Length">Number of steps.</param>
/// <param name="Peak">The step with the largest score.</param>
/// <param name="Date">The date of the peak, or null where none are known.</param>
/// <param name="Value">The value of the first variable at the peak.</param>
/// <param name="Expected">What was expected there; NaN where nothing was.</param>
/// <param name="Score">The score there.</param>
public sealed record Anomaly(int Start, int Length, int Peak, DateTime? Date, double Value, double Expected, double Score);

/// <summary>What is unusual in a series.</summary>
public sealed class AnomalyResult
{
    internal AnomalyResult(TimeSeries series, IReadOnlyList<double> scores, IReadOnlyList<double> expected, double limit)
    {
        Series = series;
        Scores = scores;
        Expected = expected;
        Limit = limit;
        Anomalies = [.. Stretches()];
    }

    /// <summary>The series.</summary>
    public TimeSeries Series { get; }

    /// <summary>A score for each step; NaN where there is none.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>What was expected at each step; NaN where nothing was.</summary>
    public IReadOnlyList<double> Expected { get; }

    /// <summary>The score from which on a step is an anomaly.</summary>
    public double Limit { get; }

    /// <summary>The stretches of steps whose scores lie above the limit, oldest first.</summary>
    public IReadOnlyList<Anomaly> Anomalies { get; }

    private IEnumerable<Anomaly> Stretches()
    {
        for (int start = 0; start < Scores.Count; start++)
        {
            if (!(Scores[start] > Limit))
            {
                continue;
            }

            int end = start;
            int peak = start;
            while (end + 1 < Scores.Count && Scores[end + 1] > Limit)
            {
                end++;
                peak = Scores[end] > Scores[peak] ? end : peak;
            }

            yield return new(start, end - start + 1, peak, Series.Dates?[peak], Series[peak], Expected[peak], Scores[peak]);
            start = end;
        }
    }
}
