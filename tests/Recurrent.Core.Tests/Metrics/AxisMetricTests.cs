using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Registration;

namespace Recurrent.Tests.Metrics;

/// <summary>Metrics of arrays, along any axis: the same as along the last of arrays whose axes are exchanged.</summary>
public sealed class AxisMetricTests
{
    private static readonly int[] Whole = [3, 4, 5];

    private static IEnumerable<Func<int, Metric>> Metrics =>
    [
        axis => new PearsonCorrelation(axis: axis),
        axis => new ConcordanceCorrelation(axis: axis),
        axis => new CosineSimilarity(axis: axis),
        axis => new CategoricalCrossentropy(axis: axis),
        axis => new BinaryCrossentropy(axis: axis),
        axis => new CategoricalFocalCrossentropy(axis: axis),
        axis => new OneHotMeanIoU(3, axis: axis),
        axis => new OneHotIoU(3, [0, 2], axis: axis),
        axis => new MeanIoU(3, sparseYTrue: false, sparseYPred: false, axis: axis),
        axis => new IoU(3, [1], sparseYTrue: false, sparseYPred: false, axis: axis),
    ];

    private static IEnumerable<Func<int, Metric>> OfLabels =>
    [
        axis => new SparseCategoricalCrossentropy(axis: axis),
        axis => new SparseCategoricalCrossentropy(ignoreClass: 1, axis: axis),
        axis => new MeanIoU(3, sparseYPred: false, axis: axis),
        axis => new IoU(3, [0, 1], sparseYPred: false, axis: axis),
    ];

    [Test]
    public void Along_another_axis_is_along_the_last_of_exchanged_axes(
        [ValueSource(nameof(Metrics))] Func<int, Metric> make, [Values(0, 1, -2, 2, -1)] int axis, [Values] bool weighted)
    {
        int index = (axis + 3) % 3;
        NDArray p = Numbers(1, Whole, v => 0.5 + (0.4 * v));
        NDArray y = Numbers(2, Whole, v => v > 0 ? 1 : 0);
        Compare(make(axis), make(-1), y, p, Last(y, index), weighted && index > 0);
    }

    [Test]
    public void Labels_lack_the_axis(
        [ValueSource(nameof(OfLabels))] Func<int, Metric> make, [Values(1, 2, -1)] int axis, [Values] bool weighted)
    {
        int index = (axis + 3) % 3;
        NDArray p = Numbers(1, Whole, v => 0.5 + (0.4 * v));
        NDArray y = Numbers(2, [.. Whole.Where((_, i) => i != index)], v => Math.Abs(Math.Round(2 * v)));
        Compare(make(axis), make(-1), y, p, y, weighted);
    }

    [Test]
    public void One_hot_targets_meet_class_indices_along_their_axis()
    {
        // Classes along the first axis of a sample: sample 0 has the classes 1 and 0, sample 1 has 1 and 1.
        var y = new NDArray([2, 2, 2], [0, 1, 1, 0, 0, 0, 1, 1]);
        var p = new NDArray([2, 2], [1, 1, 0, 1]);
        var metric = new IoU(2, [0, 1], sparseYTrue: false, axis: 1);
        metric.Update(y, p);

        // Class 0: of 1 target and 1 answer none meet; class 1: of 3 and 3 two do, 2 / 4.
        Assert.That(metric.Result, Is.EqualTo(0.25).Within(1e-6));
    }

    [Test]
    public void Correlation_over_a_batch_of_one_output_is_worked_out_by_hand()
    {
        // Deviations −1, 0, 1 and −1, 1, 0: covariance 1/3, variances 2/3.
        var metric = new PearsonCorrelation(axis: 0);
        metric.Update(new NDArray([3, 1], [1, 2, 3]), new NDArray([3, 1], [10, 12, 11]));
        Assert.That(metric.Result, Is.EqualTo(0.5).Within(1e-6));

        // Batches count by their correlations, as in Keras.
        metric.Update(new NDArray([2, 1], [1, 2]), new NDArray([2, 1], [5, 7]));
        Assert.That(metric.Result, Is.EqualTo(0.75).Within(1e-6));
    }

    [Test]
    public void Along_the_last_axis_arrays_count_as_their_columns([Values] bool weighted)
    {
        NDArray p = Numbers(3, [6, 4], v => v);
        NDArray y = Numbers(4, [6, 4], v => v);
        Real[] weights = weighted ? [1, 2, 3, 4, 5, 6] : [];
        foreach (Metric metric in (Metric[])
            [new MeanSquaredError(), new R2Score(), new RootMeanSquaredError(), new PearsonCorrelation()])
        {
            Metric expected = metric.Fresh();
            expected.Update(y.Values, 4, p.Values, 4, weights);
            metric.Update(y, p, weighted ? (NDArray)weights : null);
            Assert.That(metric.Result, Is.EqualTo(expected.Result).Within(1e-6), metric.Name);
        }
    }

    [Test]
    public void An_array_of_one_axis_is_samples_of_one_output()
    {
        var metric = new R2Score();
        metric.Update(new Real[] { 1, 2, 3 }, new Real[] { 1, 2, 4 });
        Assert.That(metric.Result, Is.EqualTo(0.5).Within(1e-6));
        var precision = new Precision();
        precision.Update(new Real[] { 1, 0, 1 }, new Real[] { (Real)0.9, (Real)0.8, (Real)0.1 }, new Real[] { 3, 1, 1 });
        Assert.That(precision.Result, Is.EqualTo(0.75).Within(1e-6));
    }

    [Test]
    public void What_does_not_fit_is_refused_word_for_word()
    {
        Assert.That(
            () => new PearsonCorrelation(axis: 1).Update(new NDArray(3, 4), new NDArray(4, 3)),
            Throws.ArgumentException.With.Message.EqualTo(
                "PearsonCorrelation 'pearson_correlation' compares targets with predictions of the same shape, or of one without "
                + "axis 1, but the targets have shape (3, 4) and the predictions (4, 3)."));
        Assert.That(
            () => new PearsonCorrelation(axis: 2).Update(new NDArray(3, 4), new NDArray(3, 4)),
            Throws.ArgumentException.With.Message.EqualTo(
                "PearsonCorrelation 'pearson_correlation': axis 2 does not exist, because the output has 2 axes, samples "
                + "included: -2 to 1."));
        Assert.That(
            () => new PearsonCorrelation(axis: 1).Update(new NDArray(3, 4, 2), new NDArray(3, 4, 2), new NDArray(5)),
            Throws.ArgumentException.With.Message.EqualTo(
                "PearsonCorrelation 'pearson_correlation' has 6 values along axis 1 in a batch of 3, but sampleWeight has shape "
                + "(5). Give one weight for each of them, or for each sample."));
        Assert.That(
            () => new PearsonCorrelation(axis: 0).Update(new NDArray(3, 2), new NDArray(3, 2), new NDArray(3)),
            Throws.ArgumentException.With.Message.EqualTo(
                "PearsonCorrelation 'pearson_correlation' has 2 values along axis 0 in a batch of 3, but sampleWeight has shape "
                + "(3). Give one weight for each of them."));
    }

    [TestCase("PearsonCorrelation")]
    [TestCase("ConcordanceCorrelation")]
    [TestCase("CosineSimilarity")]
    [TestCase("CategoricalCrossentropy")]
    [TestCase("SparseCategoricalCrossentropy")]
    [TestCase("IoU")]
    [TestCase("MeanIoU")]
    [TestCase("OneHotIoU")]
    [TestCase("OneHotMeanIoU")]
    public void The_axis_is_kept_in_files(string name)
    {
        Config config = new() { { "axis", 1 } };
        if (name.Contains("IoU", StringComparison.Ordinal))
        {
            config.Add("num_classes", 3);
            if (!name.Contains("Mean", StringComparison.Ordinal))
            {
                config.Add("target_class_ids", new[] { 1 });
            }
        }

        Metric metric = MetricNames.Registry.Create(new ComponentConfig(name, config));
        Assert.That(metric.GetConfig().Single(entry => entry.Key == "axis").Value, Is.EqualTo(1));
        Assert.That(MetricNames.Registry.Create(ComponentConfig.Of(metric)).GetConfig(), Is.EqualTo(metric.GetConfig()));
        Assert.That(metric.Fresh().GetConfig(), Is.EqualTo(metric.GetConfig()));
    }

    private static void Compare(Metric along, Metric last, NDArray y, NDArray p, NDArray lastTargets, bool weighted)
    {
        int index = (along.Axis + 3) % 3;
        Real[] weights = [1, 2, (Real)0.5];
        int lanes = p.Size / Whole[index];
        Real[] each = weighted ? [.. Enumerable.Range(0, lanes).Select(i => weights[i * 3 / lanes])] : [];
        NDArray columns = Last(p, index);
        last.Update(lastTargets.Values, lastTargets.Size / lanes, columns.Values, Whole[index], each);
        along.Update(y, p, weighted ? (NDArray)weights : null);
        Assert.That(along.Result, Is.EqualTo(last.Result).Within(1e-5));
        along.Reset();
        along.Update(y, p, weighted ? (NDArray)each : null);
        Assert.That(along.Result, Is.EqualTo(last.Result).Within(1e-5), "a weight for each place");
    }

    /// <summary>The array with an axis moved to the end.</summary>
    private static NDArray Last(NDArray array, int axis)
    {
        int inner = Whole[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        int length = Whole[axis];
        return new(
            [array.Size / length, length],
            [
                .. Enumerable.Range(0, array.Size).Select(i => array.Values[
                    (i / length / inner * inner * length) + (i / length % inner) + (i % length * inner)]),
            ]);
    }

    private static NDArray Numbers(int seed, int[] shape, Func<double, double> of)
    {
        var array = new NDArray(shape);
        for (int i = 0; i < array.Size; i++)
        {
            array.Values[i] = (Real)of(Math.Sin((seed * 12.9898) + (i * 78.233)) * 43758.5453 % 1);
        }

        return array;
    }
}
