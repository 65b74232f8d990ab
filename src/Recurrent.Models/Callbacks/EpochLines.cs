namespace Recurrent.Callbacks;

/// <summary>Shows a training run as one line an epoch: what files, pipes and plain terminals get.</summary>
internal sealed class EpochLines : Callback
{
    private readonly TextWriter output;
    private readonly EpochClock clock;
    private int epoch;

    public EpochLines(TextWriter output, TimeProvider time)
    {
        this.output = output;
        clock = new EpochClock(time);
    }

    public override void OnTrainBegin(TrainingRun run) => epoch = 0;

    public override void OnEpochBegin(TrainingRun run, int epoch)
    {
        this.epoch = epoch;
        clock.Begin();
    }

    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs) => clock.Step();

    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs) =>
        output.WriteLine(Line(run, epoch, clock, logs));

    public override void OnTrainEnd(TrainingRun run)
    {
        if (run.StopReason is not null)
        {
            output.WriteLine($"Stopped in epoch {epoch + 1}/{run.Epochs} - {run.StopReason}");
        }
    }

    /// <summary>An epoch that is over in one line.</summary>
    public static string Line(TrainingRun run, int epoch, EpochClock clock, IReadOnlyDictionary<string, double> logs) =>
        $"Epoch {epoch + 1}/{run.Epochs} - {LogText.Duration(clock.Elapsed)} - {LogText.PerStep(clock.PerStep)} - "
        + $"{LogText.Figures(logs, " - ")}";
}
