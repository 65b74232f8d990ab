using Recurrent.Losses;
using Recurrent.Shapes;

namespace Recurrent.Tests.Losses;

/// <summary>Gradients of losses of whole batches against five-point central differences, and CTC against all
/// alignments.</summary>
public sealed class BatchLossGradientTests
{
    private const int Samples = 3;
    private static readonly Shape Sequence = (4, 3);

    public static IEnumerable<BatchLoss> Overlaps =>
    [
        new Dice(), new Dice([1, 2]), new Dice([-1]), new Dice([0, 1]), new Dice([0]), new Dice([1]),
            new Dice([0, 2], Reduction.Sum),
        new Tversky(0.7, 0.2), new Tversky(0.7, 0.2, [1, 2]), new Tversky(1, 0, [-1], Reduction.MeanWithSampleWeight),
    ];

    [Test]
    public void Overlaps_match_differences([ValueSource(nameof(Overlaps))] BatchLoss loss, [Values] bool masked,
        [Values] bool weighted)
    {
        double[] targets = Numbers(1, Samples * 12, x => x > 0 ? 1 : 0);
        double[] outputs = Numbers(2, Samples * 12, x => 0.5 + (0.4 * x));
        bool[] counts = masked ? [.. Enumerable.Range(0, Samples * 4).Select(i => i % 5 != 1 && i % 3 != 2)] : [];
        Check(loss, targets, 3, outputs, Sequence, counts, weighted && loss.TakesSampleWeights ? [0.5, 2, 1] : []);
    }

    public static IEnumerable<Loss> OfAxes =>
    [
        new CosineSimilarity(axis: 1), new CosineSimilarity(axis: 0), new BinaryCrossentropy(labelSmoothing: 0.1, axis: 1),
        new CategoricalCrossentropy(axis: 1), new CategoricalCrossentropy(true, axis: 0),
        new BinaryFocalCrossentropy(true, gamma: 1.5, reduction: Reduction.Sum, axis: 1),
        new CategoricalFocalCrossentropy([0.3, 0.2, 0.5, 0.1], reduction: Reduction.MeanWithSampleWeight, axis: 1),
        new SparseCategoricalCrossentropy(axis: 1), new SparseCategoricalCrossentropy(true, 2, axis: 1),
    ];

    [Test]
    public void Losses_along_other_axes_match_differences(
        [ValueSource(nameof(OfAxes))] Loss loss, [Values] bool masked, [Values] bool weighted)
    {
        var along = (BatchLoss)loss.Along(Sequence);
        double[] targets = loss.TakesLabels
            ? Numbers(1, Samples * 3, x => Math.Abs(Math.Round(2 * x)))
            : Numbers(1, Samples * 12, x => x > 0 ? 1 : 0);
        double[] outputs = Numbers(2, Samples * 12, x => 0.5 + (0.4 * x));

        // Weights of classes and class indices are for all of them: then whole samples are hidden.
        bool whole = loss.TakesLabels || loss is CategoricalFocalCrossentropy;
        bool[] counts = !masked ? []
            : [.. Enumerable.Range(0, Samples * 4).Select(i => whole ? i % 3 != 1 : i % 5 != 1 && i % 3 != 2)];
        double[] weights = weighted && along.TakesSampleWeights ? [0.5, 2, 1] : [];
        Check(along, targets, 3, outputs, Sequence, counts, weights);
    }

    [Test]
    public void Circle_matches_differences([Values(1.5, 10)] double gamma, [Values] bool removeDiagonal, [Values] bool weighted)
    {
        // Products of some go beyond 1, where the distance is cut off.
        double[] outputs = Numbers(3, 5 * 4, x => 0.7 * x);
        Check(new Circle(gamma, 0.3, removeDiagonal), [0, 1, 0, 2, 1], 1, outputs, 4, [], weighted ? [0.5, 2, 1, 3, 1] : [], 5);
    }

    [TestCase("1,2 2,0 1,1", false)]
    [TestCase("1,2 2,2 0,0", true)]
    [TestCase("2,0 1,0 2,1", true)]
    public void CTC_matches_differences(string labels, bool masked)
    {
        double[] targets = [.. labels.Split(' ', ',').Select(double.Parse)];
        bool[] counts = masked ? [true, false, true, true, true, true, false, true, true, true, true, true] : [];
        Check(new CTC(), targets, 2, Numbers(4, Samples * 12, x => 2 * x), Sequence, counts, masked ? [1, 0.5, 2] : []);
    }

    [Test]
    public void CTC_with_another_blank_is_CTC_of_classes_in_another_order([Values(1, 2)] int blank)
    {
        // Class 0 changes places with the blank, in targets and outputs.
        double[] targets = [1, 2, 2, 1, 1, 0];
        double[] logits = Numbers(7, 3 * 12, x => 2 * x);
        double[] moved = [.. logits];
        for (int i = 0; i < moved.Length; i += 3)
        {
            (moved[i], moved[i + blank]) = (moved[i + blank], moved[i]);
        }

        double[] renamed = [.. targets.Select(label => label == 0 ? blank : label == blank ? 0 : label)];
        double[] first = new double[logits.Length];
        double[] second = new double[logits.Length];
        Assert.That(Evaluate(new CTC(blank: blank), renamed, 2, moved, Sequence, [], [], 3, second),
            Is.EqualTo(Evaluate(new CTC(), targets, 2, logits, Sequence, [], [], 3, first)).Within(1e-12));
        for (int i = 0; i < first.Length; i += 3)
        {
            Assert.That(second[i], Is.EqualTo(first[i + blank]).Within(1e-12));
            Assert.That(second[i + blank], Is.EqualTo(first[i]).Within(1e-12));
        }
    }

    [Test]
    public void CTC_is_the_sum_over_all_alignments([Values("0,0,0", "1,0,0", "1,2,0", "1,1,0", "2,1,2", "2,2,1")] string labels,
        [Values(4, 5)] int steps)
    {
        double[] targets = [.. labels.Split(',').Select(double.Parse)];
        double[] logits = Numbers(5, steps * 3, x => 2 * x);
        int[] wanted = [.. targets.TakeWhile(label => label != 0).Select(label => (int)label)];
        double sum = 0;
        for (int path = 0; path < (int)Math.Pow(3, steps); path++)
        {
            int[] classes = [.. Enumerable.Range(0, steps).Select(t => path / (int)Math.Pow(3, t) % 3)];
            int[] collapsed = [.. classes.Where((k, t) => k != 0 && (t == 0 || classes[t - 1] != k))];
            if (collapsed.SequenceEqual(wanted))
            {
                sum += classes.Select((k, t) => Math.Exp(logits[(t * 3) + k]) / Enumerable.Range(0, 3)
                    .Sum(j => Math.Exp(logits[(t * 3) + j])))
                    .Aggregate(1.0, (a, b) => a * b);
            }
        }

        var loss = new CTC();
        double[] gradient = new double[logits.Length];
        Assert.That(Evaluate(loss, targets, 3, logits, (steps, 3), [], [], 1, gradient),
            Is.EqualTo(-Math.Log(sum)).Within(1e-12));
        Check(loss, targets, 3, logits, (steps, 3), [], [], 1);
    }

    [Test]
    public void CTC_of_a_long_sequence_neither_overflows_nor_vanishes()
    {
        double[] targets = [.. Enumerable.Range(0, 200).Select(i => 1.0 + (i % 2))];
        double[] logits = Numbers(6, 1000 * 3, x => 50 * x);
        double[] gradient = new double[logits.Length];
        Assert.That(Evaluate(new CTC(), targets, 200, logits, (1000, 3), [], [], 1, gradient),
            Is.GreaterThan(0).And.LessThan(1e6));
        Assert.That(gradient, Has.All.Matches<double>(double.IsFinite));
    }

    private static void Check(
        BatchLoss loss, double[] targets, int targetRows, double[] outputs, Shape shape, bool[] counts, double[] weights,
            int samples = Samples)
    {
        const double Step = 2e-4;
        double[] gradient = new double[outputs.Length];
        Evaluate(loss, targets, targetRows, outputs, shape, counts, weights, samples, gradient);
        Assert.That(gradient, Has.Some.Not.Zero);
        for (int i = 0; i < outputs.Length; i++)
        {
            double difference = (At(i, -2) - (8 * At(i, -1)) + (8 * At(i, 1)) - At(i, 2)) / (12 * Step);
            Assert.That(gradient[i], Is.EqualTo(difference).Within(1e-7 * Math.Max(1, Math.Abs(difference))), $"entry {i}");
        }

        double At(int index, int steps)
        {
            double[] moved = [.. outputs];
            moved[index] += steps * Step;
            return Evaluate(loss, targets, targetRows, moved, shape, counts, weights, samples, []);
        }
    }

    private static double Evaluate(
        BatchLoss loss, double[] targets, int targetRows, double[] outputs, Shape shape, bool[] counts, double[] weights,
            int samples, double[] gradient)
    {
        var scratch = new double[loss.ScratchLength(samples, shape.Steps, shape.Features, targetRows)];
        Array.Fill(scratch, double.NaN);
        var batch = new LossBatch
        {
            Targets = targets,
            TargetRows = targetRows,
            Predictions = outputs,
            SampleShape = shape,
            Samples = samples,
            Counts = counts,
            Weights = weights,
            Scratch = scratch,
        };
        return loss.Evaluate(batch, gradient);
    }

    /// <summary>Numbers between −1 and 1 that look random.</summary>
    private static double[] Numbers(int seed, int count, Func<double, double> of) =>
        [.. Enumerable.Range(0, count).Select(i => of(Math.Sin((seed * 12.9898) + (i * 78.233)) * 43758.5453 % 1))];
}
