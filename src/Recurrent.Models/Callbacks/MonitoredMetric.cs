using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>A figure of the logs that a callback follows from epoch to epoch, and its best value so far.</summary>
internal sealed class MonitoredMetric
{
    private readonly string owner;
    private readonly string name;
    private readonly MonitorMode mode;
    private readonly double minDelta;
    private readonly double? start;
    private bool higherIsBetter;

    /// <summary>Creates it.</summary>
    /// <param name="owner">The callback, for messages.</param>
    /// <param name="name">Name of the figure in the logs.</param>
    /// <param name="mode">Which way it improves.</param>
    /// <param name="minDelta">By how much it must improve to count.</param>
    /// <param name="start">What the first value has to beat; null where nothing.</param>
    public MonitoredMetric(string owner, string name, MonitorMode mode, double minDelta, double? start = null)
    {
        this.owner = owner;
        this.name = name;
        this.mode = mode;
        this.minDelta = Math.Abs(minDelta);
        this.start = start;
    }

    /// <summary>The best value so far; null where there is none yet.</summary>
    public double? Best { get; private set; }

    /// <summary>Checks that a run will log the figure, and finds out which way it improves.</summary>
    /// <param name="run">The run.</param>
    /// <exception cref="ArgumentException">It will not, or the way is not known.</exception>
    public void Check(TrainingRun run)
    {
        if (!run.MetricNames.Contains(name))
        {
            throw new ArgumentException($"{owner} monitors '{name}', but {Missing(run)}");
        }

        higherIsBetter = mode switch
        {
            MonitorMode.Min => false,
            MonitorMode.Max => true,
            _ => MetricDirection.HigherIsBetter(run.Model, name) ?? throw new ArgumentException(
                $"{owner} monitors '{name}', and whether more or less of it is better is not known. Pass mode: MonitorMode.Min "
                + "or mode: MonitorMode.Max."),
        };
    }

    /// <summary>Forgets what an earlier run left.</summary>
    public void Reset() => Best = start;

    /// <summary>Goes on from the best value of a run that was broken off.</summary>
    public void Restore(double? best) => Best = best;

    /// <summary>The value of an epoch; null where the epoch was ended too early to have one.</summary>
    /// <param name="logs">The logs of the epoch.</param>
    public double? Read(IReadOnlyDictionary<string, double> logs) => logs.TryGetValue(name, out double value) ? value : null;

    /// <summary>Takes in the value of an epoch.</summary>
    /// <returns>Whether it is the best so far.</returns>
    public bool Improve(double value)
    {
        if (!Beats(value, Best))
        {
            return false;
        }

        Best = value;
        return true;
    }

    /// <summary>
    /// Whether a value is better than another by more than the least change. NaN and infinity never are; any number is better
    /// than none.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="reference">What to beat, or null.</param>
    public bool Beats(double value, double? reference) => double.IsFinite(value)
        && (reference is not double other || (higherIsBetter ? value - minDelta > other : value + minDelta < other));

    private string Missing(TrainingRun run)
    {
        bool validation = name.StartsWith(TrainingRun.ValidationPrefix, StringComparison.Ordinal);
        string plain = validation ? name[TrainingRun.ValidationPrefix.Length..] : name;
        return validation && !run.HasValidation && run.MetricNames.Contains(plain)
            ? $"this run has no validation data. Pass validationData or validationSplit, or monitor '{plain}'."
            : $"this run does not log it. {Spelling.DidYouMean(name, run.MetricNames)}It logs "
                + $"{string.Join(", ", run.MetricNames)}.";
    }
}
