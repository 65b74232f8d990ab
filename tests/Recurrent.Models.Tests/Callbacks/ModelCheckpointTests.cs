using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Callbacks;

[TestFixture]
public sealed class ModelCheckpointTests
{
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
    [SetCulture("de-DE")]
    public void The_path_tells_epoch_and_figures_in_every_culture()
    {
        var logs = Script.Logs(("loss", 0.5), ("val_loss", 0.123456));
        Assert.Multiple(() =>
        {
            Assert.That(new CheckpointPath("a/{epoch}.json").For(0, logs), Is.EqualTo("a/1.json"));
            Assert.That(new CheckpointPath("{epoch:D3}-{val_loss:F2}.json").For(11, logs), Is.EqualTo("012-0.12.json"));
            Assert.That(new CheckpointPath("{epoch:03d}-{val_loss:.2f}-{loss}").For(11, logs), Is.EqualTo("012-0.12-0.5"));
            Assert.That(new CheckpointPath("{epoch:02}-{epoch:000}-{val_loss:0.0}").For(0, logs), Is.EqualTo("01-001-0.1"));
            Assert.That(new CheckpointPath("{epoch:3d}-{val_loss:.1%}").For(0, logs), Is.EqualTo("  1-12.3%"));
            Assert.That(new CheckpointPath("{mae}.json").For(0, logs), Is.Null);
        });
    }

    [Test]
    public void Every_epoch_is_saved_or_every_so_many()
    {
        Script.Play(new ModelCheckpoint(At("{epoch}.json")), Built(), "loss", 1, 2, 3);
        Assert.That(Files(), Is.EqualTo(new[] { "1.json", "2.json", "3.json" }));
        Directory.Delete(folder, recursive: true);
        Script.Play(new ModelCheckpoint(At("{epoch}.json"), saveFrequency: 2), Built(), "loss", 1, 2, 3, 4, 5);
        Assert.That(Files(), Is.EqualTo(new[] { "2.json", "4.json" }));
    }

    [Test]
    public void Only_the_best_ones_are_saved()
    {
        var callback = new ModelCheckpoint(At("{epoch}.json"), saveBestOnly: true);
        Script.Play(callback, Built(), "val_loss", double.NaN, 3, 4, 3, 2);
        Assert.That(Files(), Is.EqualTo(new[] { "2.json", "5.json" }));
        Assert.That(callback.LastPath, Is.EqualTo(At("5.json")));

        // A second run starts afresh.
        Directory.Delete(folder, recursive: true);
        Script.Play(callback, Built(), "val_loss", 9, 10, 8);
        Assert.That(Files(), Is.EqualTo(new[] { "1.json", "3.json" }));
    }

    [Test]
    public void A_loss_that_has_exploded_is_not_worth_a_file()
    {
        Script.Play(new ModelCheckpoint(At("{epoch}.json")), Built(), "loss", 1, double.NaN, double.PositiveInfinity);
        Assert.That(Files(), Is.EqualTo(new[] { "1.json" }));
    }

    [Test]
    public void The_first_one_has_to_beat_the_threshold()
    {
        Script.Play(new ModelCheckpoint(At("{epoch}.json"), saveBestOnly: true, initialValueThreshold: 2.5), Built(),
            "val_loss", 3, 2, 2.2);
        Assert.That(Files(), Is.EqualTo(new[] { "2.json" }));
    }

    [Test]
    public void The_file_is_the_model_of_that_epoch()
    {
        var x = new NDArray([4, 1], [1, 2, 3, 4]);
        var y = new NDArray([4, 1], [2, 4, 6, 8]);
        Sequential model = Script.Model();
        NDArray? prediction = null;
        var recorder = new LambdaCallback(onEpochEnd: (run, epoch, logs) => prediction = epoch == 1
            ? run.Model.Predict(x) : prediction);
        model.Fit(x, y, 3, verbose: Verbosity.Silent, callbacks: [recorder, new ModelCheckpoint(At("{epoch}.json"))]);
        Sequential loaded = Sequential.Load(At("2.json"));
        Assert.That(loaded.Predict(x).Values, Is.EqualTo(prediction!.Values));

        // It goes on as the first one did.
        loaded.Fit(x, y, 1, verbose: Verbosity.Silent);
        Assert.That(loaded.GetWeights()[0].Values, Is.EqualTo(model.GetWeights()[0].Values));
    }

    [Test]
    public void What_will_not_be_logged_is_refused_before_training()
    {
        Assert.That(
            () => new ModelCheckpoint("{val_los}.json").Check(Script.Run()),
            Throws.ArgumentException.With.Message.EqualTo(
                "ModelCheckpoint has {val_los} in its path, but this run does not log it. Did you mean {val_loss}? There are "
                + "epoch, loss, val_loss."));
        Assert.That(
            () => new ModelCheckpoint("best.json", saveBestOnly: true).Check(Script.Run(names: "loss")),
            Throws.ArgumentException.With.Message.EqualTo(
                "ModelCheckpoint monitors 'val_loss', but this run has no validation data. Pass validationData or "
                + "validationSplit, or monitor 'loss'."));
        Assert.That(() => new ModelCheckpoint("all.json").Check(Script.Run(names: "loss")), Throws.Nothing);
    }

    [Test]
    public void All_options_that_are_wrong_are_named_together()
    {
        Assert.That(
            () => new ModelCheckpoint("{epoch.json", " ", saveFrequency: 0, initialValueThreshold: 1),
            Throws.ArgumentException.With.Message.EqualTo(
                "ModelCheckpoint: path '{epoch.json' has a brace that belongs to no placeholder such as {epoch} or "
                + "{val_loss:F4}; monitor must not be blank; saveFrequency must be at least 1, but is 0; initialValueThreshold "
                + "has a meaning only with saveBestOnly: true."));
        Assert.That(
            () => new ModelCheckpoint("{loss:D3}.json"),
            Throws.ArgumentException.With.Message.EqualTo(
                "ModelCheckpoint: path has the placeholder {loss:D3}, whose format is not known; try {loss:F4}."));
        Assert.That(
            () => new ModelCheckpoint("{epoch:day}.json"),
            Throws.ArgumentException.With.Message.EqualTo(
                "ModelCheckpoint: path has the placeholder {epoch:day}, whose format is not known; try {epoch:D3}."));
    }

    private static TrainingRun Built() => Script.Run(new Sequential([new Dense(1, inputShape: 1)]));

    private string At(string file) => Path.Combine(folder, file);

    private string[] Files() =>
        [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
