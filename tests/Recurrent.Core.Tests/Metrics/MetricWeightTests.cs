using System.Text.Json;
using Recurrent.Losses;
using Recurrent.Metrics;

namespace Recurrent.Tests.Metrics;

/// <summary>Weights for samples, steps and single entries, as Keras takes them.</summary>
public sealed class MetricWeightTests
{
    private static readonly KerasFixture Fixture = KerasFixture.Load("keras3/metric_weights.json");

    public static IEnumerable<FixtureCase> Cases => Fixture.Cases;

    /// <summary>Metrics of whole columns, which have no entries to weigh.</summary>
    private static IEnumerable<Metric> OfColumns =>
        [new MeanSquaredError(), new F1Score(), new CategoricalAccuracy(), new Precision(classId: 1), new PearsonCorrelation()];

    private static IEnumerable<Metric> OfEntries =>
        [new Precision(), new AUC(), new R2Score(), new BinaryAccuracy(), new RootMeanSquaredError(), new Mean(), new Sum(),
            new AUC(multiLabel: true), new BinaryIoU()];

    [Test]
    public void Every_case_of_the_file_is_run() => Assert.That(Cases.Count(), Is.EqualTo(98));

    [TestCaseSource(nameof(Cases))]
    public void Matches_keras(FixtureCase test)
    {
        Metric metric = MetricNames.Registry.Create(test.Component("metric"));
        foreach ((FixtureNode update, JsonElement expected) in
            test.Nodes("updates").Zip(test.Json.GetProperty("results_after_each_update").EnumerateArray()))
        {
            metric.Update(update.Array("y_true"), update.Array("y_pred"), Given(update));
            double[] figures = [.. expected.GetProperty("data").EnumerateArray().Select(e => e.GetDouble())];
            Assert.That(metric.Results, Is.EqualTo(figures).Within(1e-5));
        }
    }

    [TestCaseSource(nameof(OfEntries))]
    public void Weights_of_entries_that_are_those_of_their_columns_change_nothing(Metric metric)
    {
        Real[] y = [1, 0, 1, 0, 1, 1];
        Real[] p = [(Real)0.9, (Real)0.2, (Real)0.4, (Real)0.6, (Real)0.8, (Real)0.1];
        Metric columns = metric.Fresh();
        columns.Update(y, 2, p, 2, [1, 2, (Real)0.5]);
        metric.Update(y, 2, p, 2, [1, 1, 2, 2, (Real)0.5, (Real)0.5]);
        Assert.That(metric.Results, Is.EqualTo(columns.Results).Within(1e-6));
        Assert.That(metric.Result, Is.EqualTo(columns.Result).Within(1e-6));

        // After weights of entries, batches without any.
        columns.Update(y, 2, p, 2, []);
        metric.Update(y, 2, p, 2, []);
        Assert.That(metric.Results, Is.EqualTo(columns.Results).Within(1e-6));
    }

    [TestCaseSource(nameof(OfEntries))]
    public void An_entry_without_weight_is_as_if_it_were_not_there(Metric metric)
    {
        // Two columns of two; a zero hides whatever stands there.
        Metric other = metric.Fresh();
        Real[] weights = [1, 0, 3, 2];
        metric.Update([1, 0, 1, 0], 2, [(Real)0.9, (Real)0.2, (Real)0.4, (Real)0.6], 2, weights);
        other.Update([1, 1, 1, 0], 2, [(Real)0.9, (Real)0.8, (Real)0.4, (Real)0.6], 2, weights);
        Assert.That(metric.Results, Is.EqualTo(other.Results).Within(1e-9));
        Assert.That(metric.SaveState(), Is.EqualTo(other.SaveState()), "and nothing of it is gathered");
        Metric restored = metric.Fresh();
        restored.RestoreState(metric.SaveState()!);
        Assert.That(restored.Results, Is.EqualTo(metric.Results));
    }

    [TestCaseSource(nameof(OfColumns))]
    public void Metrics_of_columns_refuse_weights_of_entries(Metric metric) => Assert.That(
        () => metric.Update(new NDArray(4, 3), new NDArray(4, 3), new NDArray(4, 3)),
        Throws.ArgumentException.With.Message.EqualTo(
            $"{metric.ClassName} '{metric.Name}' has 4 values along axis -1 in a batch of 4, but sampleWeight has shape (4, 3). "
            + "Give one weight for each of them, or for each sample."));

    [TestCase(3, 4)]
    [TestCase(12)]
    [TestCase(4, 2)]
    [TestCase(3)]
    [TestCase(4, 3, 2)]
    public void Weights_of_another_shape_are_refused(params int[] shape) => Assert.That(
        () => new Recall().Update(new NDArray(4, 3), new NDArray(4, 3), new NDArray(shape)),
        Throws.ArgumentException.With.Message.EqualTo(
            "Recall 'recall' has 4 values along axis -1 in a batch of 4, but sampleWeight has shape "
            + $"({string.Join(", ", shape)}). Give one weight for each of them, for each sample, or for each entry."));

    private static NDArray? Given(FixtureNode update) => update.Has("sample_weight") ? update.Array("sample_weight") : null;
}
