using Recurrent.Metrics;
using Recurrent.Registration;

namespace Recurrent.Tests.Metrics;

/// <summary>Metrics whose numbers were worked out by hand; the arithmetic is beside them.</summary>
public sealed class WorkedMetricTests
{
    // At 0 all are a yes: 3 right, 2 wrong; precision 0.6, recall 1, specificity 0. At 0.5 those of 0.7, 0.6, 0.9 are: 2 right, 1
    // wrong, 1 missed, 1 left alone; precision and recall ⅔, specificity ½. At 1 none is: precision and recall 0, specificity 1.
    private static readonly Real[] FiveTargets = [0, 0, 1, 1, 1];
    private static readonly Real[] FiveOutputs = [0.1f, 0.7f, 0.4f, 0.6f, 0.9f];

    // Two columns of three outputs. Two greatest: rows 0 and 1, one right; rows 1 and 2, none right.
    private static readonly Real[] ColumnTargets = [0, 1, 1, 1, 0, 0];
    private static readonly Real[] ColumnOutputs = [0.9f, 0.8f, 0.1f, 0.2f, 0.6f, 0.3f];

    // Classes 2, 0, 1, 0 and the answers 2, 2, 0, 2.
    private static readonly Real[] OneHot = [0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0];
    private static readonly Real[] Scores = [0.2f, 0.3f, 0.5f, 0.1f, 0.2f, 0.7f, 0.5f, 0.3f, 0.1f, 0.1f, 0.4f, 0.5f];

    public static IEnumerable<TestCaseData> Cases =>
    [
        Case(new SensitivityAtSpecificity(0.5, 3), 1, FiveTargets, FiveOutputs, 2.0 / 3),
        Case(new SensitivityAtSpecificity(0, 3), 1, FiveTargets, FiveOutputs, 1),
        Case(new SensitivityAtSpecificity(0.6, 3), 1, FiveTargets, FiveOutputs, 0),
        Case(new SpecificityAtSensitivity(0.6, 3), 1, FiveTargets, FiveOutputs, 0.5),
        Case(new SpecificityAtSensitivity(0.7, 3), 1, FiveTargets, FiveOutputs, 0),
        Case(new PrecisionAtRecall(0.6, 3), 1, FiveTargets, FiveOutputs, 2.0 / 3),
        Case(new PrecisionAtRecall(0.9, 3), 1, FiveTargets, FiveOutputs, 0.6),
        Case(new RecallAtPrecision(0.6, 3), 1, FiveTargets, FiveOutputs, 1),
        Case(new RecallAtPrecision(0.65, 3), 1, FiveTargets, FiveOutputs, 2.0 / 3),
        Case(new RecallAtPrecision(0.9, 3), 1, FiveTargets, FiveOutputs, 0),

        // One threshold is 0.5. Two are 0 and 1, and an output above 1 counts as 1, which is not above the threshold.
        Case(new PrecisionAtRecall(0.6, 1), 1, FiveTargets, FiveOutputs, 2.0 / 3),
        Case(new SpecificityAtSensitivity(0, 2), 1, [0, 0], [1.2f, 1.5f], 1),

        // Output 1 of both columns: 0.8 is a yes and right, 0.6 is a yes and wrong.
        Case(new PrecisionAtRecall(0.5, 1, classId: 1), 3, ColumnTargets, ColumnOutputs, 0.5),

        // Two greatest: 1 right of 4 answers; 1 found of 3.
        Case(new Precision(topK: 2), 3, ColumnTargets, ColumnOutputs, 0.25),
        Case(new Recall(topK: 2), 3, ColumnTargets, ColumnOutputs, 1.0 / 3),

        // Of these four those above 0.5: 0.9, 0.8 and 0.6.
        Case(new Precision([0.5], topK: 2), 3, ColumnTargets, ColumnOutputs, 1.0 / 3),

        // Without thresholds the greatest is a yes even below 0.5; of equals the first.
        Case(new Precision(topK: 1), 3, [1, 0, 0, 0, 1, 0], [0.3f, 0.3f, 0.3f, 0.2f, 0.1f, 0.2f], 0.5),
        Case(new Precision(classId: 1), 3, ColumnTargets, ColumnOutputs, 0.5),
        Case(new Recall(classId: 1), 3, ColumnTargets, ColumnOutputs, 1),

        // Output 2 is among the two greatest of the second column only, where its target is no.
        Case(new Precision(topK: 2, classId: 2), 3, ColumnTargets, ColumnOutputs, 0),

        // 1 right, 1 wrong, 2 missed: P = ½, R = ⅓. β = 2: 5 · ⅙ / (4 · ½ + ⅓) = 5/14. β = ½: 1.25 · ⅙ / (¼ · ½ + ⅓) = 5/11.
        Case(new FBetaScore(beta: 2, threshold: 0.5), 1, [1, 1, 1, 0], [0.9f, 0.2f, 0.3f, 0.7f], 5.0 / 14),
        Case(new FBetaScore(beta: 0.5, threshold: 0.5), 1, [1, 1, 1, 0], [0.9f, 0.2f, 0.3f, 0.7f], 5.0 / 11),

        // The second column: sums of products of deviations 0.4, squares 0.42667 and 0.38: 0.4 / √(0.42667 · 0.38) = 0.9933993.
        // The first is a line: 1.
        Case(new PearsonCorrelation(), 3, [0, 1, 0.5f, 1, 1, 0.2f], [0.1f, 0.9f, 0.5f, 1, 0.9f, 0.2f], (1 + 0.9933993) / 2),
        Case(new PearsonCorrelation(), 2, [1, 1], [0, 1], 0),

        // 2 · 0.133333 / (0.166667 + 0.106667 + 0) = 0.9756098 and 2 · 0.133333 / (0.142222 + 0.126667 + 0.033333²) = 0.9876543.
        Case(new ConcordanceCorrelation(), 3, [0, 1, 0.5f, 1, 1, 0.2f], [0.1f, 0.9f, 0.5f, 1, 0.9f, 0.2f],
            (0.9756098 + 0.9876543) / 2),
        Case(new ConcordanceCorrelation(), 2, [1, 1], [1, 1], 0),

        // Each class: 1 hit, 1 false alarm, 1 miss.
        Case(new IoU(2, [0]), 1, [0, 0, 1, 1], [0, 1, 0, 1], 1.0 / 3),

        // Weights 0.3, 0.3, 0.3, 0.1. Class 0: 0.3 / (0.6 + 0.6 − 0.3); class 1: 0.1 / (0.4 + 0.4 − 0.1).
        Case(new MeanIoU(2), 1, [0, 0, 1, 1], [0, 1, 0, 1], ((1.0 / 3) + (1.0 / 7)) / 2, [0.3f, 0.3f, 0.3f, 0.1f]),

        // Class 1 never occurs, and is left out.
        Case(new MeanIoU(3), 1, [0, 2], [0, 2], 1),

        // The third target is ignored, the fourth answer is no class.
        Case(new MeanIoU(2, ignoreClass: -1), 1, [0, 1, -1, 1], [0, 1, 1, 7], 1),
        Case(new MeanIoU(2, ignoreClass: 1), 1, [0, 1, 0], [0, 0, 1], 0.25),

        // From 0.3 on class 1: answers 0, 0, 1, 1. Weights 0.2, 0.3, 0.4, 0.1: 0.2 / (0.6 + 0.5 − 0.2) and 0.1 / (0.4 + 0.5 −
        // 0.1).
        Case(new BinaryIoU(threshold: 0.3), 1, [0, 1, 0, 1], [0.1f, 0.2f, 0.4f, 0.7f], 1.0 / 3),
        Case(new BinaryIoU(threshold: 0.3), 1, [0, 1, 0, 1], [0.1f, 0.2f, 0.4f, 0.7f], ((2.0 / 9) + 0.125) / 2,
            [0.2f, 0.3f, 0.4f, 0.1f]),

        // What is the threshold itself is class 1.
        Case(new BinaryIoU([1]), 1, [1], [0.5f], 1),

        // Class 0: 0 hits, 2 targets, 1 answer. Class 1: 0 hits, 1 target. Class 2: 1 hit, 1 target, 3 answers.
        Case(new OneHotIoU(3, [0, 2]), 3, OneHot, Scores, 1.0 / 6),
        Case(new OneHotMeanIoU(3), 3, OneHot, Scores, 1.0 / 9),
        Case(new MeanIoU(3, sparseYTrue: false, sparseYPred: false), 3, OneHot, Scores, 1.0 / 9),

        // Thresholds −ε, ½, 1 + ε: recall 1, ½, 0 at false alarms 1, 0, 0: 1 · (1 + ½) / 2.
        Case(new AUC(thresholds: [0.5]), 1, [0, 0, 1, 1], [0, 0.5f, 0.3f, 0.9f], 0.75),

        // The first output is that; the second is right at ½ altogether: 1.
        Case(new AUC(thresholds: [0.5], multiLabel: true), 2, [0, 1, 0, 0, 1, 1, 1, 0],
            [0, 0.9f, 0.5f, 0.1f, 0.3f, 0.8f, 0.9f, 0.2f], 0.875),
        Case(
            new AUC(3, multiLabel: true, numLabels: 2, labelWeights: [3, 1]), 2, [0, 1, 0, 0, 1, 1, 1, 0],
                [0, 0.9f, 0.5f, 0.1f, 0.3f, 0.8f, 0.9f, 0.2f], 0.8125),

        // The yes of output 0 counts 1 and is found, that of output 1 counts 3 and is not: recall ¼ at no false alarm, 1 · (1 +
        // ¼) / 2.
        Case(new AUC(3, labelWeights: [1, 3]), 2, [0, 1, 1, 0], [0.4f, 0.4f, 0.7f, 0.2f], 0.625),

        // Gains: at −ε recall 1 and precision 1 − 2/2 = 0; at ½ recall 1 − 1/1 = 0 and precision 1; at 1 + ε recall 0 and
        // precision 1.
        Case(new AUC(3, AucCurve.PrecisionRecallGain), 1, [0, 0, 1, 1], [0, 0.5f, 0.3f, 0.9f], 0.5),
        Case(new AUC(3, AucCurve.PrecisionRecallGain, AucSummation.Minoring), 1, [0, 0, 1, 1], [0, 0.5f, 0.3f, 0.9f], 0),
        Case(new AUC(3, AucCurve.PrecisionRecallGain, AucSummation.Majoring), 1, [0, 0, 1, 1], [0, 0.5f, 0.3f, 0.9f], 1),

        // Columns (1, 2) and (3, 6) of the weights 1 and 2: (1.5 + 2 · 4.5) / 3, and 3 + 2 · 9.
        Case(new Mean(), 2, [0, 0, 0, 0], [1, 2, 3, 6], 3.5, [1, 2]),
        Case(new Sum(), 2, [0, 0, 0, 0], [1, 2, 3, 6], 21, [1, 2]),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Is_what_the_arithmetic_gives(Metric metric, int rows, Real[] targets, Real[] outputs,
        double expected, Real[] weights)
    {
        metric.CheckRows(rows, rows);
        metric.Update(targets, rows, outputs, rows, weights);
        Assert.That(metric.Result, Is.EqualTo(expected).Within(1e-6));

        // Column by column it is the same.
        Metric again = metric.Fresh();
        for (int i = 0; i < outputs.Length / rows; i++)
        {
            again.Update(targets.AsSpan(i * rows, rows), rows, outputs.AsSpan(i * rows, rows), rows, weights.Length == 0 ? []
                : weights.AsSpan(i, 1));
        }

        Assert.That(again.Result, Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Scores_are_compared_with_class_indices()
    {
        // Answers 2, 2, 0, 2 to 2, 0, 1, 0, as above.
        var metric = new MeanIoU(3, sparseYPred: false);
        metric.Update([2, 0, 1, 0], 1, Scores, 3, []);
        Assert.That(metric.Result, Is.EqualTo(1.0 / 9).Within(1e-6));
    }

    public static IEnumerable<TestCaseData> Refused =>
    [
        new(() => new SensitivityAtSpecificity(1.5, 0, -1),
            "SensitivityAtSpecificity: specificity must be at least 0 and at most 1, but is 1.5; numThresholds must be at "
            + "least 1 and at most 1000000, but is 0; classId must be at least 0, but is -1."),
        new(() => new Precision(topK: 0, classId: -1),
            "Precision: topK must be at least 1, but is 0; classId must be at least 0, but is -1."),
        new(() => new FBetaScore(beta: 0, threshold: 2),
            "FBetaScore: beta must be a finite number above 0, but is 0; threshold must be above 0 and at most 1, but is 2."),
        new(() => new IoU(2, [0, 2, -1]),
            "IoU: targetClassIds[1] must be from 0 to 1, but is 2; targetClassIds[2] must be from 0 to 1, but is -1."),
        new(() => new OneHotIoU(2, []), "OneHotIoU: targetClassIds must have at least one entry."),
        new(() => new MeanIoU(0), "MeanIoU: numClasses must be at least 1, but is 0."),
        new(() => new BinaryIoU(threshold: double.NaN), "BinaryIoU: threshold must be a finite number, but is NaN."),
        new(() => new AUC(numLabels: 2, labelWeights: [1, -1, 1]),
            "AUC: numLabels needs multiLabel: true; labelWeights[1] must be a finite number of at least 0, but is -1; "
            + "labelWeights must have one entry for each of the 2 labels, but has 3."),
        new(() => new AUC(thresholds: [0.5, 1.5]), "AUC: thresholds[1] must be at least 0 and at most 1, but is 1.5."),
    ];

    [TestCaseSource(nameof(Refused))]
    public void Options_out_of_range_are_refused(Func<Metric> make, string message) =>
        Assert.That(() => make(), Throws.ArgumentException.With.Message.EqualTo(message));

    public static IEnumerable<TestCaseData> Unfit =>
    [
        new(new Precision(classId: 3), 3, 3,
            "Precision 'precision' looks at output 3, but the model has 3: classId must be from 0 to 2."),
        new(new Recall(topK: 4), 3, 3,
            "Recall 'recall' looks at the 4 greatest outputs, but the model has 3: topK must be at most that."),
        new(new AUC(multiLabel: true, numLabels: 2), 3, 3,
            "AUC 'auc' is for 2 labels, but the model has 3 outputs. Set numLabels for these."),
        new(new AUC(labelWeights: [1, 2]), 3, 3,
            "AUC 'auc' is for 2 labels, but the model has 3 outputs. Set labelWeights for these."),
        new(new AUC(1_000_000, multiLabel: true), 20, 20,
            "AUC 'auc' has 1000000 thresholds for each of 20 outputs, but 10000000 are the most in all. Set numThresholds to "
            + "at most 500000."),
        new(new PearsonCorrelation(), 1, 1,
            "PearsonCorrelation 'pearson_correlation' compares the outputs of a sample or time step with each other, but the "
            + "model has only 1 output. For one output use R2Score."),
        new(new MeanIoU(3), 1, 3,
            "MeanIoU 'mean_io_u' needs a class for each class, but a column has 1 among its 1 targets and 3 among its 3 "
            + "outputs. Where outputs are scores of classes set sparseYPred: false, and sparseYTrue: false where targets are "
            + "one-hot."),
    ];

    [TestCaseSource(nameof(Unfit))]
    public void What_does_not_fit_the_model_is_refused(Metric metric, int targetRows, int rows, string message) =>
        Assert.That(() => metric.CheckRows(targetRows, rows), Throws.ArgumentException.With.Message.EqualTo(message));

    [Test]
    public void Outputs_can_be_class_indices_in_order()
    {
        var metric = new SparseTopKCategoricalAccuracy(2, fromSortedIds: true);
        metric.Update([3, 1, 7], 1, [3, 0, 1, 0, 2, 1, 5, 7, 3], 3, []);
        Assert.That(metric.Result, Is.EqualTo(2 / 3.0).Within(1e-6), "3 is first, 1 is third, 7 is second");
        Assert.That(metric.GetConfig().Last(), Is.EqualTo(new KeyValuePair<string, object?>("from_sorted_ids", true)));
        Metric again = MetricNames.Registry.Create(ComponentConfig.Of(metric));
        Assert.That(((SparseTopKCategoricalAccuracy)again.Fresh()).FromSortedIds, Is.True);
    }

    private static TestCaseData Case(
        Metric metric, int rows, Real[] targets, Real[] outputs, double expected, Real[]? weights = null) =>
        new TestCaseData(metric, rows, targets, outputs, expected, weights ?? [])
            .SetArgDisplayNames(ConfigText.Of(metric), $"{rows}", $"{targets.Length}", $"{weights?.Length ?? 0}");
}
