using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>
/// Whole models against Keras: outputs, losses, gradients and training runs. Compiled into the float32 tests of the models and,
/// with the float64 fixtures, into the gradient tests.
/// </summary>
[TestFixture]
public sealed class KerasTrainingTests
{
#if FLOAT64
    private const double Tolerance = 1e-12;
    private static readonly string[] Files = ["rnn_float64.json"];
    private const int ExpectedCases = 3;
#else
    private const double Tolerance = 1e-5;
    private static readonly string[] Files =
        [
            "core_layers.json", "normalization.json", "rnn_simplernn.json", "rnn_lstm.json", "rnn_gru.json",
            "rnn_bidirectional.json",
            "regularized_models.json", "conv_pool.json",
        ];

    /// <summary>All cases of these files, but for a model inside a model.</summary>
    private const int ExpectedCases = 132;
#endif

    private static IEnumerable<FixtureCase> All => Files.SelectMany(file => KerasFixture.Load(file).Cases)
        .Where(c => c.Name != "nested_sequential");

    private static IEnumerable<TestCaseData> Cases => All.Select(Named);

    private static IEnumerable<TestCaseData> TrainingCases => All.Where(c => c.Has("training")).Select(Named);

    [Test]
    public void No_case_is_left_out() => Assert.That(All.Count(), Is.EqualTo(ExpectedCases));

    [TestCaseSource(nameof(Cases))]
    public void Predict_gives_Keras_s_output(FixtureCase fixture)
    {
        Sequential model = Load(fixture);
        AssertClose(model.Predict(fixture.Array("input")), fixture.Array("output"), "output",
            Check(fixture, "output_vs_float64_max_abs_diff"));
    }

    [TestCaseSource(nameof(TrainingCases))]
    public void The_gradients_of_the_first_batch_are_Keras_s(FixtureCase fixture)
    {
        Sequential model = Load(fixture);
        FixtureNode training = fixture.Node("training");
        Compile(model, training);
        int batch = Math.Min(training.Int("batch_size"), training.Array("x").Shape[0]);
        IReadOnlyList<NDArray> gradients = model.ComputeGradients(
            training.Array("x").Slice(0, batch), training.Array("y").Slice(0, batch), Weights(training)?.Slice(0, batch),
                training: true);
        IReadOnlyList<NamedArray> expected = training.NamedArrays("gradients_first_batch");
        Assert.That(gradients, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < gradients.Count; i++)
        {
            AssertClose(gradients[i], expected[i].Value, expected[i].Name);
        }
    }

    [TestCaseSource(nameof(TrainingCases))]
    public void Fit_takes_the_steps_that_Keras_takes(FixtureCase fixture)
    {
        Sequential model = Load(fixture);
        FixtureNode training = fixture.Node("training");
        Compile(model, training);
        NDArray x = training.Array("x");
        NDArray y = training.Array("y");
        History history = model.Fit(
            x, y, training.Int("epochs"), training.Int("batch_size"), shuffle: false, sampleWeight: Weights(training),
                verbose: Verbosity.Silent);

        // Keras takes the mean of batches by their samples, also where masks leave steps out, so that it depends on the batch
        // size.
        bool masked = fixture.ToString().Contains("masked_loss", StringComparison.Ordinal);
        AssertClose(masked ? LossOfBatches(fixture, training) : history["loss"], training.Doubles("loss_history"), "loss");
        if (training.Has("metric_history"))
        {
            foreach (System.Text.Json.JsonProperty metric in training.Node("metric_history").Json.EnumerateObject())
            {
                AssertClose(history[metric.Name], [.. metric.Value.EnumerateArray().Select(v => v.GetDouble())], metric.Name);
            }
        }

        double rounding = Check(training, "weights_after_vs_float64_max_abs_diff");
        foreach ((NDArray weight, NamedArray expected) in model.GetWeights().PairedWith(training.NamedArrays("weights_after")))
        {
            AssertClose(weight, expected.Value, expected.Name, rounding);
        }

        if (!training.Has("sample_weight"))
        {
            IReadOnlyDictionary<string, double> evaluated = model.Evaluate(x, y, training.Int("batch_size"));
            FixtureNode after = training.Node("evaluate_after");
            if (masked)
            {
                double mean = MeanOfBatches(x, training.Int("batch_size"),
                    (start, count) => model.Evaluate(x.Slice(start, count), y.Slice(start, count))["loss"]);
                Assert.That(mean, Is.EqualTo(after.Double("loss")).Within(Tolerance * Math.Max(1, mean)), "evaluate: loss");
            }

            foreach (string name in evaluated.Keys.Where(name => !masked || name != "loss"))
            {
                Assert.That(evaluated[name], Is.EqualTo(after.Double(name)).Within(Tolerance * Math.Max(1, after.Double(name))),
                    $"evaluate: {name}");
            }
        }
    }

    [TestCaseSource(nameof(TrainingCases))]
    public void The_loss_of_the_first_batch_is_Keras_s(FixtureCase fixture)
    {
        Sequential model = Load(fixture);
        FixtureNode training = fixture.Node("training");
        Compile(model, training);
        int batch = Math.Min(training.Int("batch_size"), training.Array("x").Shape[0]);
        double loss = model.TrainOnBatch(
            training.Array("x").Slice(0, batch), training.Array("y").Slice(0, batch), Weights(training)?.Slice(0, batch))["loss"];
        Assert.That(loss, Is.EqualTo(training.Double("first_batch_loss")).Within(Tolerance * Math.Max(1, loss)));
    }

    internal static Sequential Load(FixtureCase fixture)
    {
        var model = new Sequential(fixture.Layers().Select(LayerNames.Registry.Create));
        model.SetWeights([.. fixture.NamedArrays("weights").Select(weight => weight.Value)]);
        return model;
    }

    internal static void Compile(Model model, FixtureNode training) => model.Compile(
        OptimizerNames.Registry.Create(training.Component("optimizer")),
        LossNames.Registry.Create(training.Component("loss")),
        training.Has("metrics")
            ? [.. training.Components("metrics").Select(MetricNames.Registry.Create)]
            : []);

    internal static void AssertClose(NDArray actual, NDArray expected, string what, double rounding = 0)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        AssertClose([.. actual.Values.Select(v => (double)v)], [.. expected.Values.Select(v => (double)v)], what, rounding);
    }

    private static void AssertClose(IReadOnlyList<double> actual, IReadOnlyList<double> expected, string what,
        double rounding = 0)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count), what);
        for (int i = 0; i < expected.Count; i++)
        {
            double bound = Math.Max(Tolerance, rounding) * Math.Max(1, Math.Abs(expected[i]));
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(bound), $"{what}[{i}]");
        }
    }

    /// <summary>The mean loss of every epoch as Keras logs it: batch by batch, weighted by their samples.</summary>
    private static List<double> LossOfBatches(FixtureCase fixture, FixtureNode training)
    {
        Sequential model = Load(fixture);
        Compile(model, training);
        NDArray x = training.Array("x");
        NDArray y = training.Array("y");
        return [.. Enumerable.Range(0, training.Int("epochs")).Select(_ => MeanOfBatches(
            x, training.Int("batch_size"), (start, count) =>
                model.TrainOnBatch(x.Slice(start, count), y.Slice(start, count), Weights(training)?.Slice(start, count))[
                "loss"]))];
    }

    private static double MeanOfBatches(NDArray x, int batchSize, Func<int, int, double> loss)
    {
        double sum = 0;
        for (int start = 0; start < x.Shape[0]; start += batchSize)
        {
            int count = Math.Min(batchSize, x.Shape[0] - start);
            sum += loss(start, count) * count;
        }

        return sum / x.Shape[0];
    }

    private static NDArray? Weights(FixtureNode training) => training.Has("sample_weight")
        ? training.Array("sample_weight") : null;

    private static double Check(FixtureNode node, string figure) =>
        node.Has("check") && node.Node("check").Has(figure) ? node.Node("check").Double(figure) : 0;

    private static TestCaseData Named(FixtureCase fixture) => new TestCaseData(fixture).SetName($"{{m}}({fixture})");
}
