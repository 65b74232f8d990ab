using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Training whose numbers leave the range stops, says where and why, and leaves a model that can be saved and trained
/// on.</summary>
[TestFixture]
public sealed class DivergenceTests
{
    private static readonly NDArray X = new([16, 4, 1], [.. Enumerable.Range(0, 64).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([16, 1], [.. Enumerable.Range(0, 16).Select(i => MathF.Cos(i))]);

    private static Optimizer[] Wild =>
    [
        new SGD(3e38), new SGD(1e10), new SGD(1e6, momentum: 0.9), new SGD(1e4, clipValue: 1e30), new Adam(3e38), new Adam(1e20),
        new AdamW(1e10, weightDecay: 1), new RMSprop(1e30), new RMSprop(1e25, momentum: 0.9), new Adam(1e30, amsgrad: true),
    ];

    [Test]
    public void Whatever_explodes_leaves_weights_that_are_in_order([Values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)] int index,
        [Values(1, 4)] int batches)
    {
        Optimizer optimizer = Wild[index];
        Sequential model = Model(optimizer);
        float[] first = All(model);
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"));
        var stopping = new EarlyStopping("loss", patience: 100, restoreBestWeights: true);
        try
        {
            History history = model.Fit(
                X, Y, epochs: 30, batchSize: 16 / batches, verbose: 0,
                    callbacks: [stopping, new ModelCheckpoint(Path.Combine(folder, "{epoch}.json"))]);
            Assert.That(history.StopReason, Does.StartWith("training diverged in batch "));
            Assert.That(history.StopReason, Does.Contain("Likely cause: The learning rate is "));
            TestContext.Out.WriteLine(history.StopReason);
            Assert.That(stopping.Best is null || double.IsFinite(stopping.Best.Value));
            AssertInOrder(model);
            Assert.That(Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0, Is.LessThanOrEqualTo(history.Epochs));

            // And with a rate that suits, it trains on, from somewhere that is not far away.
            Assert.That(All(model).Max(MathF.Abs), Is.LessThan(1e3f));
            double before = model.Evaluate(X, Y)["loss"];
            optimizer.LearningRate = 1e-3;
            history = model.Fit(X, Y, epochs: 20, verbose: 0);
            Assert.That(history.StopReason, Is.Null);
            Assert.That(history["loss"][^1], Is.LessThan(before));
            Assert.That(All(model), Is.Not.EqualTo(first));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Test]
    public void A_rate_that_jumps_takes_back_that_very_update()
    {
        Sequential model = Model(new Adam(0.01));
        float[] kept = [];
        float[][] slots = [];
        var jump = new LambdaCallback(onBatchBegin: (run, batch) =>
        {
            if (run.Optimizer.Iterations == 21)
            {
                run.Optimizer.LearningRate = 3e38;
                kept = All(model);
                slots = [.. run.Optimizer.Slots.Select(slot => slot.Values.Values.ToArray())];
            }
        });
        History history = model.Fit(X, Y, epochs: 10, batchSize: 4, verbose: 0, callbacks: [jump]);
        Assert.Multiple(() =>
        {
            Assert.That(history.StopReason, Does.StartWith("training diverged in batch 3 of epoch 6: the loss is not finite. "));
            Assert.That(history.StopReason, Does.EndWith("The weights are those before the last update"));
            Assert.That(history.Epochs, Is.EqualTo(6));
            Assert.That(All(model), Is.EqualTo(kept));
            Assert.That(model.Optimizer!.Iterations, Is.EqualTo(21));
            Assert.That(model.Optimizer.Slots.Select(slot => slot.Values.Values), Is.EqualTo(slots));
        });
    }

    [Test]
    public void The_cause_is_sought_in_the_data_too()
    {
        Sequential model = Model(new SGD(0.01));
        float[] first = All(model);
        Assert.That(
            model.Fit(X, new NDArray([16, 1], [.. Y.Values.Select(y => y * 1e30f)]), verbose: 0).StopReason,
            Is.EqualTo("training diverged in batch 1 of epoch 1: the loss is not finite. Likely cause: The targets reach "
                + "1E+30: scale them, and the predictions back. The weights are those before this batch"));
        Assert.That(All(model), Is.EqualTo(first));

        var plain = new Sequential([new Dense(3, inputShape: 2), new Dense(1)]);
        plain.Compile(new SGD(0.01), "mse");
        string? reason = plain.Fit(new NDArray([2, 2], [1e38f, 1e38f, 3e38f, 3e38f]), new NDArray(2, 1), verbose: 0).StopReason;
        Assert.That(reason, Does.Match(
            "^training diverged in batch 1 of epoch 1: "
            + "(the output of Dense 'dense(_1)?' is not finite, and so the loss is not|the loss is not finite)"
            + @"\. Likely cause: The inputs reach 3E\+38: scale them, with StandardScaler or MinMaxScaler\."));
    }

    [Test]
    public void A_gradient_that_clipping_would_hide_is_seen()
    {
        // The loss, about 1e38, is a number, and its gradient times the input is not.
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        model.Compile(new SGD(0.01, clipValue: 1), "mse");
        model.SetWeights([new NDArray([1, 1], [1]), new NDArray([1], [0])]);
        History history = model.Fit(new NDArray([1, 1], [1e19f]), new NDArray([1, 1], [-8e18f]), verbose: 0);
        Assert.That(history["loss"][0], Is.Not.NaN.And.LessThan(double.PositiveInfinity));
        Assert.That(history.StopReason, Does.Contain("the gradient of 'kernel' of Dense 'dense' is not finite"));
        Assert.That(All(model), Is.EqualTo(new[] { 1f, 0f }));
    }

    [Test]
    public void Statistics_go_back_with_the_weights([Values(1e21f, 1e30f)] float size)
    {
        // The variance of the batch leaves the range, and what comes out of the layer does not.
        var model = new Sequential([new BatchNormalization(inputShape: 1), new Dense(1)]);
        model.Compile(new SGD(0.01), "mse");
        float[] first = All(model);
        History history = model.Fit(new NDArray([4, 1], [1, 2, 3, size]), new NDArray(4, 1), batchSize: 4, verbose: 0);
        Assert.That(history.StopReason,
            Does.StartWith("training diverged in batch 1 of epoch 1: ").And.Contain("Likely cause: The inputs reach 1E+"));
        Assert.That(All(model), Is.EqualTo(first));
        AssertInOrder(model);
    }

    [Test]
    public void What_an_optimizer_remembers_is_seen_at_the_end_of_the_epoch()
    {
        // The weights are finite, and from now on the optimizer would stand still without a word.
        var model = new Sequential([new Dense(1, inputShape: 1)]);
        model.Compile(new Forgetful(), "mae");
        float[] first = All(model);
        History history = model.Fit(new NDArray([1, 1], [1e25f]), new NDArray([1, 1], [1]), verbose: 0);
        Assert.That(history.StopReason, Does.Contain("what Forgetful remembers of 'kernel' of Dense 'dense' is not finite"));
        Assert.That(All(model), Is.EqualTo(first));
        Assert.That(model.Optimizer!.Slots.SelectMany(slot => slot.Values.Values), Is.All.EqualTo(0));
    }

    [Test]
    public void Weights_that_the_last_update_has_thrown_far_away_are_seen_at_the_end_of_the_epoch([Values] bool callbacks)
    {
        // 3e38 times a gradient of 0.5: a number, and no weight.
        var model = new Sequential([new Dense(1, useBias: false, inputShape: 1)]);
        model.Compile(new SGD(3e38), "mae");
        float[] first = All(model);
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N"), "{epoch}.json");
        try
        {
            var stopping = new EarlyStopping("loss", restoreBestWeights: true);
            History history = model.Fit(
                new NDArray([1, 1], [0.5f]), new NDArray([1, 1], [1]), verbose: 0, callbacks: callbacks
                    ? [stopping, new ModelCheckpoint(path)] : []);
            Assert.That(history.StopReason, Does.StartWith(
                "training diverged in batch 1 of epoch 1: 'kernel' of Dense 'dense' has grown to 1.5E+38. Likely cause: The "
                + "learning rate is 3E+38: try a smaller one"));
            Assert.That(All(model), Is.EqualTo(first));
            if (callbacks)
            {
                Assert.That(All(Sequential.Load(path.Replace("{epoch}", "1", StringComparison.Ordinal))), Is.EqualTo(first));
            }
        }
        finally
        {
            if (callbacks)
            {
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
            }
        }

        // Weights that somebody has set so large are somebody's.
        model.SetWeights([new NDArray([1, 1], [1e20f])]);
        model.Optimizer!.LearningRate = 0.01;
        Assert.That(model.Fit(new NDArray([1, 1], [0.5f]), new NDArray([1, 1], [1]), verbose: 0).StopReason, Is.Null);
    }

    [Test]
    public void A_single_batch_changes_nothing_where_the_loss_is_not_finite()
    {
        Sequential model = Model(new Adam(0.01));
        model.TrainOnBatch(X, Y);
        float[] first = All(model);
        double loss = model.TrainOnBatch(X, new NDArray([16, 1], [.. Y.Values.Select(y => y * 1e30f)]))["loss"];
        Assert.That(double.IsFinite(loss), Is.False);
        AssertInOrder(model);
        Assert.That(model.TrainOnBatch(X, Y)["loss"], Is.LessThan(2));
        Assert.That(All(model), Is.Not.EqualTo(first));
    }

    [Test]
    public void Pieces_and_states_are_in_order_too([Values] bool stateful)
    {
        var model = new Sequential([new GRU(3, returnSequences: true, stateful: stateful, inputShape: (4, 1)), new Dense(1)],
            seed: 3);
        model.Compile(new SGD(1e10), "mse");
        NDArray y = new([16, 4, 1], X.Values);
        History history = model.Fit(X, y, epochs: 30, batchSize: 16, truncatedSteps: 2, verbose: 0);
        Assert.That(history.StopReason, Does.StartWith("training diverged"));
        AssertInOrder(model);
        Assert.That(model.Predict(X, batchSize: 16).Values, Is.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Early_stopping_gives_the_moments_back_with_the_weights()
    {
        Sequential model = Model(new Adam(0.05));
        float[] best = [];
        float[][] slots = [];
        double lowest = double.PositiveInfinity;
        long iterations = 0;
        var recorder = new LambdaCallback(onEpochEnd: (run, epoch, logs) =>
        {
            if (logs["val_loss"] < lowest)
            {
                lowest = logs["val_loss"];
                best = All(model);
                slots = [.. run.Optimizer.Slots.Select(slot => slot.Values.Values.ToArray())];
                iterations = run.Optimizer.Iterations;
            }
        });
        model.Fit(X, Y, epochs: 200, batchSize: 4, validationSplit: 0.5, verbose: 0,
            callbacks: [recorder, new EarlyStopping(patience: 3, restoreBestWeights: true)]);
        Assert.That(All(model), Is.EqualTo(best));
        Assert.That(model.Optimizer!.Slots.Select(slot => slot.Values.Values), Is.EqualTo(slots));
        Assert.That(model.Optimizer.Iterations, Is.EqualTo(iterations));
    }

    private static void AssertInOrder(Sequential model)
    {
        Assert.That(All(model), Is.All.Matches<float>(float.IsFinite));
        Assert.That(model.Optimizer!.Slots.SelectMany(slot => slot.Values.Values), Is.All.Matches<float>(float.IsFinite));
        using var file = new MemoryStream();
        Assert.That(() => model.Save(file), Throws.Nothing);
        file.Position = 0;
        Assert.That(All(Sequential.Load(file)), Is.EqualTo(All(model)));
    }

    private static float[] All(Sequential model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    private static Sequential Model(Optimizer optimizer)
    {
        var model = new Sequential([new SimpleRNN(4, inputShape: (4, 1)), new Dense(1)], seed: 1);
        model.Compile(optimizer, "mse");
        return model;
    }

    /// <summary>Remembers the sum of squares, which leaves the range long before the gradient does.</summary>
    private sealed class Forgetful() : Optimizer(0.01, null, null, null, null, "forgetful")
    {
        private DenseMatrix[] squares = [];

        public override string ClassName => "Forgetful";

        public override Optimizer Fresh() => new Forgetful();

        protected override void AddSlots() => squares = AddSlots("squares")[0];

        protected override void Step(int index, Update update)
        {
            for (int i = 0; i < update.Weights.Length; i++)
            {
                float square = squares[index].Values[i] += update.Gradient[i] * update.Gradient[i];
                update.Weights[i] -= update.Rate * update.Gradient[i] / (MathF.Sqrt(square) + 1e-7f);
            }
        }
    }
}
