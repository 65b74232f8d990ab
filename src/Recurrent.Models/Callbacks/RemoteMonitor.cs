namespace Recurrent.Callbacks;

/// <summary>Reports a run to somebody else while it goes on: a window, a service, another thread. Keras's RemoteMonitor, which
/// posts to an address; here a receiver is any <see cref="IProgress{T}"/>.</summary>
/// <remarks>
/// A receiver that fails is warned of once (<see cref="Models.Model.Warnings"/>) and not called again; training goes on. What is
/// reported is a copy that stays as it is.
/// </remarks>
/// <example><code>
/// var progress = new Progress&lt;TrainingReport&gt;(report => bar.Value = 100.0 * (report.Epoch + 1) / report.Epochs);
/// model.Fit(x, y, epochs: 50, callbacks: new RemoteMonitor(progress));
/// </code></example>
public sealed class RemoteMonitor : Callback
{
    private readonly IProgress<TrainingReport> progress;
    private readonly bool batches;
    private int epoch;
    private bool failed;

    /// <summary>Creates the callback.</summary>
    /// <param name="progress">Receives the reports, on the thread that trains.</param>
    /// <param name="batches">Whether it is told of every batch too; default false: of epochs alone. All metrics are computed
    /// after every batch then.</param>
    public RemoteMonitor(IProgress<TrainingReport> progress, bool batches = false)
    {
        ArgumentNullException.ThrowIfNull(progress);
        this.progress = progress;
        this.batches = batches;
    }

    internal override bool WritesOutside => true;

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run) => failed = false;

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingRun run, int epoch) => this.epoch = epoch;

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
        if (batches)
        {
            Report(run, batch, logs);
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs) =>
        Report(run, null, logs);

    private void Report(TrainingRun run, int? batch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (failed)
        {
            return;
        }

        try
        {
            progress.Report(new(
                epoch, run.Epochs, batch, run.Steps, new Dictionary<string, double>(logs, StringComparer.Ordinal)));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            failed = true;
            run.Model.Context.Warn("remote monitor",
                $"RemoteMonitor is not called again, because its receiver failed in epoch {epoch + 1}: {exception.Message}");
        }
    }
}

/// <summary>How far a run has come.</summary>
/// <param name="Epoch">Index of the epoch, from 0.</param>
/// <param name="Epochs">Number of epochs there will have been when the run is over.</param>
/// <param name="Batch">Index of the batch that is done, from 0; null where the whole epoch is.</param>
/// <param name="Steps">Number of batches in an epoch; 0 where nobody knows yet.</param>
/// <param name="Logs">Loss and metrics of the epoch, or of what has been seen of it.</param>
public sealed record TrainingReport(int Epoch, int Epochs, int? Batch, int Steps, IReadOnlyDictionary<string, double> Logs);
