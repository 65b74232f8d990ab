using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Tests.Models;

/// <summary>Mistakes that many make first, and what they are told.</summary>
[TestFixture]
public sealed class MessageTests
{
    [Test]
    public void One_sample_without_an_axis_of_samples()
    {
        Refuses(
            Model(new LSTM(3, inputShape: (10, 3)), new Dense(1)), new NDArray(10, 3), null,
            "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, 10, 3), but x has shape (10, "
            + "3), which is that of one sample. Give a batch of one, x.Reshape(1, 10, 3), or call PredictOne. (Parameter 'x')");
        Refuses(
            Model(new LSTM(3, inputShape: (10, 1)), new Dense(1)), new NDArray([10], new float[10]), null,
            "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, 10, 1), but x has shape (10), "
            + "which is that of one sample. Give a batch of one, x.Reshape(1, 10, 1), or call PredictOne. (Parameter 'x')");
        Refuses(
            Model(new LSTM(3, inputShape: (null, 3)), new Dense(1)), new NDArray(10, 3), null,
            "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, ?, 3), but x has shape (10, "
            + "3), which is that of one sample. Give a batch of one, x.Reshape(1, 10, 3), or call PredictOne. If its rows are "
            + "samples, give each its time steps: x.Reshape(-1, timesteps, 3). (Parameter 'x')");
        Refuses(
            Model(new Dense(2, inputShape: 4)), new NDArray([4], new float[4]), null,
            "Dense 'dense' expects input of rank 2 with shape (batch, 4), but x has shape (4), which is that of one sample. "
            + "Give a batch of one, x.Reshape(1, 4), or call PredictOne. (Parameter 'x')");
        Refuses(
            Model(new Embedding(9, 2, inputShape: new Shape(5)), new GRU(2)), new NDArray([5], new float[5]), null,
            "Embedding 'embedding' expects input of rank 2 with shape (batch, 5), but x has shape (5), which is that of one "
            + "sample. Give a batch of one, x.Reshape(1, 5), or call PredictOne. (Parameter 'x')");
    }

    [TestCase(10)]
    [TestCase(null)]
    public void Axes_that_have_changed_places(int? steps)
    {
        Sequential model = Model(new LSTM(3, inputShape: (steps, 3)), new Dense(1));
        Refuses(model, new NDArray(5, 3, 10), null,
            Ending("Time steps and features have changed places: the order is (samples, timesteps, features)."));
        if (steps is not null)
        {
            Refuses(model, new NDArray(10, 5, 3), null,
                Ending("Samples and time steps have changed places: the order is (samples, timesteps, features)."));
        }

        // Where nothing has changed places, something else is said.
        Refuses(model, new NDArray(5, 10, 4), null, Ending("The last axis counts features: the model was built for 3."));
    }

    [Test]
    public void Advice_is_of_layers_that_are_there()
    {
        Assert.That(
            () => new Sequential([new TimeDistributed(new GRU(4), inputShape: (10, 3))]),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo(
                "TimeDistributed 'time_distributed' expects a whole sequence at every step, (batch, timesteps, steps within, "
                + "features), because GRU 'gru' inside reads sequences, but gets (batch, 10, 3).\nUse the GRU without "
                + "TimeDistributed; returnSequences: true gives its output at every step."));
        Assert.That(() => new Sequential([new TimeDistributed(new GRU(4), inputShape: new Shape(5, 10, 3))]), Throws.Nothing);

        const string Join = "For one target a sequence, put a layer before the last one that makes one vector of all steps: "
            + "LSTM, GRU, GlobalAveragePooling1D or Flatten.";
        Refuses(Model(new Embedding(9, 2, inputShape: new Shape(7)), new Dense(1)), new NDArray(5, 7), new NDArray(5, 1),
            Ending(Join, "y"));
        Refuses(Model(new TimeDistributed(new GRU(4), inputShape: new Shape(2, 10, 3)), new Dense(1)), new NDArray(5, 2, 10, 3),
            new NDArray(5, 1), Ending(Join, "y"));
        Refuses(
            Model(new Embedding(9, 2, inputShape: new Shape(7)), new GRU(2, returnSequences: true), new Dense(1)),
                new NDArray(5, 7), new NDArray(5, 1),
            Ending("For one target a sequence, set returnSequences: false on the last recurrent layer.", "y"));
        Refuses(
            Model(new Embedding(9, 2, inputShape: new Shape(7)), new Flatten(), new Dense(1)), new NDArray(5, 7),
                new NDArray(5, 7, 1),
            Ending("The model gives one output for each sample and not one for each step: give one target for each sample.",
                "y"));
    }

    [Test]
    public void One_hot_targets_for_labels_and_labels_from_one()
    {
        Sequential model = Classes("sparse_categorical_crossentropy", 4);
        Refuses(model, new NDArray(5, 3), new NDArray(5, 4), Ending(
            "These are one-hot targets, 4 numbers each: compile with loss: \"categorical_crossentropy\", or give one whole "
            + "number from 0 to 3 in place of each.", "y"));
        Refuses(
            model, new NDArray(5, 3), new NDArray([5], [1, 2, 3, 4, 1]),
            "The labels in y go from 1 to 4, but labels start at 0: sparse_categorical_crossentropy tells the classes 0 to 3 "
            + "apart. Subtract 1 from each label. (Parameter 'y')");
        Refuses(
            model, new NDArray(5, 3), new NDArray([5], [0, 2, 3, 4, 1]),
            "SparseCategoricalCrossentropy: row 3 of the targets holds class 4, but the model has 4 outputs, for the classes 0 "
            + "to 3. Mend the label, or give the last layer one unit for each class.");

        var binary = new Sequential([new Dense(1, "sigmoid", inputShape: 3)]);
        binary.Compile("sgd", "binary_crossentropy");
        Refuses(
            binary, new NDArray(3, 3), new NDArray([3, 1], [1, 2, 1]),
            "The labels in y go from 1 to 2, but labels start at 0: binary_crossentropy tells the classes 0 to 1 apart. "
            + "Subtract 1 from each label. (Parameter 'y')");

        var steps = new Sequential([new GRU(3, returnSequences: true, inputShape: (null, 1)), new Dense(3, "softmax")]);
        steps.Compile("sgd", "sparse_categorical_crossentropy");
        NDArray[] x = [new(2, 1), new NDArray(3, 1)];
        NDArray[] y = [new([2], [1, 2]), new([3], [2, 3, 1])];
        Assert.That(() => steps.Fit(x, y, verbose: 0),
            Throws.ArgumentException.With.Message.StartsWith("The labels in y go from 1 to 3, but labels start at 0"));
    }

    [Test]
    public void Layers_that_have_changed_since_training()
    {
        var model = new Sequential([new Dense(3, inputShape: 3), new Dense(3)]);
        model.Compile("adam", "mse");
        model.Fit(new NDArray(5, 3), new NDArray(5, 3), verbose: 0);
        const string Message = "Layers of model 'sequential' have come or gone since it was trained, and its optimizer "
            + "remembers the parameters that there were. Call Compile with a new optimizer.";
        model.Add(new Dense(2));
        Assert.That(() => model.Fit(new NDArray(5, 3), new NDArray(5, 2), verbose: 0),
            Throws.InvalidOperationException.With.Message.EqualTo(Message));
        model.Pop();
        model.Pop();
        model.Add(new Dense(1));
        Assert.That(() => model.TrainOnBatch(new NDArray(5, 3), new NDArray(5, 1)),
            Throws.InvalidOperationException.With.Message.EqualTo(Message));
        model.Compile("adam", "mse");
        Assert.That(() => model.Fit(new NDArray(5, 3), new NDArray(5, 1), verbose: 0), Throws.Nothing);
    }

    private static Sequential Classes(string loss, int classes)
    {
        var model = new Sequential([new Dense(classes, "softmax", inputShape: 3)]);
        model.Compile("sgd", loss);
        return model;
    }

    private static Sequential Model(params Layer[] layers)
    {
        var model = new Sequential(layers);
        model.Compile("sgd", "mse");
        return model;
    }

    private static NUnit.Framework.Constraints.Constraint Ending(string message, string argument = "x") =>
        Does.EndWith($". {message} (Parameter '{argument}')");

    private static void Refuses(Sequential model, NDArray x, NDArray? y, NUnit.Framework.Constraints.Constraint message)
    {
        if (y is null)
        {
            Assert.That(() => model.Predict(x), Throws.ArgumentException.With.Message.Matches(message));
        }
        else
        {
            Assert.That(() => model.Fit(x, y, verbose: 0), Throws.ArgumentException.With.Message.Matches(message));
            Assert.That(() => model.Evaluate(x, y), Throws.ArgumentException.With.Message.Matches(message));
        }
    }

    private static void Refuses(Sequential model, NDArray x, NDArray? y, string message) =>
        Refuses(model, x, y, Is.EqualTo(message));
}
