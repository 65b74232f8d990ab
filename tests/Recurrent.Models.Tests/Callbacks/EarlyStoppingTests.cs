using Recurrent.Callbacks;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Tests.Callbacks;

[TestFixture]
public sealed class EarlyStoppingTests
{
    // Each line: what happens in every epoch, and how many epochs there are. The last one is the one that stops.
    [TestCase(0, new[] { 3.0, 2, 2.5, 1 }, 3, TestName = "Patience 0 stops at the first epoch that is no better")]
    [TestCase(1, new[] { 3.0, 2, 2.5, 1 }, 3, TestName = "Patience 1 does the same")]
    [TestCase(2, new[] { 5.0, 4, 4.5, 4.2, 3 }, 4, TestName = "Patience 2 waits for two in a row")]
    [TestCase(2, new[] { 5.0, 4, 4.5, 3.9, 4, 4, 4 }, 6, TestName = "An improvement starts the count again")]
    [TestCase(2, new[] { 5.0, 5, 5 }, 3, TestName = "Equal is no improvement")]
    [TestCase(3, new[] { 5.0, 4, 3, 2, 1 }, 5, TestName = "Improving runs to the end")]
    public void It_counts_epochs_without_improvement(int patience, double[] losses, int epochs)
    {
        var callback = new EarlyStopping(patience: patience);
        TrainingRun run = Script.Run();
        Assert.Multiple(() =>
        {
            Assert.That(Script.Play(callback, run, "val_loss", losses), Is.EqualTo(epochs));
            Assert.That(run.StopReason is not null, Is.EqualTo(losses[epochs - 1] >= losses[..(epochs - 1)].Min()));
            Assert.That(callback.StoppedEpoch, Is.EqualTo(run.StopReason is null ? null : epochs - 1));
            Assert.That(callback.Best, Is.EqualTo(losses.Take(epochs).Min()));
        });
    }

    [Test]
    public void Changes_of_at_most_minDelta_are_no_improvement()
    {
        // 4.6 + 0.5 > 5: no. 4.4 + 0.5 < 5: yes. 3.9 + 0.5 = 4.4: no, it must be more. 3.95: no; that makes two.
        var callback = new EarlyStopping(minDelta: -0.5, patience: 2);
        Assert.That(Script.Play(callback, Script.Run(), "val_loss", 5, 4.6, 4.375, 3.875, 3.95, 1), Is.EqualTo(5));
        Assert.That(callback.Best, Is.EqualTo(4.375));
        Assert.That(callback.BestEpoch, Is.EqualTo(2));
        Assert.That(callback.StoppedEpoch, Is.EqualTo(4));
    }

    [Test]
    public void Max_mode_waits_for_more()
    {
        var callback = new EarlyStopping("accuracy", patience: 1, mode: MonitorMode.Max);
        Assert.That(Script.Play(callback, Script.Run(names: ["loss", "accuracy"]), "accuracy", 0.5, 0.7, 0.9, 0.8, 1),
            Is.EqualTo(4));
        Assert.That(callback.Best, Is.EqualTo(0.9));
    }

    [Test]
    public void A_baseline_must_be_beaten_within_patience()
    {
        // Never below 1, so the count never starts again: epoch 4, the first without improvement, is one too many.
        var callback = new EarlyStopping(patience: 2, baseline: 1);
        TrainingRun run = Script.Run();
        Assert.That(Script.Play(callback, run, "val_loss", 5, 4, 3, 2, 2.5, 0.5), Is.EqualTo(5));
        Assert.That(run.StopReason, Is.EqualTo(
            "early stopping: val_loss has not improved nor beaten 1 for 5 epochs; it was best, 2.0000, in epoch 4"));
    }

    [Test]
    public void A_baseline_that_is_beaten_starts_the_count_again()
    {
        var callback = new EarlyStopping(patience: 2, baseline: 1);
        Assert.That(Script.Play(callback, Script.Run(), "val_loss", 5, 4, 0.5, 0.6, 0.7, 0.1), Is.EqualTo(5));
    }

    [Test]
    public void Epochs_before_startFromEpoch_are_not_looked_at()
    {
        var callback = new EarlyStopping(patience: 1, startFromEpoch: 2);
        Assert.That(Script.Play(callback, Script.Run(), "val_loss", 1, 1, 5, 4, 4.5, 1), Is.EqualTo(5));
        Assert.That(callback.Best, Is.EqualTo(4));
    }

    [Test]
    public void NaN_never_improves_and_any_number_improves_on_it()
    {
        var callback = new EarlyStopping(patience: 3);
        TrainingRun run = Script.Run();
        Assert.That(Script.Play(callback, run, "val_loss", double.NaN, 5, double.NaN, double.NaN, double.NaN, 1), Is.EqualTo(5));
        Assert.That(callback.BestEpoch, Is.EqualTo(1));

        TrainingRun only = Script.Run();
        Assert.That(Script.Play(callback, only, "val_loss", double.NaN, double.NaN, double.NaN, 1), Is.EqualTo(3));
        Assert.That(only.StopReason, Is.EqualTo("early stopping: val_loss has been NaN for 3 epochs"));
    }

    [TestCase(MonitorMode.Min, double.PositiveInfinity)]
    [TestCase(MonitorMode.Min, double.NegativeInfinity)]
    [TestCase(MonitorMode.Max, double.PositiveInfinity)]
    public void Infinity_is_never_the_best(MonitorMode mode, double value)
    {
        var callback = new EarlyStopping(mode: mode, patience: 2);
        Script.Play(callback, Script.Run(), "val_loss", value, 5, value);
        Assert.That(callback.Best, Is.EqualTo(5));
        Assert.That(callback.BestEpoch, Is.EqualTo(1));
        Script.Play(callback, Script.Run(), "val_loss", value, value);
        Assert.That(callback.Best, Is.Null);
    }

    [Test]
    public void A_second_run_starts_afresh()
    {
        var callback = new EarlyStopping(patience: 2);
        double[] losses = [3, 2, 2.5, 2.5];
        Assert.That(Script.Play(callback, Script.Run(), "val_loss", losses), Is.EqualTo(4));
        Assert.That(Script.Play(callback, Script.Run(), "val_loss", 9, 8, 7, 7.5), Is.EqualTo(4));
        Assert.That(callback.StoppedEpoch, Is.Null);
        Assert.That(callback.Best, Is.EqualTo(7));
    }

    [Test]
    public void The_reason_says_what_happened()
    {
        TrainingRun run = Script.Run();
        Script.Play(new EarlyStopping(patience: 1, restoreBestWeights: true), run, "val_loss", 0.5, 0.0123456, 0.2);
        Assert.That(run.StopReason, Is.EqualTo(
            "early stopping: val_loss has not improved for 1 epoch; it was best, 0.0123, in epoch 2, whose weights are "
            + "restored"));
    }

    [Test]
    public void An_epoch_that_was_cut_short_is_not_counted()
    {
        var callback = new EarlyStopping(patience: 1);
        Assert.That(Script.Play(callback, Script.Run(), Script.Logs(("loss", 1), ("val_loss", 1)), Script.Logs(("loss", 1))),
            Is.EqualTo(2));
        Assert.That(callback.StoppedEpoch, Is.Null);
    }

    [Test]
    public void Validation_data_that_is_not_there_is_asked_for() => Refuses(
        new EarlyStopping(), Script.Run(names: ["loss", "mae"]),
        "EarlyStopping monitors 'val_loss', but this run has no validation data. Pass validationData or validationSplit, or "
        + "monitor 'loss'.");

    [Test]
    public void A_figure_that_is_not_logged_is_named_with_those_that_are() => Refuses(
        new EarlyStopping("val_mea"), Script.Run(names: ["loss", "mae", "val_loss", "val_mae"]),
        "EarlyStopping monitors 'val_mea', but this run does not log it. Did you mean 'val_mae'? It logs loss, mae, val_loss, "
        + "val_mae.");

    [TestCase("mae", 1.0, 2.0)]
    [TestCase("accuracy", 0.9, 0.8)]
    [TestCase("auc", 0.9, 0.8)]
    [TestCase("cosine_similarity", 0.9, 0.8)]
    [TestCase("loss", 1.0, 2.0)]
    public void Auto_knows_which_way_a_metric_improves(string metric, double better, double worse)
    {
        Sequential model = Script.Model();
        model.Compile("sgd", "mse", metric == "loss" ? [] : [metric]);
        foreach (string name in (string[])[metric, "val_" + metric])
        {
            var callback = new EarlyStopping(name, patience: 1);
            Assert.That(Script.Play(callback, Script.Run(model, names: ["loss", "val_loss", name]), name, worse, better, worse,
                worse), Is.EqualTo(3));
            Assert.That(callback.Best, Is.EqualTo(better));
        }
    }

    [Test]
    public void A_figure_of_unknown_direction_needs_a_mode()
    {
        Sequential model = Script.Model();
        model.Compile("sgd", "mse", [new Peculiar()]);
        TrainingRun run = Script.Run(model, names: ["loss", "peculiar"]);
        Refuses(
            new EarlyStopping("peculiar"), run,
            "EarlyStopping monitors 'peculiar', and whether more or less of it is better is not known. Pass mode: "
            + "MonitorMode.Min or mode: MonitorMode.Max.");
        Assert.That(() => new EarlyStopping("peculiar", mode: MonitorMode.Min).Check(run), Throws.Nothing);
    }

    [Test]
    public void All_options_that_are_wrong_are_named_together() => Assert.That(
        () => new EarlyStopping(" ", double.NaN, -1, (MonitorMode)7, double.PositiveInfinity, startFromEpoch: -2),
        Throws.ArgumentException.With.Message.EqualTo(
            "EarlyStopping: monitor must not be blank; minDelta must be a finite number, but is NaN; patience must be a finite "
            + "number of at least 0, but is -1; mode must be Auto, Min or Max, but is 7; baseline must be a finite number, but "
            + "is Infinity; startFromEpoch must be a finite number of at least 0, but is -2."));

    private static void Refuses(Callback callback, TrainingRun run, string message) => Assert.That(
        () => callback.Check(run), Throws.TypeOf<ArgumentException>().With.Message.EqualTo(message));

    private sealed class Peculiar() : Metric("peculiar")
    {
        public override string ClassName => "Peculiar";

        public override Metric Fresh() => new Peculiar();

        public override Config GetConfig() => [];

        protected override double Compute() => 0;

        protected override void Clear()
        {
        }

        protected override void Add(
            ReadOnlySpan<float> targets, int targetRows, ReadOnlySpan<float> predictions, int rows, ReadOnlySpan<float> weights)
        {
        }
    }
}
