using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The metrics that can be named in code and in files: Keras's class names, the same in snake case, and short
/// names.</summary>
public static class MetricNames
{
    private static readonly KeyValuePair<string, Func<ConfigReader, Metric>>[] Named =
    [
        Mean("MeanSquaredError|mean_squared_error|mse", _ => new MeanSquaredError()),
        Mean("MeanAbsoluteError|mean_absolute_error|mae", _ => new MeanAbsoluteError()),
        Mean("MeanAbsolutePercentageError|mean_absolute_percentage_error|mape", _ => new MeanAbsolutePercentageError()),
        Mean("MeanSquaredLogarithmicError|mean_squared_logarithmic_error|msle", _ => new MeanSquaredLogarithmicError()),
        Mean("Huber|huber", r => new Huber(r.Double("delta", 1))),
        Mean("LogCoshError|log_cosh_error|LogCosh|log_cosh", _ => new LogCosh()),
        Mean("Quantile|quantile|pinball", r => new Quantile(r.OptionalDoubles("quantiles") ?? [0.5])),
        Mean("CosineSimilarity|cosine_similarity", r => new CosineSimilarity(axis: Axis(r))),
        Mean("Poisson|poisson", _ => new Poisson()),
        Mean("KLDivergence|kl_divergence|kld|kullback_leibler_divergence", _ => new KLDivergence()),
        Mean("Hinge|hinge", _ => new Hinge()),
        Mean("SquaredHinge|squared_hinge", _ => new SquaredHinge()),
        Mean("CategoricalHinge|categorical_hinge", _ => new CategoricalHinge()),
        Mean(
            "BinaryCrossentropy|binary_crossentropy|bce",
            r => new BinaryCrossentropy(r.Bool("from_logits", false), r.Double("label_smoothing", 0), axis: Axis(r))),
        Mean(
            "CategoricalCrossentropy|categorical_crossentropy",
            r => new CategoricalCrossentropy(r.Bool("from_logits", false), r.Double("label_smoothing", 0), axis: Axis(r))),
        Mean(
            "SparseCategoricalCrossentropy|sparse_categorical_crossentropy",
            r => new SparseCategoricalCrossentropy(r.Bool("from_logits", false), r.OptionalInt("ignore_class"), axis: Axis(r))),
        Mean("BinaryFocalCrossentropy|binary_focal_crossentropy", r => LossNames.BinaryFocal(r)),
        Mean("CategoricalFocalCrossentropy|categorical_focal_crossentropy", r => LossNames.CategoricalFocal(r)),
        Mean(
            "CategoricalGeneralizedCrossEntropy|categorical_generalized_cross_entropy",
            r => new CategoricalGeneralizedCrossEntropy(r.Double("q", 0.5))),
        Metric("RootMeanSquaredError|root_mean_squared_error|rmse", r => new RootMeanSquaredError(Name(r))),
        Metric("R2Score|r2_score|r2", R2Score.Read),
        Metric("Accuracy", r => new Accuracy(Name(r))),
        Metric("BinaryAccuracy|binary_accuracy", r => new BinaryAccuracy(r.Double("threshold", 0.5), Name(r))),
        Metric("CategoricalAccuracy|categorical_accuracy", r => new CategoricalAccuracy(Name(r))),
        Metric("SparseCategoricalAccuracy|sparse_categorical_accuracy", r => new SparseCategoricalAccuracy(Name(r))),
        Metric("TopKCategoricalAccuracy|top_k_categorical_accuracy", r => new TopKCategoricalAccuracy(r.Int("k", 5), Name(r))),
        Metric(
            "SparseTopKCategoricalAccuracy|sparse_top_k_categorical_accuracy",
            r => new SparseTopKCategoricalAccuracy(r.Int("k", 5), Name(r), r.Bool("from_sorted_ids", false))),
        Metric("Precision|precision",
            r => new Precision(Thresholds(r), r.OptionalInt("top_k"), r.OptionalInt("class_id"), Name(r))),
        Metric("Recall|recall", r => new Recall(Thresholds(r), r.OptionalInt("top_k"), r.OptionalInt("class_id"), Name(r))),
        Metric("TruePositives|true_positives", r => new TruePositives(Thresholds(r), Name(r))),
        Metric("FalsePositives|false_positives", r => new FalsePositives(Thresholds(r), Name(r))),
        Metric("TrueNegatives|true_negatives", r => new TrueNegatives(Thresholds(r), Name(r))),
        Metric("FalseNegatives|false_negatives", r => new FalseNegatives(Thresholds(r), Name(r))),
        Metric("AUC|auc", AUC.Read),
        Metric("F1Score|f1_score|f1", F1Score.Read),
        Metric("FBetaScore|fbeta_score|f_beta_score", FBetaScore.ReadFBeta),
        Metric(
            "SensitivityAtSpecificity|sensitivity_at_specificity",
            r => ConstrainedMetric.Read(r, "specificity", (v, n, c, name) => new SensitivityAtSpecificity(v, n, c, name))),
        Metric(
            "SpecificityAtSensitivity|specificity_at_sensitivity",
            r => ConstrainedMetric.Read(r, "sensitivity", (v, n, c, name) => new SpecificityAtSensitivity(v, n, c, name))),
        Metric(
            "PrecisionAtRecall|precision_at_recall",
            r => ConstrainedMetric.Read(r, "recall", (v, n, c, name) => new PrecisionAtRecall(v, n, c, name))),
        Metric(
            "RecallAtPrecision|recall_at_precision",
            r => ConstrainedMetric.Read(r, "precision", (v, n, c, name) => new RecallAtPrecision(v, n, c, name))),
        Metric("PearsonCorrelation|pearson_correlation", r => new PearsonCorrelation(Name(r), Axis(r))),
        Metric("ConcordanceCorrelation|concordance_correlation", r => new ConcordanceCorrelation(Name(r), Axis(r))),
        Overlap(
            "IoU|io_u|iou",
            r => new IoU(Classes(r), Ids(r) ?? [], Ignored(r), r.Bool("sparse_y_true", true),
                r.Bool("sparse_y_pred", true), Name(r), Axis(r))),
        Overlap("BinaryIoU|binary_io_u|binary_iou", r => new BinaryIoU(Ids(r), r.Double("threshold", 0.5), Name(r))),
        Overlap(
            "MeanIoU|mean_io_u|mean_iou",
            r => new MeanIoU(Classes(r), Ignored(r), r.Bool("sparse_y_true", true),
                r.Bool("sparse_y_pred", true), Name(r), Axis(r))),
        Overlap(
            "OneHotIoU|one_hot_io_u|one_hot_iou",
            r => new OneHotIoU(Classes(r), Ids(r) ?? [], Ignored(r), r.Bool("sparse_y_pred", false), Name(r), Axis(r))),
        Overlap(
            "OneHotMeanIoU|one_hot_mean_io_u|one_hot_mean_iou",
            r => new OneHotMeanIoU(Classes(r), Ignored(r), r.Bool("sparse_y_pred", false), Name(r), Axis(r))),
        Metric("Mean|mean", r => new Mean(Name(r))),
        Metric("Sum|sum", r => new Sum(Name(r))),
    ];

    /// <summary>Every metric by name.</summary>
    public static Registry<Metric> Registry { get; } = new("metric", Named);

    /// <summary>
    /// Every name that a model can be compiled with: the metrics, and what is chosen among several when data are known. There
    /// <c>accuracy</c> is the one that fits, and <see cref="Accuracy"/> stands under its name with a config that names it.
    /// </summary>
    public static Registry<MetricChoice> Choices { get; } = new("metric", [
        .. Named.Select(metric => KeyValuePair.Create<string, Func<ConfigReader, MetricChoice>>(
            metric.Key,
            r => metric.Key == "Accuracy" && !r.Has("name") ? MetricChoice.Accuracy("accuracy") : metric.Value(r))),
        new("acc", r => MetricChoice.Accuracy(Name(r) ?? "acc")),
        new("ce|crossentropy", r => MetricChoice.Crossentropy(Name(r) ?? "crossentropy")),
    ]);

    /// <summary>The metric of a name with its default options. It appears under that very name, as in Keras.</summary>
    /// <param name="name">One of <see cref="Registry"/>'s names.</param>
    /// <exception cref="ConfigException">
    /// The name is unknown, and the message lists the valid names and the nearest one; or it stands for several, as
    /// <c>accuracy</c> does.
    /// </exception>
    public static Metric Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool isAccuracy = string.Equals(name, "accuracy", StringComparison.OrdinalIgnoreCase);
        return isAccuracy || (!Registry.Contains(name) && Choices.Contains(name))
            ? throw new ConfigException(
                $"'{name}' stands for the metric that fits outputs and targets, which is chosen where a model is compiled "
                + "with the name. Here, say which, as new BinaryAccuracy() or \"categorical_accuracy\" does.")
            : Registry.Create(new ComponentConfig(name, new Config { { "name", name } }));
    }

    private static KeyValuePair<string, Func<ConfigReader, Metric>> Mean(string names, Func<ConfigReader, Loss> loss) =>
        Metric(names, r => new LossMetric(loss(r), Name(r)));

    private static KeyValuePair<string, Func<ConfigReader, Metric>> Metric(string names, Func<ConfigReader, Metric> make) =>
        new(names, reader =>
        {
            reader.Expect("dtype", null, "float32");
            return make(reader);
        });

    private static KeyValuePair<string, Func<ConfigReader, Metric>> Overlap(string names, Func<ConfigReader, Metric> make) =>
        new(names, reader =>
        {
            // Counts of classes are whole numbers to Keras, where nothing has a weight.
            reader.Expect("dtype", null, "float32", "int", "int32", "int64");
            return make(reader);
        });

    private static int Classes(ConfigReader reader) => reader.Size("num_classes", each: 4);

    private static int[]? Ids(ConfigReader reader) => reader.Raw("target_class_ids") is null ? null
        : [.. reader.Ints("target_class_ids")];

    private static int? Ignored(ConfigReader reader) => reader.OptionalInt("ignore_class");

    private static int Axis(ConfigReader reader) => reader.Int("axis", -1);

    private static string? Name(ConfigReader reader) => reader.OptionalString("name");

    private static IReadOnlyList<double>? Thresholds(ConfigReader reader) =>
        reader.Raw("thresholds") is long or double ? [reader.Double("thresholds")] : reader.OptionalDoubles("thresholds");
}
