using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Tests.Training;

/// <summary>Sequences of unequal length: each gives what it gives by itself, in batches of any make-up and on any number of
/// threads.</summary>
[TestFixture]
public sealed class RaggedTests
{
    private const int Features = 2;

    private static readonly Dictionary<string, Func<Layer[]>> VectorModels = new()
    {
        ["SimpleRNN"] = () => [new SimpleRNN(4, inputShape: (null, Features)), new Dense(1)],
        ["LSTM"] = () => [new LSTM(4, inputShape: (null, Features)), new Dense(1)],
        ["GRU"] = () => [new GRU(4, inputShape: (null, Features)), new Dense(1)],
        ["GRU, reset before"] = () => [new GRU(4, resetAfter: false, inputShape: (null, Features)), new Dense(1)],
        ["zero output for masked steps"] = () =>
            [new LSTM(4, zeroOutputForMask: true, inputShape: (null, Features)), new Dense(1)],
        ["from the end"] = () => [new LSTM(4, goBackwards: true, inputShape: (null, Features)), new Dense(1)],
        ["from the end and back"] = () =>
            [new LSTM(4, returnSequences: true, goBackwards: true, inputShape: (null, Features)), new GRU(3), new Dense(1)],
        ["stack with heads"] = () =>
        [
            new Dense(3, "tanh", inputShape: (null, Features)), new LayerNormalization(), new LSTM(4, returnSequences: true),
            new TimeDistributed(new Dense(3, "relu")), new Activation("tanh"), new GRU(3, activityRegularizer: "l2"),
                new Dense(1, kernelRegularizer: "l2"),
        ],
        ["both ways"] = () => [new Bidirectional(new LSTM(3), inputShape: (null, Features)), new Dense(1)],
        ["dilated"] = () => [new Dilated(new LSTM(3, returnSequences: true), 2, inputShape: (null, Features)),
            new Dilated(new GRU(3), 3), new Dense(1)],
        ["Masking, which leaves padding out"] = () => [new Masking(0.5, inputShape: (null, Features)), new LSTM(4), new Dense(1)],
        ["Masking of turned sequences"] = () =>
        [
            new GRU(3, returnSequences: true, goBackwards: true, inputShape: (null, Features)), new Masking(0.5),
                new LSTM(4), new Dense(1),
        ],
        ["convolutions before a GRU"] = () =>
        [
            new Dense(3, "sigmoid", inputShape: (null, Features)),
            new Conv1D(4, 3, padding: "causal", dilationRate: 2, activation: "relu"),
                new Conv1D(3, 2, padding: "same"), new GRU(3),
            new Dense(1),
        ],
        ["convolutions of turned sequences"] = () =>
        [
            new GRU(3, returnSequences: true, goBackwards: true, inputShape: (null, Features)), new Conv1D(3, 3, padding: "same"),
            new SeparableConv1D(3, 2, padding: "same"), new GlobalAveragePooling1D(), new Dense(1),
        ],
        ["the largest values of a convolution"] = () =>
            [new Conv1D(4, 3, padding: "same", inputShape: (null, Features)), new GlobalMaxPooling1D(), new Dense(1)],
        ["means of a convolution"] = () =>
        [
            new DepthwiseConv1D(3, padding: "same", depthMultiplier: 2, inputShape: (null, Features)),
            new GlobalAveragePooling1D(keepdims: true), new Flatten(), new Dense(1),
        ],
        ["attention with positions"] = () =>
        [
            new PositionalEncoding(inputShape: (null, Features)), new SelfAttention(3, useScale: true),
                new GlobalAveragePooling1D(), new Dense(1),
        ],
        ["attention that does not look ahead, of turned sequences"] = () =>
        [
            new GRU(4, returnSequences: true, goBackwards: true, inputShape: (null, Features)), new RotaryEmbedding(),
            new SelfAttention(3, useCausalMask: true), new LSTM(3), new Dense(1),
        ],
        ["a transformer"] = () =>
        [
            new Dense(4, inputShape: (null, Features)), new PositionalEmbedding(40), new TransformerEncoder(4, 2, 6),
                new GRU(3), new Dense(1),
        ],
        ["a sequence of fixed length in the end"] = () =>
            [new LSTM(4, inputShape: (null, Features)), new RepeatVector(3), new GRU(2), new Dense(1)],
    };

    private static readonly Dictionary<string, Func<Layer[]>> SequenceModels = new()
    {
        ["LSTM"] = () => [new LSTM(4, returnSequences: true, inputShape: (null, Features)), new Dense(1)],
        ["GRU, turned round"] = () =>
            [new GRU(4, returnSequences: true, goBackwards: true, inputShape: (null, Features)), new Dense(1)],
        ["turned round twice, activities penalized"] = () =>
        [
            new GRU(4, returnSequences: true, goBackwards: true, activityRegularizer: "l1", inputShape: (null, Features)),
            new LSTM(3, returnSequences: true, goBackwards: true, activityRegularizer: "l2"),
                new Dense(1) { ActivityRegularizer = "l2" },
        ],
        ["zero output for masked steps"] = () =>
            [new LSTM(4, returnSequences: true, zeroOutputForMask: true, inputShape: (null, Features)), new Dense(1)],
        ["both ways"] = () => [new Bidirectional(new GRU(3, returnSequences: true), inputShape: (null, Features)), new Dense(1)],
        ["both ways, turned round"] = () =>
            [new Bidirectional(new GRU(3, returnSequences: true, goBackwards: true), inputShape: (null, Features)), new Dense(1)],
        ["both ways, turned round twice, activities penalized"] = () =>
        [
            new Bidirectional(new GRU(3, returnSequences: true, goBackwards: true, activityRegularizer: "l1"), "sum",
                inputShape: (null, Features)),
            new LSTM(3, returnSequences: true, goBackwards: true, activityRegularizer: "l2"),
                new Dense(1) { ActivityRegularizer = "l2" },
        ],
        ["dilated"] = () => [new Dilated(new GRU(3, returnSequences: true), 3, inputShape: (null, Features)), new Dense(1)],
        ["dilated both ways"] = () =>
            [new Dilated(new Bidirectional(new GRU(3, returnSequences: true)), 3, inputShape: (null, Features)), new Dense(1)],
        ["convolutions"] = () =>
        [
            new Dense(3, "sigmoid", inputShape: (null, Features)), new Conv1D(4, 3, padding: "causal"),
            new Residual(new Conv1D(4, 3, padding: "same", dilationRate: 2)), new Dense(1),
        ],
        ["attention"] = () =>
            [new PositionalEncoding(inputShape: (null, Features)), new SelfAttention(3),
                new TransformerEncoder(2, 1, 5), new Dense(1)],
        ["no recurrent layer"] = () => [new Dense(3, "tanh", inputShape: (null, Features)), new Dense(1)],
        ["Masking"] = () => [new Masking(0.5, inputShape: (null, Features)), new GRU(3, returnSequences: true), new Dense(1)],
    };

    private static IEnumerable<string> VectorNames => VectorModels.Keys;

    private static IEnumerable<string> SequenceNames => SequenceModels.Keys;

    [Test]
    public void A_vector_for_each_sequence_is_the_one_it_has_by_itself(
        [ValueSource(nameof(VectorNames))] string name, [Values(1, 4, 32)] int batchSize)
    {
        Sequential model = Create(VectorModels[name]);
        NDArray[] x = Sequences(23);
        RaggedSequences outputs = model.Predict(x, batchSize);
        Assert.That(outputs.Stack().Shape, Is.EqualTo(new[] { 23, 1 }));
        for (int i = 0; i < x.Length; i++)
        {
            Assert.That(outputs[i].Values, Is.EqualTo(model.Predict(Alone(x[i])).Values), $"sequence {i}");
        }
    }

    [Test]
    public void An_output_for_each_step_is_the_one_it_has_by_itself(
        [ValueSource(nameof(SequenceNames))] string name, [Values(1, 4, 32)] int batchSize)
    {
        Sequential model = Create(SequenceModels[name]);
        NDArray[] x = Sequences(23);
        RaggedSequences outputs = model.Predict(x, batchSize);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.That(outputs[i].Shape, Is.EqualTo(new[] { x[i].Shape[0], 1 }));
            Assert.That(outputs[i].Values, Is.EqualTo(model.Predict(Alone(x[i])).Values), $"sequence {i}");
        }
    }

    [TestCaseSource(nameof(VectorNames))]
    public void The_gradient_is_the_mean_of_those_of_each_sequence(string name)
    {
        Sequential model = Create(VectorModels[name]);
        NDArray[] x = Sequences(9);
        float[] y = [.. Enumerable.Range(0, 9).Select(i => MathF.Sin(i))];
        AssertMean(
            model, x, [.. y.Select(_ => 1.0)], i => model.ComputeGradients(Alone(x[i]), new float[,] { { y[i] } }),
                model.ComputeGradients(x, y));
        double alone = Enumerable.Range(0, 9).Average(i => model.Evaluate(Alone(x[i]), new float[,] { { y[i] } })["loss"]);
        Assert.That(model.Evaluate(x, y, batchSize: 4)["loss"], Is.EqualTo(alone).Within(1e-5));
    }

    [TestCase("LSTM")]
    [TestCase("GRU, turned round")]
    [TestCase("zero output for masked steps")]
    [TestCase("no recurrent layer")]
    [TestCase("attention")]
    [TestCase("convolutions")]
    public void The_gradient_with_a_target_for_each_step_is_the_mean_over_all_steps(string name)
    {
        Sequential model = Create(SequenceModels[name]);
        NDArray[] x = Sequences(9);
        NDArray[] y = [.. x.Select((item, i) => Targets(item.Shape[0], i))];
        AssertMean(
            model, x, [.. x.Select(item => (double)item.Shape[0])], i => model.ComputeGradients(Alone(x[i]), Alone(y[i])),
                model.ComputeGradients(x, y));
    }

    [Test]
    public void Penalties_on_activities_leave_padding_out()
    {
        // The loss is the penalty alone: nothing else has a slope.
        Sequential model = Create(SequenceModels["turned round twice, activities penalized"]);
        NDArray[] x = Sequences(9);
        NDArray[] y = [.. x.Select((item, i) => Targets(item.Shape[0], i))];
        NDArray[] none = [.. x.Select(item => Zeros(item.Shape[0]))];
        AssertMean(
            model,
            x,
            [.. x.Select(_ => 1.0)],
            i => model.ComputeGradients(Alone(x[i]), Alone(y[i]), Alone(none[i])),
            model.ComputeGradients(x, y, none));
        double alone = Enumerable.Range(0, 9)
            .Average(i => model.Evaluate(Alone(x[i]), Alone(y[i]), sampleWeight: Alone(none[i]))["loss"]);
        Assert.That(alone, Is.GreaterThan(0.01));
        Assert.That(model.Evaluate(x, y, sampleWeight: none)["loss"], Is.EqualTo(alone).Within(1e-6));
    }

    [Test]
    public void Weights_of_samples_and_of_steps_and_of_classes_count()
    {
        Sequential model = Create(SequenceModels["LSTM"]);
        NDArray[] x = Sequences(5);
        NDArray[] y = [.. x.Select((item, i) => Targets(item.Shape[0], i % 2 == 0 ? 0 : 1, constant: true))];
        double[] alone = [.. x.Select((item, i) => model.Evaluate(Alone(item), Alone(y[i]))["loss"] * item.Shape[0])];
        int steps = x.Sum(item => item.Shape[0]);
        double expected = (alone[0] + alone[2] + alone[4] + (3 * (alone[1] + alone[3]))) / steps;
        float[] perSample = [1, 3, 1, 3, 1];
        NDArray[] perStep =
            [.. x.Select((item, i) => new NDArray([item.Shape[0]], [.. Enumerable.Repeat(perSample[i], item.Shape[0])]))];
        Assert.That(model.Evaluate(x, y, sampleWeight: perSample)["loss"], Is.EqualTo(expected).Within(1e-5));
        Assert.That(model.Evaluate(x, y, sampleWeight: perStep)["loss"], Is.EqualTo(expected).Within(1e-5));
        Dictionary<int, double> classes = new() { [1] = 3 };
        History history = model.Fit(x, y, classWeight: classes, verbose: Verbosity.Silent);
        Assert.That(history["loss"][0], Is.EqualTo(expected).Within(1e-5));
    }

    [Test]
    public void Metrics_see_no_padding()
    {
        Sequential model = Create(SequenceModels["LSTM"]);
        model.Compile("sgd", "mse", ["mae"]);
        NDArray[] x = Sequences(7);
        NDArray[] y = [.. x.Select((item, i) => Targets(item.Shape[0], i))];
        RaggedSequences outputs = model.Predict(x);
        double expected = x.SelectMany((_, i) => outputs[i].Values.Zip(y[i].Values, (a, b) => Math.Abs((double)a - b))).Average();
        Assert.That(model.Evaluate(x, y, batchSize: 3)["mae"], Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void No_value_is_special()
    {
        Sequential model = Create(VectorModels["LSTM"]);
        NDArray[] x = [Zeros(3, Features), Zeros(5, Features), Zeros(1, Features)];
        RaggedSequences outputs = model.Predict(x);
        Assert.That(outputs.Select(output => output.Values[0]).Distinct().Count(), Is.EqualTo(3),
            "a sequence of zeros has steps like any other");
        Assert.That(outputs[0].Values, Is.EqualTo(model.Predict(Alone(x[0])).Values));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Ids_give_what_they_give_by_themselves(bool maskZero)
    {
        Sequential model =
            Create(() => [new Embedding(6, 3, maskZero: maskZero, inputShape: new([null])), new LSTM(4, returnSequences: true),
                new Dense(2)]);
        int[][] x = [[1, 0, 2], [5], [3, 3, 0, 0, 1, 2, 0], [0, 4]];
        RaggedSequences outputs = model.Predict(x);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.That(outputs[i].Shape, Is.EqualTo(new[] { x[i].Length, 2 }));
            Assert.That(outputs[i].Values,
                Is.EqualTo(model.Predict(new NDArray([1, x[i].Length], [.. x[i].Select(id => (float)id)])).Values));
        }
    }

    [Test]
    public void A_model_that_is_not_built_is_built_for_any_length()
    {
        var model = new Sequential([new LSTM(3), new Dense(1)]);
        model.Compile("adam", "mse");
        model.Fit(Sequences(8), new float[8], verbose: Verbosity.Silent);
        Assert.That(model.InputShape, Is.EqualTo(new Shape(null, Features)));
    }

    [Test]
    public void Training_learns_from_sequences_and_validates_on_some()
    {
        Sequential model = Create(VectorModels["LSTM"]);
        model.Compile(new Adam(0.02), "mse");
        NDArray[] x = Sequences(60);
        float[] y = [.. x.Select(item => item[0, 0] > 0 ? 1f : -1f)];
        History history = model.Fit(x, y, epochs: 30, batchSize: 8, validationSplit: 0.2, verbose: Verbosity.Silent);
        Assert.That(history["loss"][^1], Is.InRange(0, 0.8 * history["loss"][0]));
        Assert.That(history.Metrics.Keys, Does.Contain("val_loss"));
        History other = model.Fit(x, y, validationData: (x, y), verbose: Verbosity.Silent);
        Assert.That(other["val_loss"][0], Is.EqualTo(model.Evaluate(x, y)["loss"]).Within(1e-9));
    }

    [TestCase(2)]
    [TestCase(8)]
    public void Fit_gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        float[][][] weights = [.. new[] { 1, threads }.Select(degree =>
        {
            var model = new Sequential(seed: 3) { MaxDegreeOfParallelism = degree };
            model.Add(new LSTM(5, returnSequences: true, dropout: 0.2, inputShape: (null, Features)));
            model.Add(new Dropout(0.2));
            model.Add(new GRU(4));
            model.Add(new Dense(1));
            model.Compile("adam", "mse");
            model.Fit(Sequences(90), Enumerable.Range(0, 90).Select(i => i % 3f).ToArray(), epochs: 2, batchSize: 40,
                verbose: Verbosity.Silent);
            return (float[][])[.. model.GetWeights().Select(array => array.Values)];
        })];
        Assert.That(weights[1], Is.EqualTo(weights[0]));
    }

    [Test]
    public void Sequences_of_one_length_train_as_one_array_does()
    {
        NDArray[] x = [.. Enumerable.Range(0, 12).Select(i => Sequence(4, i))];
        var stacked = new RaggedSequences(x);
        float[] y = [.. Enumerable.Range(0, 12).Select(i => MathF.Cos(i))];
        Sequential ragged = Create(VectorModels["LSTM"]);
        Sequential dense = Create(VectorModels["LSTM"]);
        ragged.Fit(x, y, epochs: 3, batchSize: 5, shuffle: false, verbose: Verbosity.Silent);
        dense.Fit(stacked.Stack(), y, epochs: 3, batchSize: 5, shuffle: false, verbose: Verbosity.Silent);
        Assert.That(ragged.GetWeights().Select(w => w.Values), Is.EqualTo(dense.GetWeights().Select(w => w.Values)));
    }

    private static void AssertMean(
        Sequential model, NDArray[] x, double[] shares, Func<int, IReadOnlyList<NDArray>> alone, IReadOnlyList<NDArray> together)
    {
        Assert.That(together, Has.Count.EqualTo(model.GetWeights().Count));
        double[][] expected = [.. together.Select(gradient => new double[gradient.Size])];
        for (int i = 0; i < x.Length; i++)
        {
            IReadOnlyList<NDArray> own = alone(i);
            for (int p = 0; p < own.Count; p++)
            {
                for (int k = 0; k < own[p].Size; k++)
                {
                    expected[p][k] += own[p].Values[k] * shares[i] / shares.Sum();
                }
            }
        }

        Assert.That(expected.SelectMany(gradient => gradient).Any(slope => Math.Abs(slope) > 1e-3));
        for (int p = 0; p < expected.Length; p++)
        {
            Assert.That(together[p].Values.Select(v => (double)v), Is.EqualTo(expected[p]).Within(2e-6), $"parameter {p}");
        }
    }

    private static Sequential Create(Func<Layer[]> layers)
    {
        var model = new Sequential(layers(), seed: 4);
        model.Compile("sgd", "mse");
        IReadOnlyList<NDArray> weights = model.GetWeights();
        var random = new SeededRandom(5);
        foreach (NDArray weight in weights)
        {
            foreach (ref float value in weight.Values.AsSpan())
            {
                value = (float)(0.4 * random.NextNormal());
            }
        }

        model.SetWeights(weights);
        return model;
    }

    private static NDArray[] Sequences(int count) => [.. Enumerable.Range(0, count).Select(i => Sequence(1 + (i * 7 % 11), i))];

    /// <summary>A random sequence, with a step that Masking(0.5) skips here and there.</summary>
    private static NDArray Sequence(int steps, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var sequence = new NDArray(steps, Features);
        for (int i = 0; i < sequence.Size; i++)
        {
            bool skipped = i / Features % 4 == 2;
            sequence.Values[i] = skipped ? 0.5f : (float)random.NextNormal();
        }

        return sequence;
    }

    private static NDArray Targets(int steps, int seed, bool constant = false) =>
        new([steps, 1], [.. Enumerable.Range(0, steps).Select(t => constant ? seed : MathF.Sin(seed + t))]);

    private static NDArray Zeros(params int[] shape) => new(shape);

    private static NDArray Alone(NDArray sequence) => sequence.Reshape([1, .. sequence.Shape]);
}
