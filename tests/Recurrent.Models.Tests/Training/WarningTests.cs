using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>What is allowed but hardly meant is said once, in words, and never where a silent run prints.</summary>
[TestFixture]
[NonParallelizable]
public sealed class WarningTests
{
    private static readonly NDArray X = new([12, 3], [.. Enumerable.Range(0, 36).Select(i => MathF.Sin(i))]);
    private static readonly NDArray Numbers = new([12, 1], [.. Enumerable.Range(0, 12).Select(i => MathF.Cos(i))]);
    private static readonly NDArray YesNo = new([12, 1], [.. Enumerable.Range(0, 12).Select(i => (float)(i % 2))]);
    private static readonly NDArray Labels = new([12], [.. Enumerable.Range(0, 12).Select(i => (float)(i % 3))]);

    private static NDArray OneHot
    {
        get
        {
            var y = new NDArray(12, 3);
            for (int i = 0; i < 12; i++)
            {
                y[i, i % 3] = 1;
            }

            return y;
        }
    }

    private static NDArray Scaled(NDArray array, float factor, float offset = 0) =>
        new(array.Shape, [.. array.Values.Select(value => (value * factor) + offset)]);

    [Test]
    public void Nothing_to_train_is_said_once()
    {
        var dense = new Dense(1, inputShape: 3) { Trainable = false };
        Sequential model = Model(dense, "mse");
        model.Fit(X, Numbers, epochs: 2, verbose: 0);
        model.TrainOnBatch(X, Numbers);

        Assert.That(model.Warnings, Is.EqualTo((string[])
            ["Model 'sequential' has nothing to train: no layer has weights, or all were frozen (Trainable = false) when it "
                + "was compiled. "
                + "To train, set Trainable = true on a layer with weights and call Compile."]));
    }

    [TestCase("linear", "binary_crossentropy", "Dense 'dense' gives outputs without bounds (linear), but binary_crossentropy "
        + "takes them for probabilities, from 0 to 1. Give the layer activation: \"sigmoid\", or the loss fromLogits: true.")]
    [TestCase("relu", "binary_crossentropy", "Dense 'dense' gives outputs of at least 0 (relu), but binary_crossentropy takes "
        + "them for probabilities, from 0 to 1. Give the layer activation: \"sigmoid\", or the loss fromLogits: true.")]
    [TestCase("tanh", "binary_crossentropy", "Dense 'dense' gives outputs from -1 to 1 (tanh), but binary_crossentropy takes "
        + "them for probabilities, from 0 to 1. Give the layer activation: \"sigmoid\", or the loss fromLogits: true.")]
    [TestCase("sigmoid", "binary_crossentropy", null)]
    [TestCase("hard_sigmoid", "binary_crossentropy", null)]
    [TestCase("softmax", "binary_crossentropy", "Dense 'dense' has softmax over one unit, which is always 1, so nothing can be "
        + "learned. Use activation: \"sigmoid\" for one probability, or one unit for each class.")]
    [TestCase("softmax", "mse", "Dense 'dense' has softmax over one unit, which is always 1, so nothing can be learned. Use "
        + "activation: \"sigmoid\" for one probability, or one unit for each class.")]
    [TestCase("linear", "mse", null)]
    [TestCase("linear", "hinge", null)]
    [TestCase("tanh", "hinge", null)]
    [TestCase("sigmoid", "hinge", "Dense 'dense' gives outputs from 0 to 1 (sigmoid), but hinge wants them below 0 for one of "
        + "the two classes. Give the layer activation: \"tanh\", or leave it linear.")]
    [TestCase("linear", "poisson", "Dense 'dense' gives outputs without bounds (linear), but poisson takes their logarithm. "
        + "Give the layer activation: \"exponential\" or \"softplus\".")]
    [TestCase("softplus", "poisson", null)]
    public void A_loss_that_does_not_suit_one_output(string activation, string loss, string? expected) =>
        AssertWarns(Model(new Dense(1, activation, inputShape: 3), loss), X, YesNo, expected);

    [TestCase("linear", "Dense 'dense' gives outputs without bounds (linear), but categorical_crossentropy takes them for "
        + "probabilities, from 0 to 1. Give the layer activation: \"softmax\", or the loss fromLogits: true.")]
    [TestCase("log_softmax", "Dense 'dense' gives outputs of at most 0 (log_softmax), but categorical_crossentropy takes them "
        + "for probabilities, from 0 to 1. Give the layer activation: \"softmax\", or the loss fromLogits: true.")]
    [TestCase("softmax", null)]
    [TestCase("sigmoid", null)]
    [TestCase("sparsemax", null)]
    public void A_loss_that_does_not_suit_classes(string activation, string? expected)
    {
        AssertWarns(Model(new Dense(3, activation, inputShape: 3), "categorical_crossentropy"), X, OneHot, expected);
        AssertWarns(
            Model(new Dense(3, activation, inputShape: 3), "sparse_categorical_crossentropy"), X, Labels,
            expected?.Replace("but categorical", "but sparse_categorical", StringComparison.Ordinal));
    }

    [Test]
    public void Logits_that_are_none()
    {
        AssertWarns(
            Model(new Dense(1, "sigmoid", inputShape: 3), new BinaryCrossentropy(fromLogits: true)), X, YesNo,
            "Dense 'dense' gives outputs from 0 to 1 (sigmoid), but binary_crossentropy with fromLogits: true takes them for "
            + "logits and applies sigmoid once more. Leave the layer linear, or set fromLogits: false.");
        AssertWarns(
            Model(new Dense(3, "softmax", inputShape: 3), new SparseCategoricalCrossentropy(fromLogits: true)), X, Labels,
            "Dense 'dense' gives outputs from 0 to 1 (softmax), but sparse_categorical_crossentropy with fromLogits: true "
            + "takes them for logits and applies softmax once more. Leave the layer linear, or set fromLogits: false.");
        AssertWarns(Model(new Dense(3, inputShape: 3), new CategoricalCrossentropy(fromLogits: true)), X, OneHot, null);
    }

    [TestCase("relu", -1f, 1f, "Dense 'dense' gives outputs of at least 0 (relu), but targets go from -1 to 1: those beyond "
        + "are never reached. Leave the layer linear, or scale the targets, with MinMaxScaler for instance.")]
    [TestCase("relu", 0f, 9f, null)]
    [TestCase("sigmoid", 0f, 1f, null)]
    [TestCase("sigmoid", 0f, 30f, "Dense 'dense' gives outputs from 0 to 1 (sigmoid), but targets go from 0 to 30: those "
        + "beyond are never reached. Leave the layer linear, or scale the targets, with MinMaxScaler for instance.")]
    [TestCase("tanh", -1f, 1f, null)]
    [TestCase("tanh", -1f, 2f, "Dense 'dense' gives outputs from -1 to 1 (tanh), but targets go from -1 to 2: those beyond are "
        + "never reached. Leave the layer linear, or scale the targets, with MinMaxScaler for instance.")]
    [TestCase("elu", -1f, 5f, null)]
    [TestCase("elu", -3f, 5f, "Dense 'dense' gives outputs of at least -1 (elu), but targets go from -3 to 5: those beyond are "
        + "never reached. Leave the layer linear, or scale the targets, with MinMaxScaler for instance.")]
    [TestCase("linear", -50f, 50f, null)]
    [TestCase("linear", -50f, 5000f, "The targets reach 5E+03, but outputs begin near 0 and move by little more than the "
        + "learning rate at an update. Scale them, with StandardScaler or MinMaxScaler, and the predictions back with its "
        + "Inverse.")]
    [TestCase("leaky_relu", -5f, 5f, null)]
    [TestCase("silu", -5f, 5f, "Dense 'dense' gives outputs of at least -0.278 (silu), but targets go from -5 to 5: those "
        + "beyond are never reached. Leave the layer linear, or scale the targets, with MinMaxScaler for instance.")]
    public void Targets_that_are_never_reached(string activation, float least, float most, string? expected)
    {
        var y = new NDArray(12, 1);
        y[3, 0] = least;
        y[7, 0] = most;
        foreach (string loss in (string[])["mse", "mae", "huber"])
        {
            AssertWarns(Model(new Dense(1, activation, inputShape: 3), loss), X, y, expected);
        }
    }

    [Test]
    public void The_function_is_found_behind_other_layers()
    {
        NDArray x = new([12, 3, 1], X.Values);
        NDArray y = Scaled(Numbers, 5);
        string? Warning(params Layer[] layers)
        {
            var model = new Sequential(layers);
            model.Compile(new SGD(0), "mse");
            model.Fit(x, y, verbose: 0);
            return model.Warnings.SingleOrDefault();
        }

        Assert.Multiple(() =>
        {
            Assert.That(Warning(new LSTM(1, inputShape: (3, 1))),
                Does.StartWith("LSTM 'lstm' gives outputs from -1 to 1 (tanh), but targets go from -4.95 to 5"));
            Assert.That(Warning(new GRU(1, activation: "relu", inputShape: (3, 1)), new Dropout(0.1)),
                Does.StartWith("GRU 'gru' gives outputs of at least 0 (relu)"));
            Assert.That(Warning(new SimpleRNN(4, inputShape: (3, 1)), new Dense(1), new Activation("sigmoid")),
                Does.StartWith("Activation 'activation' gives outputs from 0 to 1 (sigmoid)"));
            Assert.That(Warning(new Flatten(inputShape: (3, 1)), new Dense(1)), Is.Null);
            Assert.That(Warning(new LSTM(4, inputShape: (3, 1)), new LayerNormalization(), new Dense(1)), Is.Null);
        });
    }

    [TestCase(1f, 0f, null)]
    [TestCase(50f, 0f, null)]
    [TestCase(0.01f, 0f, null)]
    [TestCase(0f, 0f, null)]
    [TestCase(255f, 0f, "The inputs reach 255, but layers are made for inputs of about 1: gates saturate, and training learns "
        + "little or diverges. Scale them, with StandardScaler or MinMaxScaler.")]
    [TestCase(1f, 2020f, "The inputs reach 2.02E+03, but layers are made for inputs of about 1: gates saturate, and training "
        + "learns little or diverges. Scale them, with StandardScaler or MinMaxScaler.")]
    [TestCase(1e-6f, 0f, "The inputs reach 1E-06, but layers are made for inputs of about 1: next to them, weights and biases "
        + "hardly see them. Scale them, with StandardScaler or MinMaxScaler.")]
    public void Inputs_far_from_scale(float factor, float offset, string? expected)
    {
        var one = new NDArray([2, 3], [0, 1, -1, 0.5f, 0, 0]);
        AssertWarns(Model(new Dense(1, inputShape: 3), "mse"), Scaled(one, factor, offset), new NDArray(2, 1), expected);
    }

    [Test]
    public void Ids_and_inputs_that_are_normalised_have_no_scale()
    {
        var ids = new NDArray([2, 2], [999, 500, 3, 0]);
        var model = new Sequential([new Embedding(1000, 2), new GRU(2), new Dense(1)]);
        model.Compile(new SGD(0), "mse");
        AssertWarns(model, ids, new NDArray(2, 1), null);
        model = new Sequential([new LayerNormalization(inputShape: 3), new Dense(1)]);
        model.Compile(new SGD(0), "mse");
        AssertWarns(model, Scaled(X, 1e5f), Numbers, null);
    }

    [Test]
    public void An_accuracy_of_what_is_no_class()
    {
        const string OfNumbers = "accuracy counts outputs that are of the right class, but the targets of mean_squared_error "
            + "are numbers here, so it says nothing. Use \"mae\", \"root_mean_squared_error\" or \"r2_score\".";
        Sequential Regression(params MetricChoice[] metrics)
        {
            var model = new Sequential([new Dense(1, inputShape: 3)]);
            model.Compile(new SGD(0), "mse", metrics);
            return model;
        }

        AssertWarns(Regression("accuracy"), X, Numbers, OfNumbers);
        AssertWarns(Regression("mae"), X, Numbers, null);
        AssertWarns(Regression("accuracy"), X, YesNo, null);

        Sequential Logits(params MetricChoice[] metrics)
        {
            var model = new Sequential([new Dense(1, inputShape: 3)]);
            model.Compile(new SGD(0), new BinaryCrossentropy(fromLogits: true), metrics);
            return model;
        }

        AssertWarns(Logits("accuracy"), X, YesNo, "accuracy compares outputs with 0.5, but they are logits, which are above 0 "
            + "for a yes. Use new BinaryAccuracy(threshold: 0).");
        AssertWarns(Logits(new BinaryAccuracy(threshold: 0)), X, YesNo, null);
        AssertWarns(Logits("auc"), X, YesNo,
            "auc takes outputs for probabilities, but they are logits. Use new AUC(fromLogits: true).");
        AssertWarns(Logits(new AUC(fromLogits: true)), X, YesNo, null);
        AssertWarns(Logits("precision"), X, YesNo, "precision compares outputs with thresholds between 0 and 1, but they are "
            + "logits. Give the last layer activation: \"sigmoid\", and the loss fromLogits: false.");

        // Among several classes the largest is the largest, logit or probability.
        var classes = new Sequential([new Dense(3, inputShape: 3)]);
        classes.Compile(new SGD(0), new SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
        AssertWarns(classes, X, Labels, null);
    }

    [Test]
    public void Freezing_without_compiling_again()
    {
        var model = new Sequential([new Dense(3, "tanh", inputShape: 3), new Dense(1)]);
        model.Compile("sgd", "mse");
        model.Layers[0].Trainable = false;
        AssertWarns(model, X, Numbers, null);

        model.Layers[0].Trainable = true;
        AssertWarns(model, X, Numbers, "Dense 'dense' has been made trainable since model 'sequential' was compiled, and stays "
            + "as it is until it is compiled again. Call Compile after a change of Trainable.");
        model.Compile("sgd", "mse");
        model.TrainOnBatch(X, Numbers);
        model.Layers[1].Trainable = false;
        model.TrainOnBatch(X, Numbers);
        Assert.That(model.Warnings, Is.EqualTo(new[]
        {
            "Dense 'dense_1' has been frozen (Trainable = false) since model 'sequential' was compiled, and is trained on "
            + "until it is compiled again. Call Compile after a change of Trainable.",
        }));
        model.Compile("sgd", "mse");
        AssertWarns(model, X, Numbers, null);
    }

    [Test]
    public void What_is_trained_is_settled_by_the_first_training()
    {
        var model = new Sequential([new Dense(3, "tanh", inputShape: 3), new Dense(1)]);
        model.Compile("sgd", "mse");
        model.Predict(X);
        model.Evaluate(X, Numbers);
        model.Layers[0].Trainable = false;
        float[] frozen = model.Layers[0].GetWeights()[0].Values;
        Assert.That(model.ComputeGradients(X, Numbers), Has.Count.EqualTo(2));
        AssertWarns(model, X, Numbers, null);
        Assert.That(model.Layers[0].GetWeights()[0].Values, Is.EqualTo(frozen));
        Assert.That(model.ComputeGradients(X, Numbers), Has.Count.EqualTo(2));

        // From here on it waits for Compile.
        model.Layers[0].Trainable = true;
        model.TrainOnBatch(X, Numbers);
        Assert.That(model.Layers[0].GetWeights()[0].Values, Is.EqualTo(frozen));
        Assert.That(model.Warnings, Has.Count.EqualTo(1));
        model.Compile("sgd", "mse");
        model.TrainOnBatch(X, Numbers);
        Assert.That(model.Layers[0].GetWeights()[0].Values, Is.Not.EqualTo(frozen));
    }

    [Test]
    public void A_warning_is_given_once_to_one_who_listens_or_to_the_error_stream()
    {
        NDArray x = Scaled(X, 1000);
        Sequential model = Model(new Dense(1, "relu", inputShape: 3), "mse");
        (string output, string error) = Printed(() => model.Fit(x, Numbers, epochs: 2, verbose: 2));
        Assert.That(output, Does.Not.Contain("warning").IgnoreCase);
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':')[0] + line.Split(' ')[1]), Is.EqualTo(new[] { "warningThe", "warningDense" }));
        Assert.That(Printed(() => model.Fit(x, Numbers, verbose: 2)).Error, Is.Empty);

        model.Compile(new SGD(0), "mse");
        Assert.That(Printed(() => model.Fit(x, Numbers, verbose: 0)), Is.EqualTo((string.Empty, string.Empty)));
        Assert.That(model.Warnings, Has.Count.EqualTo(2));

        var heard = new List<string>();
        model.Compile(new SGD(0), "mse");
        model.OnWarning = heard.Add;
        Assert.That(Printed(() => model.Fit(x, Numbers, verbose: 2)).Error, Is.Empty);
        model.TrainOnBatch(x, Numbers);
        Assert.That(heard, Is.EqualTo(model.Warnings).And.Count.EqualTo(2));
    }

    [Test]
    public void A_batch_that_diverges_is_told_of()
    {
        Sequential model = Model(new Dense(1, inputShape: 3), "mse");
        var heard = new List<string>();
        model.OnWarning = heard.Add;
        for (int i = 0; i < 3; i++)
        {
            model.TrainOnBatch(X, Scaled(Numbers, 1e30f));
        }

        Assert.That(
            heard.Count(text => text.StartsWith("Training diverged: the loss is not finite. Likely cause: ",
                StringComparison.Ordinal)), Is.EqualTo(1));
    }

    private static Sequential Model(Layer layer, Loss loss)
    {
        var model = new Sequential([layer]);
        model.Compile(new SGD(0), loss);
        return model;
    }

    [Test]
    public void What_is_plain_without_data_is_said_when_the_model_is_compiled()
    {
        var heard = new List<string>();
        var model = new Sequential([new Dense(1, "tanh", inputShape: 3)]) { OnWarning = heard.Add };
        model.Compile(new SGD(0), "binary_crossentropy");
        Assert.That(model.Warnings, Has.Count.EqualTo(1).And.Some.Contains("takes them for probabilities"));
        Assert.That(heard, Is.EqualTo(model.Warnings));
        model.Fit(X, YesNo, verbose: 0);
        Assert.That((heard.Count, model.Warnings.Count), Is.EqualTo((1, 1)), "once");
        model.Compile(new SGD(0), "mse");
        Assert.That(model.Warnings, Is.Empty);
    }

    [Test]
    public void What_nobody_heard_at_Compile_is_said_by_the_first_Fit_that_is_not_silent()
    {
        Sequential model = Model(new Dense(1, "tanh", inputShape: 3), "binary_crossentropy");
        Assert.That(model.Warnings, Has.Count.EqualTo(1));
        string error = Printed(() => model.Fit(X, YesNo, verbose: 2)).Error;
        Assert.That(error, Does.Contain("takes them for probabilities"));
        Assert.That(Printed(() => model.Fit(X, YesNo, verbose: 2)).Error, Is.Empty);

        Sequential silent = Model(new Dense(1, "tanh", inputShape: 3), "binary_crossentropy");
        Assert.That(Printed(() => silent.Fit(X, YesNo, verbose: 0)).Error, Is.Empty);
    }

    private static void AssertWarns(Sequential model, NDArray x, NDArray y, string? expected)
    {
        model.Fit(x, y, verbose: 0);
        Assert.That(model.Warnings, Is.EqualTo(expected is null ? Array.Empty<string>() : [expected]));
    }

    private static (string Output, string Error) Printed(Action action)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var first = new StringWriter();
        using var second = new StringWriter();
        Console.SetOut(first);
        Console.SetError(second);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        return (first.ToString(), second.ToString());
    }
}
