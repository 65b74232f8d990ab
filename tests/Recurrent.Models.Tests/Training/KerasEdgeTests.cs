using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;

namespace Recurrent.Tests.Training;

/// <summary>Losses and metrics where they come to an edge, as Keras computes them: probabilities of 0 and 1, logits of 10000,
/// values that are all alike, axes, weights of every shape, one sample, one class.</summary>
public sealed class KerasEdgeTests
{
    private static readonly KerasFixture OfLosses = KerasFixture.Load("keras3/loss_edges.json");
    private static readonly KerasFixture OfMetrics = KerasFixture.Load("keras3/metric_edges.json");

    public static IEnumerable<FixtureCase> LossCases => OfLosses.Cases;

    public static IEnumerable<FixtureCase> MetricCases => OfMetrics.Cases;

    [Test]
    public void Every_case_of_the_files_is_run() => Assert.That((LossCases.Count(), MetricCases.Count()), Is.EqualTo((109, 160)));

    [TestCaseSource(nameof(LossCases))]
    public void A_loss_and_its_gradients_are_those_of_Keras(FixtureCase test)
    {
        NDArray p = test.Array("y_pred");
        var x = new Input(new([.. p.Shape.Skip(1).Select(axis => (int?)axis)]));
        var model = new Model(x, new Dense(p.Shape[^1], kernelInitializer: "identity").Call(x));
        model.Compile("sgd", LossNames.Registry.Create(test.Component("loss")));
        NDArray? weight = test.Has("sample_weight") ? test.Array("sample_weight") : null;
        double value = test.Json.GetProperty("value").GetDouble();
        Assert.That(model.Evaluate(p, test.Array("y_true"), p.Shape[0], weight)["loss"], Is.EqualTo(value).Within(Near([value])));
        IReadOnlyList<NDArray> gradients = model.ComputeGradients(p, test.Array("y_true"), weight);
        foreach ((NDArray gradient, NDArray expected) in gradients.Zip(test.Arrays("gradients")))
        {
            Assert.That(gradient.Values, Is.EqualTo(expected.Values).Within(Near([.. expected.Values.Select(v => (double)v)])));
        }
    }

    [TestCaseSource(nameof(MetricCases))]
    public void A_metric_is_that_of_Keras(FixtureCase test)
    {
        Metric metric = MetricNames.Registry.Create(test.Component("metric"));
        int reset = test.Has("reset_before") ? test.Json.GetProperty("reset_before").GetInt32() : -1;
        int batch = 0;
        foreach ((FixtureNode update, JsonElement expected) in
            test.Nodes("updates").Zip(test.Json.GetProperty("results_after_each_update").EnumerateArray()))
        {
            if (batch++ == reset)
            {
                metric.Reset();
            }

            NDArray? weight = update.Has("sample_weight") ? update.Array("sample_weight") : null;
            metric.Update(update.Array("y_true"), update.Array("y_pred"), weight);
            double[] figures = [.. expected.GetProperty("data").EnumerateArray().Select(e => e.GetDouble())];
            Assert.That(metric.Results, Is.EqualTo(figures).Within(Near(figures)));
        }
    }

    /// <summary>Within 1e-5, or of large numbers within what single precision leaves of sums of them.</summary>
    private static double Near(double[] values) => Math.Max(1e-5, 3e-6 * values.Max(Math.Abs));
}
