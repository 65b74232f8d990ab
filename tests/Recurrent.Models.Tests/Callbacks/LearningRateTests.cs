using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Callbacks;

[TestFixture]
public sealed class LearningRateTests
{
    [Test]
    public void A_plateau_reduces_the_rate()
    {
        // Epochs 2 and 3 are no better than 4: reduced after 3. 5 and 6 again: reduced after 6, and so on.
        double[] rates = Rates(new ReduceLROnPlateau(factor: 0.5, patience: 2), 5, 4, 4, 4, 3, 3, 3, 3, 3);
        Assert.That(rates, Is.EqualTo(new[] { 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25 }));
    }

    [Test]
    public void Less_than_minDelta_is_a_plateau() =>
        Assert.That(Rates(new ReduceLROnPlateau(factor: 0.5, patience: 1, minDelta: 0.5), 5, 4.75, 4.25, 4),
            Is.EqualTo(new[] { 1, 1, 0.5, 0.5 }));

    [Test]
    public void Epochs_of_cooling_down_are_not_counted()
    {
        // Reduced after epoch 1. With cooldown 2, epoch 2 only counts the cooldown down; epoch 3 ends it and is the first that
        // counts again, and with patience 1 it is enough.
        double[] rates = Rates(new ReduceLROnPlateau(factor: 0.5, patience: 1, cooldown: 2), 5, 5, 5, 5, 5, 5, 5);
        Assert.That(rates, Is.EqualTo(new[] { 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125 }));
    }

    [Test]
    public void The_rate_does_not_fall_below_its_least_value() =>
        Assert.That(
            Rates(new ReduceLROnPlateau(factor: 0.1, patience: 1, minLearningRate: 0.05), 5, 5, 5, 5, 5),
            Is.EqualTo(new[] { 1, 1, 0.1, 0.05, 0.05 }));

    [Test]
    public void A_second_run_starts_afresh()
    {
        var callback = new ReduceLROnPlateau(factor: 0.5, patience: 2);
        Rates(callback, 5, 4, 4);
        Assert.That(Rates(callback, 9, 8, 8, 8), Is.EqualTo(new[] { 1, 1, 1, 1 }));
    }

    [Test]
    public void A_schedule_is_asked_before_each_epoch()
    {
        var seen = new List<(int, double)>();
        double[] rates = Rates(
            new LearningRateScheduler((epoch, rate) =>
            {
                seen.Add((epoch, rate));
                return rate / 2;
            }), 1, 1, 1);
        Assert.That(rates, Is.EqualTo(new[] { 0.5, 0.25, 0.125 }));
        Assert.That(seen, Is.EqualTo(new[] { (0, 1.0), (1, 0.5), (2, 0.25) }));
    }

    [Test]
    public void A_schedule_that_gives_nonsense_is_told_so() => Assert.That(
        () => Rates(new LearningRateScheduler((epoch, rate) => epoch == 1 ? double.NaN : rate), 1, 1),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "The schedule of LearningRateScheduler gave NaN for epoch 1; a learning rate must be a finite number of at "
            + "least 0."));

    [Test]
    public void An_optimizer_that_follows_a_schedule_of_its_own_is_refused_before_training()
    {
        Sequential model = Script.Model(new SGD(new ExponentialDecay(0.1, 10, 0.5)));
        Assert.That(
            () => new ReduceLROnPlateau().Check(Script.Run(model)),
            Throws.ArgumentException.With.Message.EqualTo(
                "ReduceLROnPlateau sets the learning rate, but that of SGD follows its schedule, ExponentialDecay. Give the "
                + "optimizer a number as its learning rate, or leave ReduceLROnPlateau out."));
    }

    [Test]
    public void All_options_that_are_wrong_are_named_together() => Assert.That(
        () => new ReduceLROnPlateau(factor: 1, patience: -1, cooldown: -1, minLearningRate: -1),
        Throws.ArgumentException.With.Message.EqualTo(
            "ReduceLROnPlateau: factor must be above 0 and below 1, but is 1; patience must be a finite number of at least 0, "
            + "but is -1; cooldown must be a finite number of at least 0, but is -1; minLearningRate must be a finite number "
            + "of at least 0, but is -1."));

    [Test]
    public void The_rate_can_be_monitored_by_what_follows()
    {
        TrainingRun run = Script.Run();
        new ReduceLROnPlateau().Check(run);
        Assert.That(() => new EarlyStopping("learning_rate", mode: MonitorMode.Max).Check(run), Throws.Nothing);
    }

    /// <summary>The rate with which each epoch was trained, as logged, from 1 on.</summary>
    private static double[] Rates(Callback callback, params double[] losses)
    {
        TrainingRun run = Script.Run(Script.Model(new SGD(1.0)));
        Dictionary<string, double>[] epochs = [.. losses.Select(loss => Script.Logs(("loss", 0), ("val_loss", loss)))];
        Script.Play(callback, run, epochs);
        return [.. epochs.Select(logs => logs["learning_rate"])];
    }
}
