using Recurrent.Losses;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Tests.Losses;

/// <summary>Losses along another axis than the last: the same as along the last of a batch whose axes are exchanged.</summary>
public sealed class AxisLossTests
{
    private const int Samples = 3;
    private static readonly int[] Whole = [Samples, 4, 5];

    private static IEnumerable<Func<int, Loss>> Losses =>
    [
        axis => new CosineSimilarity(axis: axis),
        axis => new BinaryCrossentropy(labelSmoothing: 0.1, axis: axis),
        axis => new BinaryCrossentropy(true, axis: axis),
        axis => new CategoricalCrossentropy(axis: axis),
        axis => new CategoricalCrossentropy(true, 0.2, axis: axis),
        axis => new BinaryFocalCrossentropy(true, axis: axis),
        axis => new CategoricalFocalCrossentropy(axis: axis),
        axis => new SparseCategoricalCrossentropy(axis: axis),
        axis => new SparseCategoricalCrossentropy(true, 1, axis: axis),
    ];

    [Test]
    public void Along_another_axis_is_along_the_last_of_exchanged_axes(
        [ValueSource(nameof(Losses))] Func<int, Loss> make, [Values(0, 1, -2, 2, -1)] int axis, [Values] Reduction reduction)
    {
        int index = (axis + 3) % 3;
        Loss loss = With(make(axis), reduction);
        if (index == 0 && loss.TakesLabels)
        {
            return; // Refused, as below.
        }

        NDArray p = Numbers(1, Whole, v => 0.5 + (0.4 * v));
        NDArray y = loss.TakesLabels
            ? Numbers(2, [.. Whole.Where((_, i) => i != index)], v => Math.Abs(Math.Round(3 * v)))
            : Numbers(2, Whole, v => v > 0 ? 1 : 0);
        Real[] weights = index == 0 ? [] : [2, (Real)0.5, 1];

        // What lies along the axis comes last; every lane is a column.
        int length = Whole[index];
        int[][] places = [.. Enumerable.Range(0, p.Size / length).Select(lane => Lane(index, lane))];
        Real[] columns = [.. places.SelectMany(lane => lane.Select(i => p.Values[i]))];
        Real[] targets = loss.TakesLabels ? y.Values : [.. places.SelectMany(lane => lane.Select(i => y.Values[i]))];
        var values = new Real[places.Length];
        var slopes = new Real[p.Size];
        make(-1).Evaluate(targets, columns, length, values, slopes);
        Real[] each = index == 0 ? [] : [.. places.Select(lane => weights[lane[0] / 20])];
        bool[] counted = loss.IgnoresTargets ? [.. targets.Select(label => label != 1)] : [];
        var scales = new Real[places.Length];
        LossReduction.Scales(reduction, places.Length, each, counted, scales);
        double expected = values.Zip(scales, (v, s) => (double)v * s).Sum();

        NDArray gradient = new(Whole);
        double tolerance = 1e-5 * Math.Max(1, Math.Abs(expected));
        Assert.That(Evaluate(loss, y, p, weights, [], gradient), Is.EqualTo(expected).Within(tolerance));
        for (int lane = 0; lane < places.Length; lane++)
        {
            for (int i = 0; i < length; i++)
            {
                double slope = slopes[(lane * length) + i] * scales[lane];
                Assert.That(gradient.Values[places[lane][i]], Is.EqualTo(slope).Within(1e-5 * Math.Max(1, Math.Abs(slope))));
            }
        }
    }

    [Test]
    public void Similarity_over_the_steps_is_worked_out_by_hand()
    {
        // One sample of two steps and two features: (3, 4)·(4, 3) / 25 = 0.96 and (1, 0)·(0, 1) = 0.
        var y = new NDArray([1, 2, 2], [3, 1, 4, 0]);
        var p = new NDArray([1, 2, 2], [4, 0, 3, 1]);
        Assert.That(Evaluate(new CosineSimilarity(axis: 1), y, p, [], [], null), Is.EqualTo(-0.48).Within(1e-6));
        Assert.That(Evaluate(new CosineSimilarity(Reduction.Sum, axis: 1), y, p, [], [], null), Is.EqualTo(-0.96).Within(1e-6));

        // Of two samples of one step and output, along the samples.
        y = new NDArray([2, 1, 1], [3, 4]);
        p = new NDArray([2, 1, 1], [4, 3]);
        Assert.That(Evaluate(new CosineSimilarity(axis: 0), y, p, [], [], null), Is.EqualTo(-0.96).Within(1e-6));
    }

    [Test]
    public void A_hidden_step_is_in_no_lane()
    {
        // Two samples of three steps and one feature: of the first the last step is hidden, the second counts in full.
        var y = new NDArray([2, 3, 1], [3, 4, 100, 1, 0, 0]);
        var p = new NDArray([2, 3, 1], [4, 3, -100, 1, 0, 0]);
        bool[] counts = [true, true, true, true, false, true];
        NDArray gradient = new(2, 3, 1);
        Assert.That(
            Evaluate(new CosineSimilarity(axis: 1), y, p, [], counts, gradient), Is.EqualTo(-(0.96 + 1) / 2).Within(1e-6));
        Assert.That(gradient.Values[2], Is.Zero);
        Assert.That(gradient.Values[..2], Has.All.Not.Zero);

        // A lane of which nothing is left does not count.
        counts = [true, false, true, false, true, false];
        Assert.That(
            Evaluate(new CosineSimilarity(axis: 1), y, p, [], counts, null), Is.EqualTo(9976.0 / 10025).Within(1e-6));
    }

    [TestCase(
        "CosineSimilarity",
        3,
        "CosineSimilarity: axis 3 does not exist, because the output has 3 axes, samples included: -3 to 2.")]
    [TestCase(
        "SparseCategoricalCrossentropy",
        0,
        "SparseCategoricalCrossentropy: axis 0 is that of the samples, so no sample would have a label. "
        + "The classes must lie along another axis.")]
    public void Axes_that_are_not_there_are_refused(string name, int axis, string message)
    {
        Loss loss = LossNames.Registry.Create(new ComponentConfig(name, new Config { { "axis", axis } }));
        Assert.That(() => loss.Along((4, 5)), Throws.ArgumentException.With.Message.EqualTo(message));
    }

    [Test]
    public void Steps_of_unequal_length_are_no_classes_and_have_none_in_common()
    {
        var ragged = new Shape(null, 5);
        Assert.That(
            () => new SparseCategoricalCrossentropy(axis: 1).Along(ragged),
            Throws.ArgumentException.With.Message.EqualTo(
                "SparseCategoricalCrossentropy: axis 1 would make each step a class, but the sequences are of unequal length."));
        Assert.That(
            () => new CosineSimilarity(axis: 0).Along(ragged),
            Throws.ArgumentException.With.Message.EqualTo(
                "CosineSimilarity: axis 0 looks at samples step by step, but sequences of unequal length have no steps "
                + "in common."));
        Assert.That(new CosineSimilarity(axis: 1).Along(ragged), Is.InstanceOf<BatchLoss>());
    }

    [Test]
    public void The_last_axis_by_its_number_is_the_loss_itself([Values(-1, 2)] int axis)
    {
        var loss = new CosineSimilarity(axis: axis);
        Assert.That(loss.Along((4, 5)), Is.SameAs(loss));
    }

    [TestCase("CosineSimilarity")]
    [TestCase("BinaryCrossentropy")]
    [TestCase("CategoricalCrossentropy")]
    [TestCase("SparseCategoricalCrossentropy")]
    [TestCase("BinaryFocalCrossentropy")]
    [TestCase("CategoricalFocalCrossentropy")]
    public void The_axis_is_kept_in_files(string name)
    {
        Loss loss = LossNames.Registry.Create(new ComponentConfig(name, new Config { { "axis", 1 } }));
        Assert.That(loss.ColumnAxis, Is.EqualTo(1));
        Assert.That(LossNames.Registry.Create(ComponentConfig.Of(loss)).GetConfig(), Is.EqualTo(loss.GetConfig()));
        Assert.That(loss.GetConfig().Single(entry => entry.Key == "axis").Value, Is.EqualTo(1));
    }

    private static Loss With(Loss loss, Reduction reduction)
    {
        Config config = [];
        foreach ((string key, object? value) in loss.GetConfig())
        {
            config.Add(key, key == "reduction" ? ReductionNames.Of(reduction) : value);
        }

        return LossNames.Registry.Create(new ComponentConfig(loss.ClassName, config));
    }

    /// <summary>Where in an array of the whole shape the entries of a lane stand.</summary>
    private static int[] Lane(int axis, int lane)
    {
        int inner = Whole[(axis + 1)..].Aggregate(1, (a, b) => a * b);
        int start = (lane / inner * inner * Whole[axis]) + (lane % inner);
        return [.. Enumerable.Range(0, Whole[axis]).Select(i => start + (i * inner))];
    }

    /// <summary>Evaluates a loss of arrays, samples first, by way of columns, steps first.</summary>
    private static double Evaluate(Loss loss, NDArray y, NDArray p, Real[] weights, bool[] counts, NDArray? gradient)
    {
        Shape sample = (p.Shape[1], p.Shape[2]);
        Loss along = loss.Along(sample);
        Real[] targets = along is BatchLoss && y.Rank < 3 ? Columns(y, 1) : Columns(y, p.Shape[1]);
        if (along is not BatchLoss batchLoss)
        {
            // The last axis: nothing but columns.
            var losses = new Real[p.Size / p.Shape[2]];
            var slopes = new Real[p.Size];
            loss.Evaluate(Columns(y, p.Shape[1]), Columns(p, p.Shape[1]), p.Shape[2], losses, slopes);
            Real[] each = weights.Length == 0 ? [] : [.. losses.Select((_, i) => weights[i % p.Shape[0]])];
            bool[] counted = loss.IgnoresTargets ? [.. Columns(y, p.Shape[1]).Select(label => label != 1)] : [];
            var scales = new Real[losses.Length];
            LossReduction.Scales(loss.Reduction, losses.Length, each, counted, scales);
            Back([.. slopes.Select((s, i) => s * scales[i / p.Shape[2]])], gradient!);
            return losses.Zip(scales, (a, b) => (double)a * b).Sum();
        }

        var room = new double[batchLoss.ScratchLength(p.Shape[0], p.Shape[1], p.Shape[2], 1)];
        Array.Fill(room, double.NaN);
        Real[] result = new Real[gradient?.Size ?? 0];
        Array.Fill(result, Real.NaN);
        double value = batchLoss.Evaluate(
            new LossBatch
            {
                Targets = targets,
                TargetRows = batchLoss.TargetShape(sample, []).Features,
                Predictions = Columns(p, p.Shape[1]),
                SampleShape = sample,
                Samples = p.Shape[0],
                Counts = counts,
                Weights = weights,
                Scratch = room,
            },
            result);
        if (gradient is not null)
        {
            Back(result, gradient);
        }

        return value;
    }

    /// <summary>(samples, steps, rows) as (steps, samples, rows).</summary>
    private static Real[] Columns(NDArray array, int steps)
    {
        int samples = array.Shape[0];
        int rows = array.Size / samples / steps;
        return
        [
            .. Enumerable.Range(0, array.Size).Select(i =>
                array.Values[((((i / rows) % samples) * steps) + (i / rows / samples)) * rows + (i % rows)]),
        ];
    }

    private static void Back(Real[] columns, NDArray array)
    {
        int rows = array.Shape[2];
        for (int i = 0; i < columns.Length; i++)
        {
            int column = i / rows;
            int place = ((column % array.Shape[0]) * array.Shape[1]) + (column / array.Shape[0]);
            array.Values[(place * rows) + (i % rows)] = columns[i];
        }
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
