using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// Finds what is unusual in a series: a scorer says how strange each step is, a threshold from which score on it counts.
/// </summary>
/// <example>
/// <code>
/// var detector = new AnomalyDetector(new ForecastScorer(new Ets()));
/// AnomalyResult found = detector.Fit(series);            // in the series itself
/// AnomalyResult later = detector.Detect(newer);          // in what came after it
/// AnomalyMonitor monitor = detector.Stream();            // value by value
/// bool strange = monitor.Step(42.0).IsAnomaly;
/// detector.Save("detector.json");                        // AnomalyDetector.Load gives one with the same scores
/// </code>
/// </example>
public sealed partial class AnomalyDetector
{
    // Of a normal distribution the median absolute deviation is a standard deviation divided by this.
    private const double ToDeviation = 1.4826;
    private const double PlainlyUnusual = 6;

    private double? limit;
    private string[] variables = [];

    /// <summary>Creates a detector.</summary>
    /// <param name="scorer">How strange a step is.</param>
    /// <param name="threshold">From which score on it counts; null for an extreme-value threshold of risk 0.001.</param>
    public AnomalyDetector(AnomalyScorer scorer, AnomalyThreshold? threshold = null)
    {
        ArgumentNullException.ThrowIfNull(scorer);
        Scorer = scorer;
        Threshold = threshold ?? new ExtremeValueThreshold();
    }

    /// <summary>How strange a step is.</summary>
    public AnomalyScorer Scorer { get; }

    /// <summary>From which score on it counts.</summary>
    public AnomalyThreshold Threshold { get; }

    /// <summary>The score from which on a step is an anomaly.</summary>
    /// <exception cref="InvalidOperationException">The detector is not fitted.</exception>
    public double Limit => limit ?? throw new InvalidOperationException("The detector is not fitted yet: call Fit first.");

    /// <summary>Learns from a series, and finds what is unusual in it.</summary>
    /// <param name="series">The series; mostly ordinary.</param>
    /// <param name="run">How it is run; null for the defaults.</param>
    /// <exception cref="ArgumentException">The series is too short, or cannot be learned from; the message says why.</exception>
    public AnomalyResult Fit(TimeSeries series, ForecastRun? run = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        AnomalyScores scores = Scorer.Fit(series, run);
        double learned = Threshold.Of(Ordinary([.. scores.Values.Skip(scores.FirstUnseen).Where(double.IsFinite)]));
        (limit, variables) = (learned, [.. series.Variables]);
        return new(series, scores.Values, scores.Expected, learned);
    }

    /// <summary>
    /// The scores without those that are plainly none of ordinary steps, which would lift the limit above themselves.
    /// </summary>
    private static IEnumerable<double> Ordinary(double[] scores)
    {
        double median = Median(scores);
        double spread = ToDeviation * Median([.. scores.Select(score => Math.Abs(score - median))]);
        return spread > 0 ? scores.Where(score => score <= median + (PlainlyUnusual * spread)) : scores;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : QuantileGrid.OfSorted(sorted, 0.5);
    }

    /// <summary>Finds what is unusual in steps that follow those it was fitted to.</summary>
    /// <param name="newer">The steps.</param>
    /// <exception cref="ArgumentException">The series has other variables.</exception>
    /// <exception cref="InvalidOperationException">The detector is not fitted.</exception>
    public AnomalyResult Detect(TimeSeries newer)
    {
        ArgumentNullException.ThrowIfNull(newer);
        double learned = Limit;
        if (!newer.Variables.SequenceEqual(variables) && (newer.Variables.Count != 1 || variables.Length != 1))
        {
            throw new ArgumentException($"Series '{newer.Name}' has the variables {string.Join(", ", newer.Variables)}, but the "
                + $"detector is fitted to {string.Join(", ", variables)}.", nameof(newer));
        }

        AnomalyTracker stream = Scorer.Stream();
        var scores = new double[newer.Count];
        var expected = new double[newer.Count];
        double[] step = new double[variables.Length];
        for (int t = 0; t < scores.Length; t++)
        {
            for (int variable = 0; variable < step.Length; variable++)
            {
                step[variable] = newer.Variable(variable)[t];
            }

            expected[t] = stream.Expected;
            scores[t] = stream.Step(step);
        }

        return new(newer, scores, expected, learned);
    }

    /// <summary>A monitor for values that come one by one after the series that the detector was fitted to.</summary>
    /// <exception cref="InvalidOperationException">The detector is not fitted.</exception>
    public AnomalyMonitor Stream() => new(Scorer.Stream(), Limit);
}

/// <summary>Scores values as they come, and says which are anomalies. One thread at a time may use a monitor.</summary>
public sealed class AnomalyMonitor
{
    private readonly AnomalyTracker stream;

    internal AnomalyMonitor(AnomalyTracker stream, double limit)
    {
        this.stream = stream;
        Limit = limit;
    }

    /// <summary>The score from which on a step is an anomaly.</summary>
    public double Limit { get; }

    /// <summary>What the next value of the first variable is expected to be; NaN where nothing is.</summary>
    public double Expected => stream.Expected;

    /// <summary>Scores the values of a step and takes them in.</summary>
    /// <param name="values">A value for each variable; NaN where one is missing.</param>
    /// <returns>The score, and whether it is one of an anomaly.</returns>
    /// <exception cref="ArgumentException">There is another number of variables, or a value is infinite.</exception>
    public (double Score, bool IsAnomaly) Step(params ReadOnlySpan<double> values)
    {
        double score = stream.Step(values);
        return (score, score > Limit);
    }
}
