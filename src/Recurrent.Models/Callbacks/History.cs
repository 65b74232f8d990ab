namespace Recurrent.Callbacks;

/// <summary>Loss and metrics of every epoch of a training run.</summary>
public sealed class History
{
    private readonly Dictionary<string, List<double>> metrics;

    /// <summary>Starts a history.</summary>
    /// <param name="names">What the epochs will log.</param>
    /// <param name="initialEpoch">Index of the first epoch.</param>
    internal History(IEnumerable<string> names, int initialEpoch = 0)
    {
        metrics = names.ToDictionary(name => name, _ => new List<double>(), StringComparer.Ordinal);
        InitialEpoch = initialEpoch;
    }

    /// <summary>One value an epoch for <c>loss</c>, every metric, and the same with <c>val_</c> before the name where there was
    /// validation data. NaN stands where an epoch was ended early, so that no validation took place.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Metrics =>
        metrics.ToDictionary(m => m.Key, m => (IReadOnlyList<double>)m.Value, StringComparer.Ordinal);

    /// <summary>Index of the first epoch: above 0 where the model had been trained before.</summary>
    public int InitialEpoch { get; }

    /// <summary>Number of epochs that were finished.</summary>
    public int Epochs { get; private set; }

    /// <summary>Why training ended before the last epoch that was asked for, or null.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>Whether it ended because a loss, a gradient or a weight was not a finite number.</summary>
    internal bool Diverged { get; set; }

    /// <summary>What the model has warned of since it was compiled, each once: see <see cref="Models.Model.Warnings"/>.</summary>
    public IReadOnlyList<string> Warnings { get; internal set; } = [];

    /// <summary>The values of one metric, an epoch each.</summary>
    /// <param name="name">The metric, such as <c>val_loss</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such metric; the message lists those there are.</exception>
    public IReadOnlyList<double> this[string name] => metrics.TryGetValue(name, out List<double>? values)
        ? values
        : throw new KeyNotFoundException($"The history has no '{name}'. It has {string.Join(", ", metrics.Keys)}.");

    /// <summary>
    /// The run in one line: <c>20 epochs: loss 0.5000 → 0.0123, val_loss 0.6000 → 0.0200 (least 0.0180 in epoch 17)</c>, and why
    /// it ended where that was early.
    /// </summary>
    public override string ToString()
    {
        string epochs = Epochs == 1 ? "1 epoch" : FormattableString.Invariant($"{Epochs} epochs");
        string figures = string.Join(", ", metrics.Where(metric => metric.Value.Count > 0)
            .Select(metric => Describe(metric.Key, metric.Value)));
        return epochs + (figures.Length > 0 ? ": " + figures : string.Empty)
            + (StopReason is null ? string.Empty : "; stopped: " + StopReason);
    }

    /// <summary>
    /// Draws the run as a page, one HTML file that needs no network: a chart for each figure, with that of the validation data
    /// beside it, and the tables behind them.
    /// </summary>
    /// <param name="path">The file, <c>training.html</c>; folders of the path are made where they are missing.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Plot(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Registration.FilePath.RequireNoFolder(path);
        CallbackOptions.MakeFolderOf(path);
        Registration.FilePath.Write(path, ToHtml());
    }

    /// <summary>The page of <see cref="Plot"/> as a text.</summary>
    public string ToHtml() => HistoryPage.Write(this);

    /// <summary>The epoch of the least loss; −1 where the figure is none, or never a number.</summary>
    internal int BestIndex(string name) =>
        name.EndsWith("loss", StringComparison.Ordinal) ? IndexOfLeast(metrics[name]) : -1;

    /// <summary>Takes the epochs of the run that this one goes on from.</summary>
    /// <exception cref="ArgumentException">A list has not a value for each of them.</exception>
    internal void Restore(IEnumerable<(string Name, double[] Values)> epochs, int count)
    {
        foreach ((string name, double[] values) in epochs)
        {
            metrics[name] = values.Length == count ? [.. values]
                : throw new ArgumentException($"The history has {values.Length} values of {name} for {count} epochs.");
        }

        foreach (List<double> values in metrics.Values.Where(values => values.Count < count))
        {
            values.AddRange(Enumerable.Repeat(double.NaN, count - values.Count));
        }

        Epochs = count;
    }

    /// <summary>Adds an epoch. What it lacks, or what those before it lacked, is NaN, so that all lists stay in step.</summary>
    /// <param name="logs">Loss and metrics of the epoch.</param>
    internal void Add(IReadOnlyDictionary<string, double> logs)
    {
        foreach (string name in logs.Keys.Where(name => !metrics.ContainsKey(name)))
        {
            metrics.Add(name, [.. Enumerable.Repeat(double.NaN, Epochs)]);
        }

        foreach ((string name, List<double> values) in metrics)
        {
            values.Add(logs.TryGetValue(name, out double value) ? value : double.NaN);
        }

        Epochs++;
    }

    private string Describe(string name, List<double> values)
    {
        string course = values.Count == 1
            ? LogText.Number(values[0])
            : $"{LogText.Number(values[0])} → {LogText.Number(values[^1])}";
        int best = name.EndsWith("loss", StringComparison.Ordinal) ? IndexOfLeast(values) : values.Count - 1;
        return best >= 0 && best < values.Count - 1 && values[best] < values[^1]
            ? FormattableString.Invariant(
            $"{name} {course} (least {LogText.Number(values[best])} in epoch {InitialEpoch + best + 1})")
            : $"{name} {course}";
    }

    private static int IndexOfLeast(List<double> values)
    {
        int least = -1;
        for (int i = 0; i < values.Count; i++)
        {
            least = double.IsFinite(values[i]) && (least < 0 || values[i] < values[least]) ? i : least;
        }

        return least;
    }
}
