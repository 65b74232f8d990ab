using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Tests.Training;

/// <summary>The common mistakes: each gets an exception that says what to change, and leaves the model as it was.</summary>
[TestFixture]
public sealed class BadInputTests
{
    private static readonly NDArray X = Ramp(6, 4, 2);
    private static readonly NDArray Y = Ramp(6, 1);

    private Sequential model = null!;

    [SetUp]
    public void CreateModel()
    {
        model = new Sequential([new LSTM(3, inputShape: (4, 2)), new Dense(1)]);
        model.Compile("sgd", "mse");
    }

    [Test]
    public void A_batch_that_no_array_can_hold()
    {
        model = new Sequential([new LSTM(200, inputShape: ((int?)null, 1)), new Dense(1)]);
        model.Compile("sgd", "mse");
        Assert.That(
            () => Fit(new NDArray(1, 3_000_000, 1), new NDArray(1, 1)),
            Throws.ArgumentException.With.Message.EqualTo(
                "LSTM 'lstm' needs a matrix of 2400000000 values for each sample of input (batch, 3000000, 1), and 1 are run "
                + "together; an array holds " +
                "at most 2147483591. Use a smaller batchSize, shorter sequences or fewer units."));

        // To predict, a few steps at a time are held.
        Assert.That(model.Predict(new NDArray(1, 20_000, 1)).Shape, Is.EqualTo(new[] { 1, 1 }));
    }

    [Test]
    public void Fit_before_Compile()
    {
        model = new Sequential([new LSTM(3, inputShape: (4, 2)), new Dense(1)]);
        const string Message = "Model 'sequential' is not compiled. Call Compile(optimizer, loss) first.";
        Refuses<InvalidOperationException>(() => Fit(X, Y), Message);
        Refuses<InvalidOperationException>(() => model.Evaluate(X, Y), Message);
        Refuses<InvalidOperationException>(() => model.TrainOnBatch(X, Y), Message);
    }

    [Test]
    public void Fit_without_layers()
    {
        model = new Sequential();
        model.Compile("sgd", "mse");
        Refuses<InvalidOperationException>(() => Fit(X, Y), "Model 'sequential' has no layers. Add some first.");
    }

    [Test]
    public void Input_of_the_wrong_rank() => Refuses<ArgumentException>(
        () => Fit(Ramp(6, 4), Y),
        "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, 4, 2), but x has shape (6, 4). "
        + "Give every sample its time steps: x.Reshape(-1, timesteps, 2). (Parameter 'x')");

    [Test]
    public void Input_without_its_features_axis()
    {
        model = new Sequential([new LSTM(3, inputShape: (4, 1)), new Dense(1)]);
        model.Compile("sgd", "mse");
        Refuses<ArgumentException>(
            () => Fit(Ramp(6, 4), Y),
            "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, 4, 1), but x has shape (6, "
            + "4). Give the features axis: x.Reshape(-1, timesteps, 1). (Parameter 'x')",
            Ramp(6, 4, 1));
    }

    [Test]
    public void Input_without_its_features_axis_to_a_model_that_is_not_built()
    {
        model = new Sequential([new LSTM(3), new Dense(1)]);
        model.Compile("sgd", "mse");
        Refuses<ShapeException>(
            () => Fit(Ramp(6, 4), Y),
            Lines("LSTM 'lstm' expects input of rank 3 (batch, timesteps, features), but gets (batch, 4).",
                "Reshape the data to (samples, timesteps, features), or set returnSequences: true on the recurrent layer "
                + "before it."));
    }

    [Test]
    public void Input_of_one_axis() => Refuses<ArgumentException>(
        () => Fit(Ramp(6), Y),
        "x has shape (6); its first axis must count samples and at least one more axis must follow. Use Reshape, for instance "
        + "x.Reshape(-1, timesteps, features). (Parameter 'x')");

    [Test]
    public void Wrong_features() => Refuses<ArgumentException>(
        () => Fit(Ramp(6, 4, 3), Y),
        "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, 4, 2), but x has shape (6, 4, 3). "
        + "The last axis counts features: the model was built for 2. (Parameter 'x')");

    [Test]
    public void Wrong_timesteps() => Refuses<ArgumentException>(
        () => Fit(Ramp(6, 5, 2), Y),
        "LSTM 'lstm' expects input of rank 3 (batch, timesteps, features) with shape (batch, 4, 2), but x has shape (6, 5, 2). "
        + "Give sequences of 4 time steps, or build the model with timesteps: null to take any length. (Parameter 'x')");

    [Test]
    public void Targets_for_every_step_where_the_model_gives_one_output() => Refuses<ArgumentException>(
        () => Fit(X, Ramp(6, 4, 1)),
        "mean_squared_error expects targets of shape (batch, 1), because Dense 'dense' gives (batch, 1), but y has shape (6, "
        + "4, 1). Targets of rank 3 need a model that gives a whole sequence: set returnSequences: true on the last recurrent "
        + "layer, or give one target for each sequence. (Parameter 'y')");

    [Test]
    public void One_target_where_the_model_gives_one_for_every_step()
    {
        model = new Sequential([new LSTM(3, returnSequences: true, inputShape: (4, 2)), new Dense(1)]);
        model.Compile("sgd", "mse");
        Refuses<ArgumentException>(
            () => Fit(X, Y),
            "mean_squared_error expects targets of shape (batch, 4, 1), because Dense 'dense' gives (batch, 4, 1), but y has "
            + "shape (6, 1). For one target a sequence, set returnSequences: false on the last recurrent layer. (Parameter 'y')",
            goodTargets: Ramp(6, 4, 1));
    }

    [Test]
    public void Targets_of_another_width() => Refuses<ArgumentException>(
        () => Fit(X, Ramp(6, 2)),
        "mean_squared_error expects targets of shape (batch, 1), because Dense 'dense' gives (batch, 1), but y has shape (6, "
        + "2). Make the last layer's units and the targets' last axis agree; integer class labels need "
        + "sparse_categorical_crossentropy. (Parameter 'y')");

    [Test]
    public void Fewer_targets_than_inputs() => Refuses<ArgumentException>(
        () => Fit(X, Ramp(5, 1)),
        "There are 6 inputs but 5 targets: y has shape (5, 1). Each input needs one target. (Parameter 'y')");

    [Test]
    public void Validation_data_is_named_as_such() => Refuses<ArgumentException>(
        () => Fit(X, Y, validationData: (X, Ramp(5, 1))),
        "There are 6 inputs but 5 targets: validationData.Y has shape (5, 1). Each input needs one target. (Parameter "
        + "'validationData.Y')");

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "an infinite value")]
    [TestCase(float.NegativeInfinity, "an infinite value")]
    public void Values_that_are_no_numbers(float value, string what)
    {
        NDArray x = Ramp(6, 4, 2);
        x[2, 3, 1] = value;
        NDArray y = Ramp(6, 1);
        y[4, 0] = value;
        Refuses<ArgumentException>(
            () => Fit(x, Y),
                $"x holds {what} at index (2, 3, 1). Fill or remove missing values before training or predicting. "
                + "(Parameter 'x')");
        Refuses<ArgumentException>(
            () => Fit(X, y),
                $"y holds {what} at index (4, 0). Fill or remove missing values before training or predicting. (Parameter 'y')");
        Refuses<ArgumentException>(
            () => model.Predict(x),
                $"x holds {what} at index (2, 3, 1). Fill or remove missing values before training or predicting. "
                + "(Parameter 'x')");
    }

    [Test]
    public void No_data() => Refuses<ArgumentException>(
        () => Fit(new NDArray(0, 4, 2), new NDArray(0, 1)),
        "x is empty: its shape is (0, 4, 2). Give at least one sample, and no axis of length 0. (Parameter 'x')");

    [Test]
    public void Options_out_of_range_are_named_together()
    {
        Refuses<ArgumentException>(
            () => Fit(X, Y, epochs: 0, batchSize: 0, validationSplit: 1),
            "Fit: epochs must be at least 1, but is 0; batchSize must be at least 1, but is 0; validationSplit must be at "
            + "least 0 and below 1, but is 1.");
        Refuses<ArgumentException>(() => model.Evaluate(X, Y, 0), "Evaluate: batchSize must be at least 1, but is 0.");
        Refuses<ArgumentException>(() => model.Predict(X, -1), "Predict: batchSize must be at least 1, but is -1.");
    }

    [Test]
    [SetCulture("de-DE")]
    public void A_validation_split_that_leaves_nothing() => Refuses<ArgumentException>(
        () => Fit(X, Y, validationSplit: 0.9),
        "validationSplit 0.9 of 6 samples leaves 0 to train on and 6 to validate on. Both need at least one. (Parameter "
        + "'validationSplit')");

    [Test]
    public void Validation_data_and_validation_split() => Refuses<ArgumentException>(
        () => Fit(X, Y, validationSplit: 0.5, validationData: (X, Y)),
            "Fit: validationSplit and validationData exclude each other.");

    [Test]
    public void Unknown_names_get_the_nearest_one()
    {
        RefusesName(() => model.Compile("adamm", "mse"), "Unknown optimizer 'adamm'. Did you mean 'Adam'? Valid names: ");
        RefusesName(() => model.Compile("sgd", "mean_square_error"),
            "Unknown loss 'mean_square_error'. Did you mean 'mean_squared_error'? Valid names: ");
        RefusesName(() => model.Compile("sgd", "mse", ["acuracy"]),
            "Unknown metric 'acuracy'. Did you mean 'Accuracy'? Valid names: ");
        RefusesName(() => model.Add(new Dense(1, "rleu")), "Unknown activation 'rleu'. Did you mean 'relu'? Valid names: ");
        RefusesName(() => model.Add(new Dense(1, kernelInitializer: "glorot_unifrom")),
            "Unknown initializer 'glorot_unifrom'. Did you mean 'glorot_uniform'? Valid names: ");
    }

    [Test]
    public void A_metric_that_is_null() => Refuses<ArgumentException>(
        () => model.Compile("sgd", "mse", ["mae", null!]), "metrics[1] is null. (Parameter 'metrics')");

    [Test]
    public void A_wrong_label_of_a_sequence_is_named_by_sample_and_step()
    {
        var model = new Sequential([new GRU(3, returnSequences: true, inputShape: (4, 2)), new Dense(3, "softmax")]);
        model.Compile("adam", "sparse_categorical_crossentropy");
        var y = new NDArray(5, 4, 1);
        y[3, 2, 0] = 7;
        Assert.That(() => model.Fit(new NDArray(5, 4, 2), y, verbose: 0), Throws.ArgumentException.With.Message.StartsWith(
            "In sample 3 of y: SparseCategoricalCrossentropy: row 2 of the targets holds class 7, but the model has 3 outputs"));
    }

    [TestCase(3f, "SparseCategoricalCrossentropy: row 2 of the targets holds class 3, but the model has 3 outputs, for the "
        + "classes 0 to 2. Mend the label, or give the last layer one unit for each class.")]
    [TestCase(-1f, "SparseCategoricalCrossentropy: row 2 of the targets holds class -1, but the model has 3 outputs, for the "
        + "classes 0 to 2. Mend the label, or give the last layer one unit for each class.")]
    [TestCase(0.5f, "SparseCategoricalCrossentropy: row 2 of the targets holds 0.5. Its targets are class indices, whole "
        + "numbers from 0 to 2; for probabilities use CategoricalCrossentropy.")]
    [SetCulture("de-DE")]
    public void Labels_that_are_no_class(float label, string message)
    {
        model = new Sequential([new LSTM(3, inputShape: (4, 2)), new Dense(3, "softmax")]);
        model.Compile("sgd", new SparseCategoricalCrossentropy());
        Refuses<ArgumentException>(
            () => Fit(X, new NDArray([6], [0, 1, label, 0, 1, 2])), message, goodTargets: new NDArray([6], [0, 1, 2, 0, 1, 2]));
    }

    [Test]
    public void Negative_sample_weights() => Refuses<ArgumentException>(
        () => Fit(X, Y, sampleWeight: new NDArray([6], [1, 1, -1, 1, 1, 1])),
        "sampleWeight holds a negative weight at index (2). Weights must be at least 0; 0 leaves a sample out. (Parameter "
        + "'sampleWeight')");

    [Test]
    public void Sample_weights_of_another_length() => Refuses<ArgumentException>(
        () => Fit(X, Y, sampleWeight: new NDArray([5], [1, 1, 1, 1, 1])),
        "sampleWeight has shape (5); it must hold one weight for each of the 6 samples. (Parameter 'sampleWeight')");

    [Test]
    public void Sample_weights_and_class_weights() => Refuses<ArgumentException>(
        () => Fit(X, Y, sampleWeight: Ramp(6), classWeight: new Dictionary<int, double> { [0] = 1 }),
        "Fit: sampleWeight and classWeight exclude each other.");

    [Test]
    [SetCulture("de-DE")]
    public void Negative_class_weights() => Refuses<ArgumentException>(
        () => Fit(X, Y, classWeight: new Dictionary<int, double> { [0] = 1, [1] = -0.5 }),
        "The weight of class 1 is -0.5; it must be a finite number of at least 0. (Parameter 'classWeight')");

    [Test]
    public void A_stateful_model_with_batches_of_different_sizes()
    {
        model = new Sequential([new LSTM(3, stateful: true, inputShape: (4, 2)), new Dense(1)]);
        model.Compile("sgd", "mse");
        Refuses<ArgumentException>(
            () => Fit(X, Y, batchSize: 4),
            "Model 'sequential' is stateful: every batch needs the same size, but 6 samples do not divide into batches of 4. "
            + "Choose a batchSize that divides 6. (Parameter 'batchSize')");
        Refuses<ArgumentException>(
            () => model.Fit(X, Y, shuffle: true, verbose: Verbosity.Silent),
            "Fit: shuffle: true would tear apart the sequences that a stateful model follows from batch to batch.");
    }

    [Test]
    public void Two_layers_of_one_name()
    {
        model = new Sequential([new Dense(1, name: "a", inputShape: 2)]);
        Refuses<ArgumentException>(
            () => model.Add(new Dense(1, name: "a")),
            "The name 'a' is taken: 'sequential' has a layer of that name already. Give another name, or none, to get one that "
            + "is free. (Parameter 'layer')");
    }

    [Test]
    public void A_layer_that_is_added_twice() => Refuses<ArgumentException>(
        () => model.Add(model.Layers[1]),
        "Dense 'dense' is in a model already. Create a layer of its own for each place. (Parameter 'layer')");

    [Test]
    public void A_recurrent_layer_after_one_that_gives_its_last_output_only()
    {
        string message =
            Lines("LSTM 'lstm_1' expects input of rank 3 (batch, timesteps, features), but 'lstm' gives (batch, 50).",
                "Set returnSequences: true on 'lstm'.");
        model = new Sequential([new LSTM(50, inputShape: (10, 1))]);
        Refuses<ShapeException>(() => model.Add(new LSTM(50)), message);
        Assert.That(model.Layers, Has.Count.EqualTo(1));

        // Where the shape is not known yet, the data tell it.
        model = new Sequential([new LSTM(50), new LSTM(50)]);
        model.Compile("sgd", "mse");
        Refuses<ShapeException>(() => Fit(X, Y), message);
    }

    [Test]
    public void Predict_before_the_model_is_built()
    {
        model = new Sequential([new LSTM(3), new Dense(1)]);
        Refuses<InvalidOperationException>(
            () => model.Predict(X),
            "Model 'sequential' is not built: its input shape is not known. Give the first layer an inputShape, call Build, or "
            + "call Fit.");
    }

    [Test]
    public void Weights_that_do_not_fit()
    {
        IReadOnlyList<NDArray> weights = model.GetWeights();
        Refuses<ArgumentException>(
            () => model.SetWeights([.. weights.Skip(1)]),
                "Model 'sequential' has 5 parameters, but 4 arrays were given. (Parameter 'weights')");
        Refuses<ArgumentException>(
            () => model.SetWeights([.. weights.Take(4), new NDArray(2)]),
            "Parameter 4, 'bias' of Dense 'dense', has shape (1), but the array given has shape (2). (Parameter 'weights')");
        Refuses<ArgumentException>(() => model.SetWeights([.. weights.Take(4), null!]),
            "weights[4] is null. (Parameter 'weights')");
        Refuses<ArgumentException>(
            () => model.SetWeights([.. weights.Take(4), new NDArray([1], [float.NaN])]),
            "weights[4] holds NaN at index (0). Fill or remove missing values before training or predicting. (Parameter "
            + "'weights[4]')");
    }

    private static NDArray Ramp(params int[] shape)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = i / (float)array.Size;
        }

        return array;
    }

    private static string Lines(params string[] lines) => string.Join(Environment.NewLine, lines);

    private History Fit(
        NDArray x,
        NDArray y,
        int epochs = 1,
        int batchSize = 2,
        double validationSplit = 0,
        ValidationData? validationData = null,
        NDArray? sampleWeight = null,
        IReadOnlyDictionary<int, double>? classWeight = null) =>
        model.Fit(
            x, y, epochs, batchSize, validationSplit: validationSplit, validationData: validationData, sampleWeight: sampleWeight,
            classWeight: classWeight, verbose: Verbosity.Silent);

    /// <summary>Checks exception and message, that nothing has changed, and that the model can still do its work.</summary>
    private void Refuses<TException>(Action act, string message, NDArray? goodInputs = null, NDArray? goodTargets = null)
        where TException : Exception
    {
        Layer[] layers = [.. model.Layers];
        bool built = model.IsBuilt;
        float[][] weights = Weights();
        Assert.That(act, Throws.TypeOf<TException>().With.Message.EqualTo(message));
        Assert.That(model.Layers, Is.EqualTo(layers));
        Assert.That(model.IsBuilt, Is.EqualTo(built));
        Assert.That(Weights(), Is.EqualTo(weights));
        if (built && model.IsCompiled)
        {
            Assert.That(Fit(goodInputs ?? X, goodTargets ?? Y).Epochs, Is.EqualTo(1));
        }
    }

    private void RefusesName(Action act, string start)
    {
        Layer[] layers = [.. model.Layers];
        Assert.That(act, Throws.TypeOf<ConfigException>().With.Message.StartsWith(start));
        Assert.That(model.Layers, Is.EqualTo(layers));
        Assert.That(Fit(X, Y).Epochs, Is.EqualTo(1));
    }

    private float[][] Weights() => model.IsBuilt ? [.. model.GetWeights().Select(array => array.Values)] : [];
}
