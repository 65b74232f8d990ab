using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>Who may do what with a model while somebody else is busy with it.</summary>
[TestFixture]
public sealed class ConcurrencyTests
{
    private static readonly NDArray X = new([8, 3, 1], [.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([8, 1], [.. Enumerable.Range(0, 8).Select(i => MathF.Cos(i))]);

    [Test]
    public void What_another_thread_asks_while_Fit_runs_is_refused()
    {
        Sequential model = Model();
        StreamingSession session = model.OpenSession();
        using var weights = new MemoryStream();
        model.SaveWeights(weights);
        (string Name, Action Action)[] actions =
        [
            ("Predict", () => model.Predict(X)),
            ("Evaluate", () => model.Evaluate(X, Y)),
            ("PredictWithState", () => model.PredictWithState(X)),
            ("ComputeGradients", () => model.ComputeGradients(X, Y)),
            ("GetWeights", () => model.GetWeights()),
            ("SetWeights", () => model.SetWeights(Model().GetWeights())),
            ("Save", () => model.Save(Stream.Null)),
            ("SaveWeights", () => model.SaveWeights(Stream.Null)),
            ("LoadWeights", () => model.LoadWeights(new MemoryStream(weights.ToArray()))),
            ("Trace", () => model.Trace(X)),
            ("Fit", () => model.Fit(X, Y, verbose: 0)),
            ("TrainOnBatch", () => model.TrainOnBatch(X, Y)),
            ("Compile", () => model.Compile("sgd", "mse")),
            ("Add", () => model.Add(new Dense(1))),
            ("Pop", model.Pop),
            ("ResetStates", model.ResetStates),
            ("A step of a session", () => session.Step(1)),
        ];
        using var begun = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var waiting = new LambdaCallback(onEpochBegin: (run, epoch) =>
        {
            begun.Set();
            done.Wait();
        });
        var fitting = new Thread(() => model.Fit(X, Y, verbose: 0, callbacks: [waiting]));
        fitting.Start();
        begun.Wait();
        try
        {
            Assert.Multiple(() =>
            {
                foreach ((string name, Action action) in actions)
                {
                    Assert.That(action, Throws.InvalidOperationException.With.Message.EqualTo(
                        $"{name} of model 'sequential' was called while Fit is running on another thread. Wait until it has "
                        + "returned, or use a copy: model.Clone()."));
                }
            });
        }
        finally
        {
            done.Set();
            fitting.Join();
        }

        Assert.That(() => Array.ForEach(actions, action => action.Action()), Throws.Nothing);
    }

    [Test]
    public void A_callback_may_look_and_set_weights_also_from_threads_of_its_own()
    {
        Sequential model = Model();
        int called = 0;
        var callback = new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            run.Model.Predict(X);
            run.Model.Evaluate(X, Y);
            run.Model.Save(Stream.Null);
            run.Model.SetWeights(run.Model.GetWeights());
            run.Model.ResetStates();
            Task.WaitAll([.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => run.Model.Predict(X)))]);
            called++;
        });
        model.Fit(X, Y, epochs: 2, verbose: 0, callbacks: [callback]);
        Assert.That(called, Is.EqualTo(2));
    }

    [Test]
    public void Models_that_share_layers_share_who_may_do_what([Values] bool nested)
    {
        // An encoder that is a part of the trained model, and a model beside it that has no layer of it.
        var series = new Input((3, 1));
        Symbol code = new GRU(4, name: "encoder").Call(series);
        var encoder = new Recurrent.Models.Model(series, code);
        var second = new Input((3, 1));
        var trained = nested
            ? new Recurrent.Models.Model(second, new Dense(1).Call(encoder.Call(second)))
            : new Recurrent.Models.Model(series, new Dense(1).Call(code));
        trained.Compile("adam", "mse");
        Sequential other = Model();
        int called = 0;
        var callback = new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            encoder.Predict(X);
            var thread = new Thread(() =>
            {
                Assert.That(() => encoder.Predict(X), Throws.InvalidOperationException.With.Message.StartsWith(
                    "Predict of model 'functional' was called while Fit is running on another thread."));
                Assert.That(() => encoder.GetLayer("encoder").SetWeights(encoder.GetLayer("encoder").GetWeights()),
                    Throws.InvalidOperationException.With.Message.StartsWith(
                    "GetWeights of GRU 'encoder' was called while Fit is running on another thread."));
                Assert.That(() => other.Predict(X), Throws.Nothing);
                called++;
            });
            using (ExecutionContext.SuppressFlow())
            {
                thread.Start();
            }

            thread.Join();
        });
        trained.Fit(X, Y, verbose: 0, callbacks: callback);
        Assert.That(called, Is.EqualTo(1));
        Assert.That(() => encoder.Predict(X), Throws.Nothing);
    }

    [Test]
    public void A_line_within_a_line_is_one_with_it()
    {
        var inner = new Sequential([new GRU(4, inputShape: (3, 1))]);
        var outer = new Sequential();
        outer.Add(inner);
        outer.Add(new Dense(1));
        outer.Compile("adam", "mse");
        string? message = null;
        outer.Fit(X, Y, verbose: 0, callbacks: new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            var thread = new Thread(() => message = Assert.Catch<InvalidOperationException>(() => inner.Predict(X))?.Message);
            using (ExecutionContext.SuppressFlow())
            {
                thread.Start();
            }

            thread.Join();
        }));
        Assert.That(message, Does.StartWith("Predict of model 'sequential' was called while Fit is running on another thread."));

        // A layer that has left goes its own way.
        Layer dense = outer.GetLayer(^1);
        outer.Pop();
        var other = new Sequential([new Dense(2, inputShape: 4)]);
        other.Add(new Dense(1));
        Assert.That(() => dense.SetWeights(dense.GetWeights()), Throws.Nothing);
    }

    [TestCase("Fit")]
    [TestCase("TrainOnBatch")]
    [TestCase("Compile")]
    [TestCase("Add")]
    [TestCase("Pop")]
    public void A_callback_may_not_train_nor_change_layers(string name)
    {
        Sequential model = Model();
        var callback = new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            switch (name)
            {
                case "Fit": model.Fit(X, Y, verbose: 0); break;
                case "TrainOnBatch": model.TrainOnBatch(X, Y); break;
                case "Compile": model.Compile("sgd", "mse"); break;
                case "Add": model.Add(new Dense(1)); break;
                default: model.Pop(); break;
            }
        });
        Assert.That(() => model.Fit(X, Y, verbose: 0, callbacks: [callback]),
            Throws.InvalidOperationException.With.Message.EqualTo(
            $"{name} of model 'sequential' was called within its Fit. A callback may predict, evaluate, save and set weights, "
            + "but not train, compile or change layers."));
        Assert.That(model.Fit(X, Y, verbose: 0).Epochs, Is.EqualTo(1), "The model is free again.");
    }

    [Test]
    public void Many_threads_predict_at_once_and_nothing_changes_meanwhile()
    {
        Sequential model = Model();
        float[] expected = model.Predict(X).Values;
        int refused = 0;
        Parallel.For(0, 200, i =>
        {
            if (i % 20 == 7)
            {
                try
                {
                    model.SetWeights(model.GetWeights());
                }
                // Another thread predicts, or does the same.
                catch (InvalidOperationException exception) when (
                    exception.Message.Contains("while another thread predicts", StringComparison.Ordinal)
                    || exception.Message.Contains("while SetWeights is running", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref refused);
                }
            }
            else
            {
                try
                {
                    Assert.That(model.Predict(X).Values, Is.EqualTo(expected));
                }
                catch (InvalidOperationException exception) when (
                    exception.Message.Contains("while SetWeights is running", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });
        TestContext.Out.WriteLine($"{refused} refused");
        Assert.That(model.Predict(X).Values, Is.EqualTo(expected));
    }

    [Test]
    public void Validation_leaves_the_states_that_training_goes_on_from([Values] bool split)
    {
        NDArray x = new([8, 2, 1], [.. Enumerable.Range(0, 16).Select(i => MathF.Sin(i))]);
        NDArray first = new([4, 2, 1], x.Values[..8]);
        NDArray y = new([4, 1], Y.Values[..4]);
        Sequential without = Stateful();
        without.Fit(first, y, epochs: 3, batchSize: 4, verbose: 0);

        Sequential with = Stateful();
        History history = split
            ? with.Fit(x, Y, epochs: 3, batchSize: 4, validationSplit: 0.5, verbose: 0)
            : with.Fit(first, y, epochs: 3, batchSize: 4, validationData: (first, y), verbose: 0);
        Assert.That(with.GetWeights().SelectMany(w => w.Values), Is.EqualTo(without.GetWeights().SelectMany(w => w.Values)));
        Assert.That(with.Predict(first).Values, Is.EqualTo(without.Predict(first).Values), "The states are the same too.");

        // Validation begins at zero each time: it is what a fresh model of these weights gives.
        if (!split)
        {
            with.ResetStates();
            Assert.That(history["val_loss"][^1], Is.EqualTo(with.Evaluate(first, y, batchSize: 4)["loss"]));
        }
    }

    private static Sequential Stateful()
    {
        var model = new Sequential([new GRU(3, stateful: true, inputShape: (2, 1)), new Dense(1)], seed: 2);
        model.Compile("sgd", "mse");
        return model;
    }

    private static Sequential Model()
    {
        var model = new Sequential([new LSTM(4, inputShape: (3, 1)), new Dense(1)], seed: 1);
        model.Compile("adam", "mse");
        return model;
    }
}
