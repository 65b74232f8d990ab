using Recurrent.Losses;

namespace Recurrent.Tests.Losses;

/// <summary>Every gradient against five-point central differences, away from the kinks.</summary>
public sealed class LossGradientTests
{
    private const int Rows = 3;

    private static readonly double[] Reals = [-1.3, 0.7, 2.1, 0.4, -0.6, 1.9, -2.2, 0.3, 1.1, 0.9, -1.7, 0.2];
    private static readonly double[] OtherReals = [0.2, 1.6, -0.8, 1.5, 0.9, -0.7, -0.1, -1.2, 0.35, 2.6, -0.4, 1.3];
    private static readonly double[] Positive = [0.3, 1.7, 2.1, 0.4, 0.6, 1.9, 2.2, 0.3, 1.1, 0.9, 1.7, 0.2];
    private static readonly double[] OtherPositive = [1.2, 0.6, 0.8, 1.5, 0.9, 0.7, 0.1, 1.2, 0.35, 2.6, 0.4, 1.3];
    private static readonly double[] Probabilities = [0.2, 0.5, 0.3, 0.7, 0.1, 0.2, 0.25, 0.4, 0.35, 0.05, 0.85, 0.1];
    private static readonly double[] OneHot = [0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0];
    private static readonly double[] Soft = [0.1, 0.8, 0.1, 0.6, 0.3, 0.1, 0.2, 0.2, 0.6, 0.3, 0.4, 0.3];
    private static readonly double[] Signs = [-1, 1, 1, -1, -1, 1, -1, 1, -1, 1, 1, -1];
    private static readonly double[] Labels = [1, 0, 2, 1];

    public static IEnumerable<TestCaseData> Cases =>
    [
        Case(new MeanSquaredError(), Reals, OtherReals),
        Case(new MeanAbsoluteError(), Reals, OtherReals),
        Case(new MeanAbsolutePercentageError(), Reals, OtherReals),
        Case(new MeanSquaredLogarithmicError(), Positive, OtherPositive),
        Case(new Huber(), Reals, OtherReals),
        Case(new Huber(0.3), Reals, OtherReals),
        Case(new LogCosh(), Reals, OtherReals),
        Case(new Quantile(0.8), Reals, OtherReals),
        Case(new Quantile([0.1, 0.5, 0.9]), [0.1, 0.4, -0.3, 0.9], OtherReals),
        .. Likelihoods,
        Case(new CosineSimilarity(), Reals, OtherReals),
        Case(new Poisson(), Positive, OtherPositive),
        Case(new KLDivergence(), Soft, Probabilities),
        Case(new Hinge(), Signs, OtherReals),
        Case(new SquaredHinge(), Signs, OtherReals),
        Case(new SquaredHinge(), OneHot, OtherReals),
        Case(new CategoricalHinge(), OneHot, OtherReals),
        Case(new BinaryCrossentropy(), OneHot, Probabilities),
        Case(new BinaryCrossentropy(labelSmoothing: 0.2), OneHot, Probabilities),
        Case(new BinaryCrossentropy(fromLogits: true), OneHot, OtherReals),
        Case(new BinaryCrossentropy(fromLogits: true, labelSmoothing: 0.2), OneHot, OtherReals),
        Case(new CategoricalCrossentropy(), OneHot, Probabilities),
        Case(new CategoricalCrossentropy(), Soft, OtherPositive),
        Case(new CategoricalCrossentropy(labelSmoothing: 0.2), OneHot, Probabilities),
        Case(new CategoricalCrossentropy(fromLogits: true), OneHot, OtherReals),
        Case(new CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2), Soft, OtherReals),
        Case(new SparseCategoricalCrossentropy(), Labels, OtherPositive),
        Case(new SparseCategoricalCrossentropy(ignoreClass: 1), Labels, OtherPositive),
        Case(new SparseCategoricalCrossentropy(fromLogits: true), Labels, OtherReals),
        Case(new BinaryFocalCrossentropy(), OneHot, Probabilities),
        Case(new BinaryFocalCrossentropy(gamma: 0), OneHot, Probabilities),
        Case(new BinaryFocalCrossentropy(gamma: 0.5), Soft, Probabilities),
        Case(new BinaryFocalCrossentropy(true, 0.3, 1.5, labelSmoothing: 0.2), OneHot, Probabilities),
        Case(new BinaryFocalCrossentropy(fromLogits: true), OneHot, OtherReals),
        Case(new BinaryFocalCrossentropy(true, 0.3, 3, fromLogits: true, labelSmoothing: 0.2), Soft, OtherReals),
        Case(new CategoricalFocalCrossentropy(), OneHot, Probabilities),
        Case(new CategoricalFocalCrossentropy(gamma: 0), Soft, OtherPositive),
        Case(new CategoricalFocalCrossentropy([0.2, 0.5, 0.9], 1.5, labelSmoothing: 0.2), OneHot, OtherPositive),
        Case(new CategoricalFocalCrossentropy(fromLogits: true), OneHot, OtherReals),
        Case(new CategoricalFocalCrossentropy([0.2, 0.5, 0.9], 0.5, true, 0.2), Soft, OtherReals),
        Case(new CategoricalGeneralizedCrossEntropy(), Labels, Probabilities),
        Case(new CategoricalGeneralizedCrossEntropy(0.2), Labels, OtherPositive),
    ];

    private static IEnumerable<TestCaseData> Likelihoods =>
    [
        Case(new GaussianNLL(), Reals[..4], OtherReals[..8], 2),
        Case(new GaussianNLL(0.3), Reals[..4], OtherReals[..8], 4),
        Case(new StudentTNLL(), Reals[..4], OtherReals, 3),
        Case(new StudentTNLL(0.2), [40, -7, 0.5, 1], OtherReals, 6),
        Case(new NegativeBinomialNLL(), [0, 1, 5, 2.5], OtherReals[..8], 2),
        Case(new NegativeBinomialNLL(0.1), [300, 0, 3, 2], [3, 4, 0.5, -4, -1, 1, 2, -8], 4),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Matches_five_point_differences(Loss loss, double[] targets, double[] predictions, int rows)
    {
        const double Step = 2e-4;
        var losses = new double[predictions.Length / rows];
        var gradient = new double[predictions.Length];
        loss.Evaluate(targets, predictions, rows, losses, gradient);
        for (int i = 0; i < predictions.Length; i++)
        {
            double difference = (At(i, -2) - (8 * At(i, -1)) + (8 * At(i, 1)) - At(i, 2)) / (12 * Step);
            Assert.That(gradient[i], Is.EqualTo(difference).Within(1e-7 * Math.Max(1, Math.Abs(difference))), $"entry {i}");
        }

        double At(int index, int steps)
        {
            double[] moved = [.. predictions];
            moved[index] += steps * Step;
            loss.Evaluate(targets, moved, rows, losses, []);
            return losses[index / rows];
        }
    }

    private static TestCaseData Case(Loss loss, double[] targets, double[] predictions, int rows = Rows) =>
        new TestCaseData(loss, targets, predictions, rows).SetArgDisplayNames(
            string.Join(", ", loss.GetConfig().Where(e => e.Key != "reduction")
                .Select(e => e.Value is object[] l ? string.Join("/", l) : $"{e.Value}")),
            targets.Length.ToString(System.Globalization.CultureInfo.InvariantCulture),
            predictions == Probabilities ? "p" : "z",
            rows.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
