using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Training;

/// <summary>What is said about sequences of unequal length that a model cannot take, word for word; the model stays as it
/// was.</summary>
[TestFixture]
public sealed class RaggedErrorTests
{
    private static readonly NDArray[] X = [new NDArray(3, 2), new NDArray(1, 2), new NDArray(4, 2)];
    private static readonly float[] Y = [1, 2, 3];

    private Sequential model = null!;

    [SetUp]
    public void CreateModel() => Use(new LSTM(3, inputShape: (null, 2)), new Dense(1));

    [Test]
    public void Sequences_without_steps() => RefusesInputs(
        [X[0], X[1], new NDArray(0, 2)],
            "x[2] has no steps: its shape is (0, 2). Leave it out, or give it at least one step. (Parameter 'x')");

    [Test]
    public void No_sequence_at_all() =>
    RefusesInputs([], "x is empty. Give at least one sequence. (Parameter 'x')", Array.Empty<float>());

    [Test]
    public void Other_features() => RefusesInputs(
        [X[0], new NDArray(3, 5), X[2]],
        "LSTM 'lstm' expects sequences of shape (timesteps, 2), but x[1] has shape (3, 5). Sequences may differ in their "
        + "number of steps alone, which is their first axis. (Parameter 'x')");

    [Test]
    public void Another_rank() => RefusesInputs(
        [X[0], X[1], new NDArray(3)],
        "LSTM 'lstm' expects sequences of shape (timesteps, 2), but x[2] has shape (3). Sequences may differ in their number "
        + "of steps alone, which is their first axis. (Parameter 'x')");

    [Test]
    public void Other_features_where_the_model_is_not_built()
    {
        Use(new LSTM(3), new Dense(1));
        RefusesFit(
            [X[0], new NDArray(3, 5), X[2]],
            Y,
            "LSTM 'lstm' expects sequences of shape (timesteps, 2), but x[1] has shape (3, 5). Sequences may differ in their "
            + "number of steps alone, which is their first axis. (Parameter 'x')");
        RefusesFit(
            [new NDArray(3), X[1], X[2]],
            Y,
            "LSTM 'lstm' expects sequences of shape (timesteps, features), but x[0] has shape (3). Sequences may differ in "
            + "their number of steps alone, which is their first axis. (Parameter 'x')");
    }

    [Test]
    public void A_model_that_is_built_for_one_length()
    {
        Use(new LSTM(3, inputShape: (3, 2)), new Dense(1));
        RefusesInputs(
            X,
            "LSTM 'lstm' expects sequences of shape (3, 2), but x[1] has shape (1, 2). The model was built for 3 time steps: "
            + "build it with timesteps: null to take any length. (Parameter 'x')");
    }

    [Test]
    public void Values_that_are_no_numbers() => RefusesInputs(
        [X[0], new NDArray([2, 2], [1, 2, float.NaN, 3]), X[2]],
        "x[1] holds NaN at index (1, 0). Fill or remove missing values before training or predicting. (Parameter 'x[1]')");

    [Test]
    public void Numbers_that_are_no_ids()
    {
        Use(new Embedding(5, 2, inputShape: new([null])), new LSTM(3), new Dense(1));
        int[][] ids = [[1, 2], [3], [4, 0, 5]];
        const string Message =
            "Embedding 'embedding' expects whole ids from 0 to 4 (inputDim: 5), but x[2] holds 5 at step 2. Set inputDim above "
            + "the largest id, or give tokens that are not known an id of their own. (Parameter 'x')";
        RefusesInputs(ids, Message);
        RefusesInputs(
            [new NDArray(2, 2)],
            "Embedding 'embedding' expects ids of shape (timesteps), but x[0] has shape (2, 2). Sequences may differ in their "
            + "number of steps alone, which is their first axis. (Parameter 'x')",
            new float[1]);
    }

    [Test]
    public void Fewer_targets_than_inputs()
    {
        RefusesFit(X, new float[2], "There are 3 inputs, but y has 2 entries. Each input needs one. (Parameter 'y')");
        Refuses(
            () => model.Fit(X, Y, sampleWeight: new float[4], verbose: Verbosity.Silent),
            "There are 3 inputs, but sampleWeight has 4 entries. Each input needs one. (Parameter 'sampleWeight')");
    }

    [Test]
    public void Targets_for_each_step_where_the_model_gives_one_output() => RefusesFit(
        X,
        (NDArray[])[new NDArray(3, 1), new NDArray(1, 1), new NDArray(4, 1)],
        "The model gives one output for each sequence, so all entries of y must have one shape. Sequence 1 has shape (1, 1), "
        + "but sequence 0 has shape (3, 1): they do not stack. Take them one by one, or pad them. (Parameter 'y')");

    [Test]
    public void One_target_where_the_model_gives_one_for_every_step()
    {
        Use(new LSTM(3, returnSequences: true, inputShape: (null, 2)), new Dense(1));
        RefusesFit(
            X,
            new float[,] { { 1 }, { 2 }, { 3 } },
            "mean_squared_error expects targets of shape (batch, ?, 1), because Dense 'dense' gives (batch, ?, 1), but y[0] "
            + "has shape (1), where sequence 0 of the inputs needs (3, 1). Give each step its own, or set returnSequences: "
            + "false on the last recurrent layer for one a sequence. (Parameter 'y')");
    }

    [Test]
    public void Labels_that_are_no_classes()
    {
        Use(new LSTM(3, returnSequences: true, inputShape: (null, 2)), new Dense(2, "softmax"));
        model.Compile("sgd", "sparse_categorical_crossentropy");
        RefusesFit(
            X,
            (int[][])[[0, 1, 1], [1], [0, 2, 0, 0]],
            "y[2]: SparseCategoricalCrossentropy: row 1 of the targets holds class 2, but the model has 2 outputs, for the "
            + "classes 0 to 1. Mend the label, or give the last layer one unit for each class.");
    }

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "an infinite value")]
    public void Weights_of_samples_that_are_not_finite(float weight, string name)
    {
        Use(new LSTM(3, returnSequences: true, inputShape: (null, 2)), new Dense(1));
        NDArray[] y = [.. X.Select(item => new NDArray(item.Shape[0], 1))];
        Refuses(
            () => model.TrainOnBatch(X, y, sampleWeight: new float[] { 1, weight, 0 }),
            $"sampleWeight holds {name} at index (1). Fill or remove missing values before training or predicting. (Parameter "
            + "'sampleWeight')");
    }

    [Test]
    public void Negative_weights()
    {
        Use(new LSTM(3, returnSequences: true, inputShape: (null, 2)), new Dense(1));
        NDArray[] y = [.. X.Select(item => new NDArray(item.Shape[0], 1))];
        Refuses(
            () => model.Evaluate(X, y, sampleWeight: new float[] { 1, -1, 0 }),
            "sampleWeight[1] holds a negative weight. Weights must be at least 0; 0 leaves a sample or a step out. (Parameter "
            + "'sampleWeight')");
    }

    [Test]
    public void Validation_data_is_named_as_such() => Refuses(
        () => model.Fit(X, Y, validationData: (X, new float[2]), verbose: Verbosity.Silent),
        "There are 3 inputs, but validationData.Y has 2 entries. Each input needs one. (Parameter 'validationData.Y')");

    [Test]
    public void Stateful_models()
    {
        Use(new LSTM(3, stateful: true, inputShape: (null, 2)), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: LSTM 'lstm' carries states from batch to batch, for "
            + "which samples must keep their places. Use one array of sequences of equal length.");
    }

    [Test]
    public void Layers_that_need_all_steps_at_once()
    {
        Use(new Dense(3, inputShape: (null, 2)), new Flatten());
        Refuses(
            () => model.Predict(X),
            "Model 'sequential' cannot take sequences of unequal length: Flatten 'flatten' makes one vector of all steps, "
            + "whose length then differs from sample to sample. Use a recurrent layer with returnSequences: false.");
    }

    [Test]
    public void Windows_that_would_reach_into_padding()
    {
        Use(new Conv1D(3, 2, inputShape: (null, 2)), new LSTM(2), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: Conv1D 'conv1d' gives a number of steps that depends "
            + "on where the "
            + "padding is. Set strides: 1 and padding: \"same\" or \"causal\".");
        Use(new Residual(new DepthwiseConv1D(1, 2, padding: "same"), inputShape: (null, 2)), new LSTM(2), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: Residual 'residual' gives a number of steps that "
            + "depends on where "
            + "the padding is. Set strides: 1 and padding: \"same\" or \"causal\".");
        Use(new Conv1DTranspose(3, 2, inputShape: (null, 2)), new LSTM(2), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: Conv1DTranspose 'conv1d_transpose' gives a number of "
            + "steps that "
            + "depends on where the padding is. Give it sequences of equal length, one array for all.");
        Use(new MaxPooling1D(2, inputShape: (null, 2)), new LSTM(2), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: MaxPooling1D 'max_pooling1d' pools windows that would "
            + "reach into "
            + "padding. Give it sequences of equal length, or use a global pooling layer.");
        Use(new AdaptiveAveragePooling1D(2, inputShape: (null, 2)), new LSTM(2), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: AdaptiveAveragePooling1D "
            + "'adaptive_average_pooling1d' cuts "
            + "sequences into parts that reach into padding. Give it sequences of equal length, or use a global pooling layer.");
    }

    [Test]
    public void A_last_step_that_would_be_padding()
    {
        Use(new GRU(3, goBackwards: true, zeroOutputForMask: true, inputShape: (null, 2)), new Dense(1));
        RefusesInputs(
            X,
            "Model 'sequential' cannot take sequences of unequal length: GRU 'gru' reads padding last and would give zero for "
            + "it. Set zeroOutputForMask: false.");
    }

    [Test]
    public void Layers_that_do_not_hand_masks_on()
    {
        Use(new TimeDistributed(new RepeatVector(2), inputShape: (null, 2)), new TimeDistributed(new LSTM(2)), new Dense(1));
        Assert.That(
            () => model.Predict(X),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "TimeDistributed 'time_distributed' does not hand on which steps are padding, so it takes sequences of one "
                + "length only. Give it sequences of equal length, one array for all, or put it behind a layer that gives one "
                + "vector for each sequence."));
    }

    [Test]
    public void Before_anything_else()
    {
        Refuses(() => model.Fit(X, Y, epochs: 0, verbose: Verbosity.Silent), "Fit: epochs must be at least 1, but is 0.");
        Refuses(() => model.Predict(X, batchSize: 0), "Predict: batchSize must be at least 1, but is 0.");
        model = new Sequential();
        model.Compile("sgd", "mse");
        Assert.That(
            () => model.Fit(X, Y, verbose: Verbosity.Silent),
            Throws.InvalidOperationException.With.Message.EqualTo("Model 'sequential' has no layers. Add some first."));
    }

    private void Use(params Layer[] layers)
    {
        model = new Sequential(layers);
        model.Compile("sgd", "mse");
    }

    private void RefusesInputs(RaggedSequences x, string message, RaggedSequences? y = null)
    {
        RefusesFit(x, y ?? Y, message);
        Refuses(() => model.TrainOnBatch(x, y ?? Y), message);
        Refuses(() => model.Evaluate(x, y ?? Y), message);
        Refuses(() => model.ComputeGradients(x, y ?? Y), message);
        Refuses(() => model.Predict(x), message);
    }

    private void RefusesFit(RaggedSequences x, RaggedSequences y, string message) =>
        Refuses(() => model.Fit(x, y, verbose: Verbosity.Silent), message);

    private void Refuses(Action act, string message)
    {
        bool built = model.IsBuilt;
        float[][] weights = Weights();
        Assert.That(act, Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(model.IsBuilt, Is.EqualTo(built));
        Assert.That(Weights(), Is.EqualTo(weights));
    }

    private float[][] Weights() => model.IsBuilt ? [.. model.GetWeights().Select(array => array.Values)] : [];
}
