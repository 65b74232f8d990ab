using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Callbacks;

/// <summary>Callbacks in real training.</summary>
[TestFixture]
public sealed class FitCallbackTests
{
    private static readonly NDArray X = new([8, 1], [-4, -3, -2, -1, 1, 2, 3, 4]);
    private static readonly NDArray Y = new([8, 1], [-8, -6, -4, -2, 2, 4, 6, 8]);

    [Test]
    public void The_best_weights_come_back_to_the_bit([Values] bool cancelled)
    {
        // A rate that is too large: the first epochs are the best ones, and what comes after is worse and worse.
        Sequential model = Model(new SGD(0.3));
        using var cancellation = new CancellationTokenSource();
        var weights = new List<IReadOnlyList<NDArray>>();
        var recorder = new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            weights.Add(run.Model.GetWeights());
            if (cancelled && epoch == 2)
            {
                cancellation.Cancel();
            }
        });
        var stopping = new EarlyStopping("loss", patience: 4, restoreBestWeights: true);
        History history = Fit(model, 50, [recorder, stopping], cancellation: cancellation.Token);

        int best = history["loss"].ToList().IndexOf(history["loss"].Min());
        Assert.Multiple(() =>
        {
            Assert.That(history.Epochs, Is.EqualTo(cancelled ? 3 : best + 5));
            Assert.That(history.StopReason, cancelled ? Is.EqualTo("cancelled")
                : Does.StartWith("early stopping: loss has not improved for 4 epochs;"));
            Assert.That(stopping.BestEpoch, Is.EqualTo(best));
            AssertSame(model.GetWeights(), weights[best]);
            Assert.That(model.GetWeights()[0].Values, Is.Not.EqualTo(weights[^1][0].Values));
        });
    }

    [Test]
    public void The_best_weights_come_back_when_training_fails()
    {
        Sequential model = Model(new SGD(0.3));
        IReadOnlyList<NDArray>? first = null;
        var failing = new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            first ??= run.Model.GetWeights();
            if (epoch == 2)
            {
                throw new InvalidDataException("on purpose");
            }
        });
        Assert.That(
            () => Fit(model, 50, [new EarlyStopping("loss", patience: 4, restoreBestWeights: true), failing]),
            Throws.TypeOf<InvalidDataException>());
        AssertSame(model.GetWeights(), first!);
    }

    [Test]
    public void An_exploding_loss_ends_training()
    {
        Sequential model = Model(new SGD(1e10));
        History history = Fit(model, 50, [new TerminateOnNaN()], validationSplit: 0.25);
        Assert.Multiple(() =>
        {
            Assert.That(history.StopReason, Does.Match(
                @"^the loss became (NaN|infinite) in batch \d of epoch \d: try a smaller learning rate, or clip the gradients$"));
            Assert.That(history.Epochs, Is.LessThan(10));
            Assert.That(double.IsFinite(history["loss"][^1]), Is.False);

            // The epoch that was cut short has no validation, and the lists stay in step.
            Assert.That(history["val_loss"], Has.Count.EqualTo(history.Epochs));
            Assert.That(history["val_loss"][^1], Is.NaN);
        });
    }

    [Test]
    public void A_figure_that_will_not_be_logged_is_refused_before_anything_is_done()
    {
        var model = new Sequential([new Dense(1)]);
        model.Compile("sgd", "mse");
        var begun = new LambdaCallback(onTrainBegin: _ => Assert.Fail("began"), onTrainEnd: _ => Assert.Fail("ended"));
        Assert.That(
            () => Fit(model, 3, [begun, new EarlyStopping()]),
            Throws.ArgumentException.With.Message.EqualTo(
                "EarlyStopping monitors 'val_loss', but this run has no validation data. Pass validationData or "
                + "validationSplit, or monitor 'loss'."));
        Assert.That(model.IsBuilt, Is.False);
        Assert.That(Fit(model, 3, [new EarlyStopping()], validationSplit: 0.25).Epochs, Is.GreaterThan(0));
    }

    [Test]
    public void Cancelling_keeps_the_model_usable_and_the_history_so_far()
    {
        Sequential model = Model("sgd");
        using var cancellation = new CancellationTokenSource();
        var batches = new List<int>();
        var cancelling = new LambdaCallback(onBatchEnd: (run, batch, logs) =>
        {
            batches.Add(batch);
            if (batches.Count == 6)
            {
                cancellation.Cancel();
            }
        });
        History history = Fit(model, 50, [cancelling], cancellation: cancellation.Token);
        Assert.Multiple(() =>
        {
            // Four batches an epoch: cancelled after the second one of the second epoch, which therefore does not count.
            Assert.That(batches, Is.EqualTo(new[] { 0, 1, 2, 3, 0, 1 }));
            Assert.That(history.Epochs, Is.EqualTo(1));
            Assert.That(history["loss"], Has.Count.EqualTo(1));
            Assert.That(history.StopReason, Is.EqualTo("cancelled"));
            Assert.That(model.Predict(X).Shape, Is.EqualTo(new[] { 8, 1 }));
            Assert.That(Fit(model, 2, []).Epochs, Is.EqualTo(2));
        });
    }

    [Test]
    public void Cancelling_between_epochs_begins_no_other_epoch()
    {
        using var cancellation = new CancellationTokenSource();
        int begun = 0;
        var cancelling = new LambdaCallback(onEpochBegin: (run, epoch) => begun++,
            onEpochEnd: (run, epoch, logs) => cancellation.Cancel());
        Assert.That(Fit(Model("sgd"), 5, [cancelling], cancellation: cancellation.Token).Epochs, Is.EqualTo(1));
        Assert.That(begun, Is.EqualTo(1));
    }

    [Test]
    public void An_exception_of_a_callback_is_thrown_on_and_every_callback_ends()
    {
        Sequential model = Model("sgd");
        var ended = new List<string>();
        Callback[] callbacks =
        [
            new LambdaCallback(onTrainEnd: _ => ended.Add("first")),
            new LambdaCallback(
                onBatchEnd: (run, batch, logs) => throw new InvalidDataException("on purpose"),
                onTrainEnd: _ =>
                {
                    ended.Add("second");
                    throw new InvalidOperationException("on the way out");
                }),
            new LambdaCallback(onTrainEnd: _ => ended.Add("third")),
        ];
        Assert.That(() => Fit(model, 2, callbacks), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("on purpose"));
        Assert.That(ended, Is.EqualTo(new[] { "first", "second", "third" }));
        Assert.That(Fit(model, 1, []).Epochs, Is.EqualTo(1));
    }

    [Test]
    public void A_callback_that_did_not_begin_does_not_end()
    {
        var ended = new List<string>();
        Callback[] callbacks =
        [
            new LambdaCallback(onTrainEnd: _ => ended.Add("first")),
            new LambdaCallback(onTrainBegin: _ => throw new InvalidDataException("on purpose"),
                onTrainEnd: _ => ended.Add("second")),
        ];
        Assert.That(() => Fit(Model("sgd"), 2, callbacks), Throws.TypeOf<InvalidDataException>());
        Assert.That(ended, Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public void Callbacks_are_called_in_order_at_every_point()
    {
        var calls = new List<string>();
        var callback = new LambdaCallback(
            onTrainBegin: run => calls.Add($"train {run.Epochs} {run.Steps} {run.Samples} {string.Join(' ', run.MetricNames)}"),
            onEpochBegin: (run, epoch) => calls.Add($"epoch {epoch}"),
            onBatchBegin: (run, batch) => calls.Add($"batch {batch}"),
            onBatchEnd: (run, batch, logs) => calls.Add($"batch {batch} {string.Join(' ', logs.Keys)}"),
            onEpochEnd: (run, epoch, logs) => calls.Add($"epoch {epoch} {string.Join(' ', logs.Keys)}"),
            onTrainEnd: run => calls.Add("end"));
        Fit(Model("sgd"), 2, [callback], validationSplit: 0.5);
        Assert.That(calls, Is.EqualTo(new[]
        {
            "train 2 2 4 loss val_loss",
            "epoch 0", "batch 0", "batch 0 loss", "batch 1", "batch 1 loss", "epoch 0 loss val_loss",
            "epoch 1", "batch 0", "batch 0 loss", "batch 1", "batch 1 loss", "epoch 1 loss val_loss",
            "end",
        }));
    }

    [Test]
    public void The_history_has_every_figure_of_every_epoch()
    {
        var logged = new List<double>();
        var callback = new LambdaCallback(onEpochEnd: (run, epoch, logs) => logged.Add(logs["val_loss"]));
        History history = Fit(Model(new SGD(0.01)), 3, [new LearningRateScheduler((epoch, rate) => rate / 2), callback],
            validationSplit: 0.25);
        Assert.Multiple(() =>
        {
            Assert.That(history.Metrics.Keys, Is.EqualTo(new[] { "loss", "val_loss", "learning_rate" }));
            Assert.That(history["val_loss"], Is.EqualTo(logged));
            Assert.That(history["learning_rate"], Is.EqualTo(new[] { 0.005, 0.0025, 0.00125 }));
            Assert.That(history.Epochs, Is.EqualTo(3));
            Assert.That(history.StopReason, Is.Null);
            Assert.That(
                () => history["mae"],
                Throws.TypeOf<KeyNotFoundException>().With.Message.EqualTo(
                "The history has no 'mae'. It has loss, val_loss, learning_rate."));
        });
    }

    [Test]
    public void One_object_in_two_places_is_refused()
    {
        var callback = new TerminateOnNaN();
        Assert.That(
            () => Fit(Model("sgd"), 1, [callback, callback]),
            Throws.ArgumentException.With.Message.StartsWith(
                "callbacks[1], TerminateOnNaN, is in the list already. Create an object of its own for each place."));
    }

    [Test]
    public void Figures_are_added_when_an_epoch_ends_and_at_no_other_time()
    {
        var callback = new LambdaCallback(onEpochBegin: (run, epoch) => run.Log("late", 1));
        Assert.That(
            () => Fit(Model("sgd"), 1, [callback]),
            Throws.InvalidOperationException.With.Message.EqualTo(
            "Log adds to the logs of an epoch that ends; call it in OnEpochEnd."));
    }

    private static Sequential Model(Optimizer optimizer)
    {
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        model.Compile(optimizer, "mse");
        return model;
    }

    private static History Fit(
        Sequential model, int epochs, IReadOnlyList<Callback> callbacks, double validationSplit = 0,
            CancellationToken cancellation = default) =>
        model.Fit(
            X, Y, epochs, batchSize: 2, validationSplit: validationSplit, verbose: Verbosity.Silent, callbacks: callbacks,
            cancellationToken: cancellation);

    private static void AssertSame(IReadOnlyList<NDArray> actual, IReadOnlyList<NDArray> expected) =>
        Assert.That(actual.Select(array => array.Values), Is.EqualTo(expected.Select(array => array.Values)));
}
