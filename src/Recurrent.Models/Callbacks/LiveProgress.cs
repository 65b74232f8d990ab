using Spectre.Console;

namespace Recurrent.Callbacks;

/// <summary>Shows a training run on a terminal: a line for the current epoch that is rewritten, and one that stays for every
/// epoch that is over.</summary>
internal sealed class LiveProgress : Callback
{
    private const string Erase = "\r\u001b[2K";
    private const int LongestBar = 30;

    // What a person can follow; between two updates a batch costs one look at the clock.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private readonly EpochClock clock;
    private long lastUpdate;
    private int epoch;
    private bool open;

    public LiveProgress(IAnsiConsole console, TimeProvider time)
    {
        this.console = console;
        this.time = time;
        clock = new EpochClock(time);
    }

    public override void OnTrainBegin(TrainingRun run)
    {
        epoch = 0;
        open = false;
        lastUpdate = time.GetTimestamp();
    }

    public override void OnEpochBegin(TrainingRun run, int epoch)
    {
        this.epoch = epoch;
        clock.Begin();
    }

    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
        long now = clock.Step();
        if (time.GetElapsedTime(lastUpdate, now) < Pause)
        {
            return;
        }

        lastUpdate = now;
        Rewrite(run, batch + 1, logs);
    }

    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs)
    {
        // This line stays, so it may take the room it needs.
        console.Write(new ControlCode(Erase));
        console.Write(new Spectre.Console.Text(EpochLines.Line(run, epoch, clock, logs)));
        console.WriteLine();
        open = false;
    }

    public override void OnTrainEnd(TrainingRun run)
    {
        Close();
        if (run.StopReason is not null)
        {
            console.Write(new Spectre.Console.Text(
                $"Stopped in epoch {epoch + 1}/{run.Epochs}: {run.StopReason}", new Style(Color.Yellow)));
            console.WriteLine();
        }
    }

    /// <summary>Writes the line of the epoch over the one that stands there.</summary>
    private void Rewrite(TrainingRun run, int done, IReadOnlyDictionary<string, double> logs)
    {
        string head = $"Epoch {epoch + 1}/{run.Epochs} ";

        // Of data that come in batches nobody knows in the first epoch how many there are.
        string left = run.Steps > 0 ? $"/{run.Steps} · ETA {LogText.Duration(clock.PerStep * (run.Steps - done))}"
            : string.Empty;
        string tail = $" {done}{left} · {LogText.PerStep(clock.PerStep)} · {LogText.Figures(logs, " · ")}";
        bool unicode = console.Profile.Capabilities.Unicode;
        if (!unicode)
        {
            tail = tail.Replace('·', '-');
        }

        // A line that wraps could not be rewritten: the bar gives way first, then the end of the line.
        int room = Math.Max(console.Profile.Width - 1, 1);
        int bar = Math.Clamp(room - head.Length - tail.Length, 0, LongestBar);
        int full = run.Steps > 0 ? (int)Math.Min(bar, (long)bar * done / run.Steps) : 0;
        string rest = tail[..Math.Clamp(room - head.Length - bar, 0, tail.Length)];

        var line = new Paragraph();
        line.Append(head[..Math.Min(head.Length, room)]);
        line.Append(new string(unicode ? '━' : '=', full), new Style(Color.Green));
        line.Append(new string(unicode ? '━' : '-', bar - full), new Style(Color.Grey));
        line.Append(rest);
        console.Write(new ControlCode(Erase));
        console.Write(line);
        open = true;
    }

    private void Close()
    {
        if (open)
        {
            console.WriteLine();
            open = false;
        }
    }
}
