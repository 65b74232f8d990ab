using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Models;

/// <summary>What training promises when it is asked for something odd: the right thing, or an error before anything has
/// changed.</summary>
[TestFixture]
public sealed class FitContractTests
{
    private static readonly NDArray X = new([20, 3], [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Y = new([20, 1], [.. Enumerable.Range(0, 20).Select(i => MathF.Cos(i))]);

    [Test]
    public void A_change_of_what_is_trained_takes_effect_when_the_model_is_compiled()
    {
        Sequential model = Stack();
        model.Layers[0].Trainable = false;
        model.Compile(new SGD(0.1), "mse");
        Fit(model, batchSize: 10);
        model.Layers[0].Trainable = true;
        model.Layers[2].Trainable = false;

        float[][] before = Weights(model);
        Fit(model, batchSize: 5);
        Assert.That(Weights(model)[0], Is.EqualTo(before[0]), "still frozen");
        Assert.That(Weights(model)[4], Is.Not.EqualTo(before[4]), "still trained");

        model.Compile(new SGD(0.1), "mse");
        before = Weights(model);
        Fit(model, batchSize: 5);
        Assert.That(Weights(model)[0], Is.Not.EqualTo(before[0]));
        Assert.That(Weights(model)[4], Is.EqualTo(before[4]));
    }

    [Test]
    public void A_batch_size_beyond_the_data_means_one_batch()
    {
        Sequential all = Compiled();
        Sequential beyond = Compiled();
        Assert.That(Fit(beyond, int.MaxValue)["loss"], Is.EqualTo(Fit(all, 20)["loss"]));
        Assert.That(beyond.Evaluate(X, Y, int.MaxValue)["loss"], Is.EqualTo(all.Evaluate(X, Y, 20)["loss"]));
        Assert.That(beyond.Predict(X, int.MaxValue).Values, Is.EqualTo(all.Predict(X).Values));
    }

    [TestCase(10, 0.9, 1)]
    [TestCase(10, 0.8, 2)]
    [TestCase(10, 0.7, 3)]
    [TestCase(20, 0.95, 1)]
    [TestCase(20, 0.9, 2)]
    [TestCase(20, 1 / 3.0, 13)]
    [TestCase(3, 2 / 3.0, 1)]
    [TestCase(10, 0.25, 7)]
    [TestCase(10, 1e-12, 9)]
    public void A_validation_split_is_the_share_that_was_meant(int samples, double split, int kept)
    {
        NDArray x = X.Slice(0, samples);
        NDArray y = Y.Slice(0, samples);
        History by = Compiled().Fit(x, y, epochs: 2, validationSplit: split, verbose: Verbosity.Silent);
        History same = Compiled().Fit(
            x.Slice(0, kept), y.Slice(0, kept), epochs: 2,
                validationData: (x.Slice(kept, samples - kept), y.Slice(kept, samples - kept)), verbose: Verbosity.Silent);
        Assert.That(by["loss"], Is.EqualTo(same["loss"]));
        Assert.That(by["val_loss"], Is.EqualTo(same["val_loss"]));
    }

    [Test]
    public void Class_weights_do_not_reach_the_validation_loss()
    {
        NDArray labels = new([20, 1], [.. Enumerable.Range(0, 20).Select(i => (float)(i % 2))]);
        Assert.That(ValidationLoss(new Dictionary<int, double> { [0] = 10 }), Is.EqualTo(ValidationLoss(null)));

        double ValidationLoss(IReadOnlyDictionary<int, double>? classWeight)
        {
            Sequential model = new([new Dense(1, "sigmoid", inputShape: 3)]);
            model.Compile(new SGD(1e-30), "binary_crossentropy");
            return model.Fit(X, labels, validationSplit: 0.5, classWeight: classWeight, verbose: Verbosity.Silent)["val_loss"][0];
        }
    }

    [Test]
    public void Class_weights_name_classes_that_exist_and_need_targets_that_are_classes()
    {
        NDArray labels = new([20], [.. Enumerable.Range(0, 20).Select(i => (float)(i % 2))]);
        Sequential model = new([new Dense(2, "softmax", inputShape: 3)]);
        model.Compile("sgd", "sparse_categorical_crossentropy");
        Refuses(model,
            () => model.Fit(X, labels, classWeight: new Dictionary<int, double> { [2] = 1 }, verbose: Verbosity.Silent),
            "classWeight names class 2, but the model tells 2 classes apart: 0 to 1.");
        model = Compiled();
        Refuses(model, () => model.Fit(X, Y, classWeight: new Dictionary<int, double> { [1] = 2 }, verbose: Verbosity.Silent),
            "classWeight needs targets that are classes, but target 1 is 0.5403023. Use sampleWeight for targets that are "
            + "numbers.");
    }

    [Test]
    public void Metrics_that_cannot_compare_are_refused_before_training()
    {
        NDArray labels = new([20], [.. Enumerable.Range(0, 20).Select(i => (float)(i % 3))]);
        Sequential model = new([new Dense(3, "softmax", inputShape: 3)]);
        model.Compile("sgd", "sparse_categorical_crossentropy", ["mae"]);
        Refuses(model, () => model.Fit(X, labels, verbose: Verbosity.Silent), "needs targets of 3 rows for 3 outputs");
        Refuses(model, () => model.TrainOnBatch(X, labels), "needs targets of 3 rows for 3 outputs");
    }

    [Test]
    public void Metrics_need_names_of_their_own() => Assert.That(
        () => Stack().Compile("sgd", "mse", ["mae"], ["mae"]),
        Throws.ArgumentException.With.Message.StartsWith(
        "Two of the metrics would be called 'mae' in the logs. Give one of them a name of its own."));

    [Test]
    public void Validation_data_of_a_stateful_model_are_checked_before_training()
    {
        Sequential model = new([new LSTM(2, stateful: true, inputShape: (3, 1)), new Dense(1)]);
        model.Compile("sgd", "mse");
        Refuses(
            model,
            () => model.Fit(
                new NDArray(8, 3, 1), new NDArray(8, 1), batchSize: 4, validationData: (new NDArray(6, 3, 1), new NDArray(6, 1)),
                    verbose: Verbosity.Silent),
            "6 samples do not divide into batches of 4");
    }

    [Test]
    public void An_optimizer_belongs_to_one_model()
    {
        Sequential first = Compiled();
        Fit(first, 10);
        Sequential second = Stack();
        Assert.That(() => second.Compile(first.Optimizer!, "mse"),
            Throws.InvalidOperationException.With.Message.Contains("belongs to one model"));
        Assert.That(second.IsCompiled, Is.False);
        Assert.That(() => first.Compile(first.Optimizer!, "mae"), Throws.Nothing);
    }

    [Test]
    public void A_build_that_fails_leaves_nothing_behind()
    {
        Sequential model = new([new Dense(4), new Dense(3, biasRegularizer: new OrthogonalRegularizer())]);
        model.Compile("sgd", "mse");
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.That(() => model.Fit(X, new NDArray(20, 3), verbose: Verbosity.Silent), Throws.ArgumentException);
            Assert.That(model.Layers.SelectMany(layer => layer.Parameters), Is.Empty);
        }

        model.Pop();
        model.Add(new Dense(3));
        Assert.That(model.Fit(X, new NDArray(20, 3), verbose: Verbosity.Silent).Epochs, Is.EqualTo(1));
    }

    [Test]
    public void Layers_too_large_for_an_array_are_refused_by_name()
    {
        Sequential model = new([new Dense(4, inputShape: 3)]);
        Assert.That(
            () => model.Add(new Dense(1 << 30)),
            Throws.ArgumentException.With.Message.StartsWith(
            "Dense 'dense_1' would have more weights than an array can hold for input of shape (batch, 4)."));
        model.Add(new Dense(1));
        Assert.That(model.Predict(X).Shape, Is.EqualTo((int[])[20, 1]));
    }

    [Test]
    public void Crossentropy_suits_the_targets()
    {
        Sequential model = new([new Dense(3, "softmax", inputShape: 3)], seed: 1);
        model.Compile("sgd", new Crossentropy());
        float[] labels = [.. Enumerable.Range(0, 20).Select(i => (float)(i % 3))];
        NDArray oneHot = new(20, 3);
        for (int i = 0; i < 20; i++)
        {
            oneHot[i, i % 3] = 1;
        }

        Assert.That(model.Evaluate(X, labels)["loss"], Is.EqualTo(model.Evaluate(X, oneHot)["loss"]).Within(1e-6));
    }

    [Test]
    public void A_penalty_that_compares_samples_is_no_activity_regularizer() => Assert.That(
        () => new Dense(2, activityRegularizer: new OrthogonalRegularizer()),
        Throws.ArgumentException.With.Message.Contains("cannot be an activity regularizer"));

    [Test]
    public void A_stateful_layer_is_not_wrapped_step_by_step() => Assert.That(
        () => new TimeDistributed(new LSTM(2, stateful: true)),
        Throws.ArgumentException.With.Message.Contains("is stateful"));

    [Test]
    public void A_layer_added_to_a_stateful_model_carries_its_state_too()
    {
        Sequential grown = new([new LSTM(2, stateful: true, returnSequences: true, inputShape: (3, 1))]);
        grown.Predict(new NDArray(1, 3, 1));
        grown.Add(new LSTM(2, stateful: true));
        var whole =
            new Sequential([new LSTM(2, stateful: true, returnSequences: true, inputShape: (3, 1)), new LSTM(2, stateful: true)]);
        whole.SetWeights(grown.GetWeights());
        NDArray x = new([1, 3, 1], [1, 2, 3]);
        whole.Predict(x);
        grown.Predict(x);
        Assert.That(grown.Predict(x).Values, Is.EqualTo(whole.Predict(x).Values));
    }

    [Test]
    public void A_model_emptied_of_its_layers_takes_another_input_shape()
    {
        var model = new Sequential([new Dense(2, inputShape: 3)]);
        model.Pop();
        model.Add(new Dense(2, inputShape: 5));
        Assert.That(model.InputShape, Is.EqualTo((Shape)5));
    }

    private static Sequential Stack() => new([new Dense(3, "tanh", inputShape: 3), new Dense(3, "tanh"), new Dense(1)], seed: 4);

    private static Sequential Compiled()
    {
        Sequential model = Stack();
        model.Compile(new SGD(0.1), "mse");
        return model;
    }

    private static History Fit(Sequential model, int batchSize) =>
        model.Fit(X, Y, epochs: 2, batchSize: batchSize, verbose: Verbosity.Silent);

    private static float[][] Weights(Sequential model) => [.. model.GetWeights().Select(weight => weight.Values)];

    private static void Refuses(Sequential model, Action action, string message)
    {
        float[][] before = Weights(model);
        Assert.That(action, Throws.ArgumentException.With.Message.Contains(message));
        Assert.That(Weights(model), Is.EqualTo(before));
    }
}
