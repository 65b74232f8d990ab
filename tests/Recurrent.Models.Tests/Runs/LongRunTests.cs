using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

[TestFixture]
public sealed class LongRunTests
{
    private static readonly NDArray X = new([20, 2], [.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([20, 1], [.. Enumerable.Range(0, 20).Select(i => MathF.Cos(i))]);

    private string folder = null!;

    [SetUp]
    public void SetUp() => folder = Directory.CreateTempSubdirectory("recurrent-long-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(folder, recursive: true);

    [Test]
    [Platform(Include = "Linux")]
    public void A_full_disk_is_told_with_the_callback_its_file_and_what_is_left()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Ignore("There is no /dev/full here.");
        }

        Sequential model = Model();
        float before = model.GetWeights()[0].Values[0];
        Assert.That(() => model.Fit(X, Y, verbose: 0, callbacks: new CSVLogger("/dev/full")), Throws.TypeOf<IOException>()
            .With.Message.Contains("CSVLogger could not write '/dev/full'").And.Message.Contains("holds what it has learned"));
        Assert.That(model.GetWeights()[0].Values[0], Is.Not.EqualTo(before));
        Assert.That(() => model.Fit(X, Y, verbose: 0, callbacks: new ModelCheckpoint("/proc/recurrent/model.json")),
            Throws.TypeOf<IOException>().With.Message.Contains("ModelCheckpoint could not write '/proc/recurrent/model.json'"));
    }

    [Test]
    public void Epochs_of_other_lengths_are_the_same_steps_in_other_portions([Values(1, 2, 3, 7, 10)] int steps)
    {
        // 20 samples in batches of 4: passes of 5 batches. 30 updates in all.
        Sequential whole = Model();
        whole.Fit(X, Y, epochs: 6, batchSize: 4, verbose: 0);
        Sequential cut = Model();
        History history = cut.Fit(X, Y, epochs: 30 / steps, batchSize: 4, stepsPerEpoch: steps, verbose: 0);
        int seen = 30 / steps * steps;
        Assert.Multiple(() =>
        {
            Assert.That(cut.Optimizer!.Iterations, Is.EqualTo(seen));
            Assert.That(history.Epochs, Is.EqualTo(30 / steps));
            if (seen == 30)
            {
                Assert.That(cut.GetWeights()[0].Values, Is.EqualTo(whole.GetWeights()[0].Values));
            }
        });
    }

    [Test]
    public void Validation_takes_place_after_every_so_many_epochs_on_so_many_batches()
    {
        Sequential model = Model();
        History history = model.Fit(X, Y, epochs: 5, batchSize: 4, validationData: (X, Y), validationFreq: 2, validationSteps: 2,
            validationBatchSize: 3, verbose: 0, callbacks: new EarlyStopping(patience: 50));
        double expected = model.Evaluate(X[..6], Y[..6])["loss"];
        History last = model.Fit(X, Y, epochs: 1, batchSize: 4, validationData: (X, Y), validationSteps: 2,
            validationBatchSize: 3, verbose: 0);
        Assert.Multiple(() =>
        {
            Assert.That(history["val_loss"].Select(double.IsNaN), Is.EqualTo(new[] { true, false, true, false, true }));
            Assert.That(last["val_loss"][0], Is.EqualTo(model.Evaluate(X[..6], Y[..6])["loss"]).Within(1e-12));
            Assert.That(last["val_loss"][0], Is.Not.EqualTo(expected));
        });
    }

    [TestCase("stepsPerEpoch", 0)]
    [TestCase("validationSteps", 0)]
    [TestCase("validationBatchSize", -1)]
    [TestCase("validationFreq", 0)]
    [TestCase("validationFreq needs", 2)]
    public void Options_out_of_range_are_refused(string what, int value)
    {
        Sequential model = Model();
        bool needs = what.Contains("needs", StringComparison.Ordinal);
        Assert.That(() => model.Fit(X, Y, verbose: 0,
            validationData: needs ? null : (X, Y),
            stepsPerEpoch: what == "stepsPerEpoch" ? value : null,
            validationSteps: what == "validationSteps" ? value : null,
            validationBatchSize: what == "validationBatchSize" ? value : null,
            validationFreq: what.StartsWith("validationFreq", StringComparison.Ordinal) ? value : 1),
            Throws.ArgumentException.With.Message.Contains(needs ? "need validationData" : what));
    }

    [Test]
    public void Checkpoints_of_weights_alone_are_read_by_LoadWeights()
    {
        Sequential model = Model();
        string path = Path.Combine(folder, "deep", "weights-{epoch:D2}.json");
        var checkpoint = new ModelCheckpoint(path, saveWeightsOnly: true);
        model.Fit(X, Y, epochs: 3, verbose: 0, callbacks: checkpoint);
        Sequential other = Model();
        other.LoadWeights(Path.Combine(folder, "deep", "weights-03.json"));
        Assert.That(other.GetWeights()[0].Values, Is.EqualTo(model.GetWeights()[0].Values));
        Assert.That(() => Sequential.Load(checkpoint.LastPath!),
            Throws.InstanceOf<Exception>().With.Message.Contains("LoadWeights"));
    }

    [Test]
    public void A_receiver_is_told_of_epochs_and_batches_and_may_fail()
    {
        var reports = new Receiver();
        Model().Fit(X, Y, epochs: 2, batchSize: 8, verbose: 0, callbacks: new RemoteMonitor(reports, batches: true));
        Sequential model = Model();
        History history = model.Fit(X, Y, epochs: 3, verbose: 0, callbacks: new RemoteMonitor(new Receiver(failing: true)));
        Assert.Multiple(() =>
        {
            Assert.That(reports.All.Select(report => (report.Epoch, report.Batch)), Is.EqualTo(
                new (int, int?)[] { (0, 0), (0, 1), (0, 2), (0, null), (1, 0), (1, 1), (1, 2), (1, null) }));
            Assert.That(reports.All[3].Logs.Keys, Is.EquivalentTo(new[] { "loss", "mae" }));
            Assert.That(reports.All[0].Logs["loss"], Is.Not.EqualTo(reports.All[2].Logs["loss"]), "copies");
            Assert.That(history.Epochs, Is.EqualTo(3));
            Assert.That(history.Warnings, Has.Some.Contains("receiver failed"));
        });
    }

    [Test]
    public void A_history_is_drawn_as_one_page_without_a_network()
    {
        Sequential model = Model();
        History history = model.Fit(X, Y, epochs: 4, batchSize: 4, validationSplit: 0.2, verbose: 0,
            callbacks: new EarlyStopping(patience: 1, minDelta: 100));
        string file = Path.Combine(folder, "pages", "training.html");
        history.Plot(file);
        string page = File.ReadAllText(file);
        Assert.Multiple(() =>
        {
            Assert.That(page, Does.StartWith("<!DOCTYPE html>"));
            Assert.That(page, Does.Not.Contain("http://").And.Not.Contain("<script src"));
            foreach (string name in history.Metrics.Keys)
            {
                Assert.That(page, Does.Contain($">{name}</th>"));
            }

            Assert.That(page, Does.Contain("stopped: early stopping"));
            Assert.That(page.Split("<figure class=\"chart\"").Length - 1, Is.EqualTo(2), "loss and mae");
        });
        Assert.That(() => history.Plot(folder), Throws.InstanceOf<IOException>());
    }

    private static Sequential Model()
    {
        var model = new Sequential([new Dense(3, activation: "tanh", inputShape: 2), new Dense(1)], seed: 1);
        model.Compile("adam", "mse", metrics: "mae");
        return model;
    }

    private sealed class Receiver(bool failing = false) : IProgress<TrainingReport>
    {
        public List<TrainingReport> All { get; } = [];

        public void Report(TrainingReport value)
        {
            if (failing)
            {
                throw new InvalidOperationException("no longer there");
            }

            All.Add(value);
        }
    }
}
