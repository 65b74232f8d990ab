using Recurrent.Callbacks;
using Spectre.Console;

namespace Recurrent.Tests.Callbacks;

[TestFixture]
public sealed class ProgressTests
{
    private const string Erase = "\r\u001b[2K";

    private ManualTime time = null!;
    private StringWriter output = null!;

    [SetUp]
    public void Start()
    {
        time = new ManualTime();
        output = new StringWriter { NewLine = "\n" };
    }

    [TearDown]
    public void End() => output.Dispose();

    [Test]
    [SetCulture("de-DE")]
    public void A_redirected_run_gets_one_line_an_epoch()
    {
        TrainingRun run = Run(steps: 4);
        Play(new EpochLines(output, time), run, milliseconds: 30,
            Script.Logs(("loss", 0.0123), ("mae", 0.08), ("val_loss", 12345.678)),
            Script.Logs(("loss", 0.000042), ("mae", double.NaN), ("val_loss", 0)));
        Assert.That(output.ToString(), Is.EqualTo(
            "Epoch 1/100 - 0.12s - 30ms/step - loss: 0.0123 - mae: 0.0800 - val_loss: 12345.6780\n"
            + "Epoch 2/100 - 0.12s - 30ms/step - loss: 4.2000e-05 - mae: NaN - val_loss: 0.0000\n"));
    }

    [Test]
    public void The_reason_to_stop_is_shown()
    {
        TrainingRun run = Run(steps: 1);
        run.Stop("cancelled");
        Play(new EpochLines(output, time), run, 1);
        Assert.That(output.ToString(), Is.EqualTo("Stopped in epoch 1/100 - cancelled\n"));
    }

    [TestCase(0.35, "0.00s", "350us/step")]
    [TestCase(2, "0.00s", "2ms/step")]
    [TestCase(1234, "1.23s", "1.23s/step")]
    [TestCase(65_000, "1m 05s", "65.00s/step")]
    [TestCase(7_380_000, "2h 03m", "7380.00s/step")]
    public void Times_are_short(double milliseconds, string duration, string perStep)
    {
        TimeSpan span = TimeSpan.FromMilliseconds(milliseconds);
        Assert.That(LogText.Duration(span), Is.EqualTo(duration));
        Assert.That(LogText.PerStep(span), Is.EqualTo(perStep));
    }

    [Test]
    public void A_terminal_shows_the_epoch_as_it_goes()
    {
        TrainingRun run = Run(steps: 4);
        Play(new LiveProgress(Terminal(100), time), run, 60, Script.Logs(("loss", 0.5)));
        string bar(int full, int rest) => new string('━', full) + new string('━', rest);
        Assert.That(output.ToString(), Is.EqualTo(
            $"{Erase}Epoch 1/100 {bar(15, 15)} 2/4 · ETA 0.12s · 60ms/step · loss: 0.5000"
            + $"{Erase}Epoch 1/100 {bar(30, 0)} 4/4 · ETA 0.00s · 60ms/step · loss: 0.5000"
            + $"{Erase}Epoch 1/100 - 0.24s - 60ms/step - loss: 0.5000\n"));
    }

    [Test]
    public void A_narrow_terminal_never_wraps()
    {
        TrainingRun run = Run(steps: 2);
        Play(new LiveProgress(Terminal(30), time), run, 500, Script.Logs(("loss", 0.5), ("a_metric_of_a_long_name", 1)));
        string[] lines = output.ToString().Split(Erase, StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[..^1], Has.Length.EqualTo(2).And.All.Length.LessThan(30));
        Assert.That(lines[1], Does.StartWith("Epoch 1/100  2/2 · ETA 0.00s"));

        // What stays is complete, on as many lines as it needs.
        Assert.That(
            string.Join(' ', lines[^1].Split('\n', StringSplitOptions.TrimEntries)).TrimEnd(),
            Is.EqualTo("Epoch 1/100 - 1.00s - 500ms/step - loss: 0.5000 - a_metric_of_a_long_name: 1.0000"));
    }

    [Test]
    public void A_terminal_without_Unicode_gets_ASCII()
    {
        IAnsiConsole console = Terminal(100);
        console.Profile.Capabilities.Unicode = false;
        Play(new LiveProgress(console, time), Run(steps: 2), 500, Script.Logs(("loss", 0.5)));
        Assert.That(output.ToString(), Does.StartWith($"{Erase}Epoch 1/100 {new string('=', 15)}{new string('-', 15)} 1/2 - "
            + "ETA 0.50s - 500ms/step - loss: 0.5000"));
    }

    [Test]
    public void Ten_updates_a_second_are_enough()
    {
        TrainingRun run = Run(steps: 10_000);
        Play(new LiveProgress(Terminal(100), time), run, 0.1, Script.Logs(("loss", 0.5)));
        int updates = output.ToString().Split(Erase).Length - 1;
        Assert.That(updates, Is.InRange(9, 11));
    }

    [Test]
    public void A_batch_allocates_nothing_between_updates()
    {
        TrainingRun run = Run(steps: 1000);
        var display = new ProgressDisplay(new LiveProgress(Terminal(100), time));
        Dictionary<string, double> logs = Script.Logs(("loss", 0.5));
        display.OnTrainBegin(run);
        display.OnEpochBegin(run, 0);
        display.OnBatchEnd(run, 0, logs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int batch = 1; batch < 1000; batch++)
        {
            display.OnBatchEnd(run, batch, logs);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void A_console_that_fails_does_not_end_training()
    {
        var broken = new StringWriter();
        broken.Dispose();
        var display = new ProgressDisplay(new EpochLines(broken, time));
        Assert.That(() => Play(display, Run(steps: 1), 1, Script.Logs(("loss", 1)), Script.Logs(("loss", 1))), Throws.Nothing);
    }

    [Test]
    public void Silence_is_no_display_at_all() => Assert.That(ProgressDisplay.For(Verbosity.Silent), Is.Empty);

    private static TrainingRun Run(int steps) => new(Script.Model(), 100, steps, steps, ["loss"]);

    private void Play(Callback callback, TrainingRun run, double milliseconds, params Dictionary<string, double>[] epochs)
    {
        callback.OnTrainBegin(run);
        for (int epoch = 0; epoch < epochs.Length; epoch++)
        {
            callback.OnEpochBegin(run, epoch);
            for (int batch = 0; batch < run.Steps; batch++)
            {
                callback.OnBatchBegin(run, batch);
                time.Advance(milliseconds);
                callback.OnBatchEnd(run, batch, epochs[epoch]);
            }

            callback.OnEpochEnd(run, epoch, epochs[epoch]);
        }

        callback.OnTrainEnd(run);
    }

    private IAnsiConsole Terminal(int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
