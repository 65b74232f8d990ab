using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Callbacks;

/// <summary>Runs that go on where an earlier one ended: in the same process, after a file, or from an epoch that the caller
/// names.</summary>
[TestFixture]
public sealed class ContinuedRunTests
{
    private static readonly NDArray X = new([8, 1], [1, 2, 3, 4, 5, 6, 7, 8]);
    private static readonly NDArray Y = new([8, 1], [2, 1, 4, 3, 6, 5, 8, 7]);
    private string folder = null!;

    [SetUp]
    public void ChooseFolder() => folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));

    [TearDown]
    public void Clean()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void After_a_file_everything_is_as_if_training_had_never_stopped([Values(1, 2, 4)] int stop)
    {
        Sequential whole = Model();
        History all = Fit(whole, 5, "whole", out double[] rates);

        Sequential first = Model();
        Fit(first, stop, "parts", out double[] before);
        first.Save(At("model.json"));
        Sequential second = Sequential.Load(At("model.json"));
        History rest = Fit(second, 5 - stop, "parts", out double[] after);

        Assert.Multiple(() =>
        {
            Assert.That(second.GetWeights()[0].Values, Is.EqualTo(whole.GetWeights()[0].Values));
            Assert.That(rest["loss"], Is.EqualTo(all["loss"].Skip(stop)));
            Assert.That(rest.InitialEpoch, Is.EqualTo(stop));
            Assert.That(before.Concat(after), Is.EqualTo(rates).Within(1e-9));
            Assert.That(Names("parts"),
                Is.EqualTo(new[] { "ck-01.json", "ck-02.json", "ck-03.json", "ck-04.json", "ck-05.json" }));
            Assert.That(File.ReadAllText(At("parts/log.csv")), Is.EqualTo(File.ReadAllText(At("whole/log.csv"))));
        });
    }

    [Test]
    public void A_second_call_goes_on_counting()
    {
        Sequential model = Model();
        var epochs = new List<int>();
        var recorder =
            new LambdaCallback(onEpochBegin: (run, epoch) => epochs.Add((run.InitialEpoch * 100) + (run.Epochs * 10) + epoch));
        model.Fit(X, Y, 2, verbose: 0, callbacks: [recorder]);
        model.Fit(X, Y, 3, verbose: 0, callbacks: [recorder]);
        Assert.That(epochs, Is.EqualTo(new[] { 20, 21, 252, 253, 254 }));
    }

    [Test]
    public void The_first_epoch_can_be_named()
    {
        var epochs = new List<int>();
        var recorder = new LambdaCallback(onEpochBegin: (run, epoch) => epochs.Add(epoch));
        Sequential whole = Model();
        whole.Fit(X, Y, 5, batchSize: 2, verbose: 0);

        // Weights alone, as Keras's users keep them: the order of the samples goes on all the same.
        Sequential first = Model();
        first.Fit(X, Y, 3, batchSize: 2, verbose: 0);
        Sequential second = Model();
        second.Build(1);
        second.SetWeights(first.GetWeights());
        second.Fit(X, Y, epochs: 5, batchSize: 2, initialEpoch: 3, verbose: 0, callbacks: [recorder]);
        Assert.That(epochs, Is.EqualTo(new[] { 3, 4 }));
        Assert.That(second.GetWeights()[0].Values, Is.EqualTo(whole.GetWeights()[0].Values));

        // Where all epochs are done there is nothing to do, and counting can start anew.
        Assert.That(second.Fit(X, Y, epochs: 5, initialEpoch: 5, verbose: 0).Epochs, Is.Zero);
        epochs.Clear();
        second.Fit(X, Y, epochs: 1, initialEpoch: 0, verbose: 0, callbacks: [recorder]);
        second.Fit(X, Y, epochs: 1, verbose: 0, callbacks: [recorder]);
        Assert.That(epochs, Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public void An_epoch_that_lies_behind_the_last_one_is_refused()
    {
        Assert.That(
            () => Model().Fit(X, Y, epochs: 2, initialEpoch: 3, verbose: 0),
            Throws.ArgumentException.With.Message.EqualTo(
                "Fit: epochs is 2, and initialEpoch, 3, lies behind it: with initialEpoch, epochs counts from the very "
                + "first one."));
        Assert.That(
            () => Model().Fit(X, Y, epochs: 2, initialEpoch: -1, verbose: 0),
            Throws.ArgumentException.With.Message.EqualTo("Fit: initialEpoch must be a finite number of at least 0, but is -1."));
    }

    [Test]
    public void A_log_leaves_out_epochs_that_are_trained_again()
    {
        // The run broke off in its fourth epoch, in the middle of a line, and goes on from the checkpoint of the second.
        Directory.CreateDirectory(folder);
        File.WriteAllText(At("log.csv"), "epoch,loss\n0,9\n1,8\n2,7\n3,");
        Play(new CSVLogger(At("log.csv")), 2, 6, 5);
        Assert.That(File.ReadAllText(At("log.csv")), Is.EqualTo("epoch,loss\n0,9\n1,8\n2,6\n3,5\n"));

        // Whoever asks for all lines keeps them, each on its own.
        File.WriteAllText(At("log.csv"), "epoch,loss\n0,9\n1,8");
        Play(new CSVLogger(At("log.csv"), append: true), 1, 7);
        Assert.That(File.ReadAllText(At("log.csv")), Is.EqualTo("epoch,loss\n0,9\n1,8\n1,7\n"));

        // A log of other figures, or one that is to start anew, does.
        File.WriteAllText(At("log.csv"), "epoch,mae\n0,9\n");
        Play(new CSVLogger(At("log.csv")), 1, 7);
        Assert.That(File.ReadAllText(At("log.csv")), Is.EqualTo("epoch,loss\n1,7\n"));
        Play(new CSVLogger(At("log.csv"), append: false), 2, 6);
        Assert.That(File.ReadAllText(At("log.csv")), Is.EqualTo("epoch,loss\n2,6\n"));
    }

    private static void Play(CSVLogger callback, int initialEpoch, params double[] losses)
    {
        var run = new TrainingRun(Script.Model(), 100, 1, 1, ["loss"], initialEpoch);
        callback.Check(run);
        callback.OnTrainBegin(run);
        for (int i = 0; i < losses.Length; i++)
        {
            run.EndEpoch([callback], initialEpoch + i, Script.Logs(("loss", losses[i])));
        }

        callback.OnTrainEnd(run);
    }

    private static Sequential Model()
    {
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        model.Compile(new SGD(0.0078125), "mse");
        return model;
    }

    private History Fit(Sequential model, int epochs, string own, out double[] rates)
    {
        var seen = new List<double>();
        History history = model.Fit(X, Y, epochs, batchSize: 2, verbose: 0, callbacks:
        [
            new LearningRateScheduler((epoch, rate) => epoch % 2 == 1 ? rate / 2 : rate),
            new LambdaCallback(onEpochBegin: (run, epoch) => seen.Add(run.Optimizer.LearningRate)),
            new ModelCheckpoint(At(own + "/ck-{epoch:02}.json")),
            new CSVLogger(At(own + "/log.csv")),
        ]);
        rates = [.. seen];
        return history;
    }

    private string At(string file) => Path.Combine(folder, file);

    private string[] Names(string own) =>
        [.. Directory.GetFiles(At(own), "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
