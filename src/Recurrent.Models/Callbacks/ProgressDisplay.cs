using Spectre.Console;

namespace Recurrent.Callbacks;

/// <summary>Shows a training run on the console. Whatever happens to the console, training goes on: a display that fails is not
/// used again.</summary>
internal sealed class ProgressDisplay : Callback
{
    private Callback? display;

    public ProgressDisplay(Callback display) => this.display = display;

    /// <summary>The display for a verbosity: one callback, or none.</summary>
    public static IEnumerable<Callback> For(Verbosity verbosity) =>
        verbosity == Verbosity.Silent ? []
        : verbosity == Verbosity.Epochs ? [new ProgressDisplay(Lines())]
        : [new ProgressDisplay(Terminal() is { } console ? new LiveProgress(console, TimeProvider.System) : Lines())];

    /// <summary>Writes a warning where it is no part of a program's output.</summary>
    public static void Warn(string text)
    {
        try
        {
            Console.Error.WriteLine("warning: " + text);
        }
        catch (IOException)
        {
            // As with the display: whatever happens to the console, training goes on.
        }
    }

    public override void OnTrainBegin(TrainingRun run) => Show(shown => shown.OnTrainBegin(run));

    public override void OnTrainEnd(TrainingRun run) => Show(shown => shown.OnTrainEnd(run));

    public override void OnEpochBegin(TrainingRun run, int epoch) => Show(shown => shown.OnEpochBegin(run, epoch));

    public override void OnEpochEnd(TrainingRun run, int epoch, IReadOnlyDictionary<string, double> logs) =>
        Show(shown => shown.OnEpochEnd(run, epoch, logs));

    public override void OnBatchEnd(TrainingRun run, int batch, IReadOnlyDictionary<string, double> logs)
    {
        // Written out, because a function that holds its arguments would be an allocation a batch.
        try
        {
            display?.OnBatchEnd(run, batch, logs);
        }
        catch (Exception)
        {
            display = null;
        }
    }

    private static EpochLines Lines() => new(Console.Out, TimeProvider.System);

    /// <summary>The console, where it is a terminal that a line can be rewritten on.</summary>
    private static IAnsiConsole? Terminal()
    {
        if (Console.IsOutputRedirected)
        {
            return null;
        }

        try
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
            return console.Profile.Capabilities is { Ansi: true, Interactive: true } ? console : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private void Show(Action<Callback> act)
    {
        try
        {
            if (display is not null)
            {
                act(display);
            }
        }
        catch (Exception)
        {
            display = null;
        }
    }
}
