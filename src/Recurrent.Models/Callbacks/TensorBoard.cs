using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Callbacks;

/// <summary>Writes a run for TensorBoard: curves of loss and metrics, how weights are spread, the graph. Keras's
/// TensorBoard.</summary>
/// <remarks>
/// <para>
/// Below the folder stand <c>train</c> and <c>validation</c>, as Keras has them, with files of events that
/// <c>tensorboard --logdir logs</c> shows: <c>epoch_loss</c> and every other figure by epochs, in <c>validation</c> those that
/// begin with <c>val_</c>, by their plain name, and <c>evaluation_loss_vs_iterations</c>; with an <c>updateFreq</c> also
/// <c>batch_loss</c> by updates. Each run adds files of its own; give each a folder, <c>logs/run1</c>.
/// </para>
/// <para>What is written is on the disk after every epoch, and after every batch that is written.</para>
/// </remarks>
/// <example><code>model.Fit(x, y, epochs: 20, validationSplit: 0.2, callbacks: new TensorBoard("logs/run1"));</code></example>
public sealed class TensorBoard : Callback
{
    private const string Train = "train";
    private const string Validation = "validation";

    private readonly string logDir;
    private readonly int histogramFreq;
    private readonly bool writeGraph;
    private readonly bool writeStepsPerSecond;
    private readonly SaveFrequency updateFreq;
    private readonly Dictionary<string, EventFile> files = new(StringComparer.Ordinal);
    private readonly EpochClock clock;
    private readonly TimeProvider time;

    /// <summary>Creates the callback.</summary>
    /// <param name="logDir">The folder; default <c>logs</c>. It is made where it is missing.</param>
    /// <param name="histogramFreq">After every how many epochs the spread of every weight is written; 0 (the default) for
    /// never.</param>
    /// <param name="writeGraph">Whether the graph is written; default true.</param>
    /// <param name="writeStepsPerSecond">Whether the updates a second of each epoch are written; default false.</param>
    /// <param name="updateFreq">
    /// <c>"epoch"</c> (the default): after epochs alone; <c>"batch"</c> or a number: also after every batch, or so many.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public TensorBoard(
        string logDir = "logs",
        int histogramFreq = 0,
        bool writeGraph = true,
        bool writeStepsPerSecond = false,
        SaveFrequency updateFreq = default)
        : this(logDir, histogramFreq, writeGraph, writeStepsPerSecond, updateFreq, TimeProvider.System)
    {
    }

    internal TensorBoard(
        string logDir, int histogramFreq, bool writeGraph, bool writeStepsPerSecond, SaveFrequency updateFreq, TimeProvider time)
    {
        new OptionCheck(nameof(TensorBoard))
            .Name(nameof(logDir), logDir)
            .AtLeast(nameof(histogramFreq), histogramFreq, 0)
            .ThrowIfAny();
        this.logDir = logDir;
        this.histogramFreq = histogramFreq;
        this.writeGraph = writeGraph;
        this.writeStepsPerSecond = writeStepsPerSecond;
        this.updateFreq = updateFreq;
        this.time = time;
        clock = new EpochClock(time);
    }

    internal override bool WritesOutside => true;

    /// <inheritdoc/>
    public override void Check(TrainingRun run)
    {
        if (File.Exists(logDir))
        {
            throw new ArgumentException($"logDir '{logDir}' is a file; TensorBoard needs a folder.");
        }
    }

    /// <inheritdoc/>
    public override void OnTrainBegin(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Close();
        if (writeGraph)
        {
            FileOf(Train).Graph(GraphMessage.Write(run.Model.Network));
        }
    }

    /// <inheritdoc/>
    public override void OnEpochBegin(TrainingRun run, int epoch) => clock.Begin();

    /// <inheritdoc/>
    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(logs);
        clock.Step();
        if (updateFreq.Batches is int every && (batch + 1) % every == 0)
        {
            EventFile file = FileOf(Train);
            foreach ((string name, double value) in logs)
            {
                file.Scalar("batch_" + name, value, run.Optimizer.Iterations);
            }

            file.Flush();
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(logs);
        foreach ((string name, double value) in logs)
        {
            bool validation = name.StartsWith(TrainingRun.ValidationPrefix, StringComparison.Ordinal);
            string plain = validation ? name[TrainingRun.ValidationPrefix.Length..] : name;
            FileOf(validation ? Validation : Train).Scalar("epoch_" + plain, value, epoch);
            if (validation)
            {
                FileOf(Validation).Scalar($"evaluation_{plain}_vs_iterations", value, run.Optimizer.Iterations);
            }
        }

        if (!logs.ContainsKey(LearningRate.LogName))
        {
            FileOf(Train).Scalar("epoch_" + LearningRate.LogName, run.Optimizer.LearningRate, epoch);
        }

        if (writeStepsPerSecond && clock.PerStep > TimeSpan.Zero)
        {
            FileOf(Train).Scalar("epoch_steps_per_second", 1 / clock.PerStep.TotalSeconds, epoch);
        }

        if (histogramFreq > 0 && (epoch + 1) % histogramFreq == 0)
        {
            foreach ((string path, Parameter parameter) in run.Model.NamedParameters)
            {
                FileOf(Train).Histogram(path + "/histogram", parameter.Values, epoch);
            }
        }

        foreach (EventFile file in files.Values)
        {
            file.Flush();
        }
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(TrainingRun run) => Close();

    private EventFile FileOf(string part)
    {
        if (!files.TryGetValue(part, out EventFile? file))
        {
            files.Add(part, file = new EventFile(Path.Combine(logDir, part), time));
        }

        return file;
    }

    private void Close()
    {
        foreach (EventFile file in files.Values)
        {
            file.Dispose();
        }

        files.Clear();
    }
}
