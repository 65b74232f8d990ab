using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Callbacks;

/// <summary>What a callback sees of the training run it takes part in.</summary>
public sealed class TrainingRun
{
    internal const string ValidationPrefix = "val_";
    private readonly List<string> metricNames;
    private Dictionary<string, double>? epochLogs;

    internal TrainingRun(Model model, int epochs, int steps, int samples, IEnumerable<string> metricNames, int initialEpoch = 0)
    {
        Model = model;
        Epochs = epochs;
        Steps = steps;
        Samples = samples;
        InitialEpoch = initialEpoch;
        this.metricNames = [.. metricNames];
    }

    /// <summary>The model that is being trained.</summary>
    public Model Model { get; }

    /// <summary>The optimizer that trains it.</summary>
    public Optimizer Optimizer => Model.Optimizer!;

    /// <summary>Index of the first epoch: above 0 where the model has been trained before, by another run or before it was
    /// saved.</summary>
    public int InitialEpoch { get; }

    /// <summary>Whether the run goes on from the backup of one that was killed, see <see cref="BackupAndRestore"/>.</summary>
    public bool IsResumed { get; internal init; }

    /// <summary>Number of epochs there will have been when the run is over, those before <see cref="InitialEpoch"/>
    /// included.</summary>
    public int Epochs { get; }

    /// <summary>Number of batches in an epoch; 0 where the data come in batches and nobody knows before the first epoch is
    /// over.</summary>
    public int Steps { get; internal set; }

    /// <summary>Number of training samples; 0 where the data come in batches.</summary>
    public int Samples { get; }

    /// <summary>
    /// What the logs of an epoch will hold: <c>loss</c>, the compiled metrics and, where there is validation data, the same again
    /// with <c>val_</c> before the name; then what callbacks have announced.
    /// </summary>
    public IReadOnlyList<string> MetricNames => metricNames;

    /// <summary>Whether the model is evaluated on validation data after each epoch.</summary>
    public bool HasValidation => MetricNames.Contains(ValidationPrefix + "loss");

    /// <summary>Why training is to stop after the current batch, or null to go on.</summary>
    public string? StopReason { get; private set; }

    /// <summary>Asks for the end of training. The first reason stays.</summary>
    /// <param name="reason">Why, for the log.</param>
    public void Stop(string reason) => StopReason ??= reason;

    /// <summary>Says in <see cref="Callback.Check"/> what <see cref="Log"/> will add, so that later callbacks can monitor
    /// it.</summary>
    /// <param name="name">Its name, such as <c>learning_rate</c>.</param>
    public void Announce(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!metricNames.Contains(name))
        {
            metricNames.Add(name);
        }
    }

    /// <summary>Adds a figure to the logs of the epoch that is ending: the callbacks that follow see it, and the history keeps
    /// it.</summary>
    /// <param name="name">Its name, such as <c>learning_rate</c>.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="InvalidOperationException">No epoch is ending: only <see cref="Callback.OnEpochEnd"/> may call
    /// this.</exception>
    public void Log(string name, double value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (epochLogs ?? throw new InvalidOperationException("Log adds to the logs of an epoch that ends; call it in OnEpochEnd."))[
            name] = value;
    }

    /// <summary>Tells every callback that an epoch has ended, with logs that <see cref="Log"/> can add to.</summary>
    /// <param name="callbacks">The callbacks, in order.</param>
    /// <param name="epoch">Index of the epoch.</param>
    /// <param name="logs">Its logs.</param>
    internal void EndEpoch(IReadOnlyList<Callback> callbacks, int epoch, Dictionary<string, double> logs)
    {
        epochLogs = logs;
        try
        {
            foreach (Callback callback in callbacks)
            {
                callback.OnEpochEnd(this, epoch, logs);
            }
        }
        finally
        {
            epochLogs = null;
        }
    }
}
