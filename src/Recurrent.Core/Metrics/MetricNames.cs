using Recurrent.Losses;
using Recurrent.Registration;

namespace Recurrent.Metrics;

/// <summary>The metrics that can be named in code and in files: Keras's class names, the same in snake case, and short names.</summary>
public static class MetricNames
{
    /// <summary>Every metric by name. An empty config of <c>accuracy</c> is the accuracy that fits outputs and targets.</summary>
    public static Registry<Metric> Registry { get; } = new("metric", [
        Mean("MeanSquaredError|mean_squared_error|mse", _ => new MeanSquaredError()),
        Mean("MeanAbsoluteError|mean_absolute_error|mae", _ => new MeanAbsoluteError()),
        Mean("MeanAbsolutePercentageError|mean_absolute_percentage_error|mape", _ => new MeanAbsolutePercentageError()),
        Mean("MeanSquaredLogarithmicError|mean_squared_logarithmic_error|msle", _ => new MeanSquaredLogarithmicError()),
        Mean("Huber|huber", r => new Huber(r.Double("delta", 1))),
        Mean("LogCoshError|log_cosh_error|LogCosh|log_cosh", _ => new LogCosh()),
        Mean("Quantile|quantile|pinball", r => new Quantile(r.OptionalDoubles("quantiles") ?? [0.5])),
        Mean("CosineSimilarity|cosine_similarity", r => LastAxis(r, new CosineSimilarity())),
        Mean("Poisson|poisson", _ => new Poisson()),
        Mean("KLDivergence|kl_divergence|kld|kullback_leibler_divergence", _ => new KLDivergence()),
        Mean("Hinge|hinge", _ => new Hinge()),
        Mean("SquaredHinge|squared_hinge", _ => new SquaredHinge()),
        Mean("CategoricalHinge|categorical_hinge", _ => new CategoricalHinge()),
        Mean(
            "BinaryCrossentropy|binary_crossentropy|bce",
            r => LastAxis(r, new BinaryCrossentropy(r.Bool("from_logits", false), r.Double("label_smoothing", 0)))),
        Mean(
            "CategoricalCrossentropy|categorical_crossentropy",
            r => LastAxis(r, new CategoricalCrossentropy(r.Bool("from_logits", false), r.Double("label_smoothing", 0)))),
        Mean(
            "SparseCategoricalCrossentropy|sparse_categorical_crossentropy",
            r => LastAxis(r, new SparseCategoricalCrossentropy(r.Bool("from_logits", false), r.OptionalInt("ignore_class")))),
        Mean("BinaryFocalCrossentropy|binary_focal_crossentropy", r => LastAxis(r, LossNames.BinaryFocal(r))),
        Mean("CategoricalFocalCrossentropy|categorical_focal_crossentropy", r => LastAxis(r, LossNames.CategoricalFocal(r))),
        Mean(
            "CategoricalGeneralizedCrossEntropy|categorical_generalized_cross_entropy",
            r => new CategoricalGeneralizedCrossEntropy(r.Double("q", 0.5))),
        Metric("RootMeanSquaredError|root_mean_squared_error|rmse", r => new RootMeanSquaredError(Name(r))),
        Metric("R2Score|r2_score|r2", R2Score.Read),
        Metric("Accuracy", r => r.Has("name") ? new Accuracy(Name(r)) : new ChosenAccuracy("accuracy")),
        Metric("acc", r => new ChosenAccuracy(Name(r) ?? "acc")),
        Metric("ce|crossentropy", r => new ChosenCrossentropy(Name(r) ?? "crossentropy")),
        Metric("BinaryAccuracy|binary_accuracy", r => new BinaryAccuracy(r.Double("threshold", 0.5), Name(r))),
        Metric("CategoricalAccuracy|categorical_accuracy", r => new CategoricalAccuracy(Name(r))),
        Metric("SparseCategoricalAccuracy|sparse_categorical_accuracy", r => new SparseCategoricalAccuracy(Name(r))),
        Metric("TopKCategoricalAccuracy|top_k_categorical_accuracy", r => new TopKCategoricalAccuracy(r.Int("k", 5), Name(r))),
        Metric("SparseTopKCategoricalAccuracy|sparse_top_k_categorical_accuracy", r =>
        {
            r.Expect("from_sorted_ids", false);
            return new SparseTopKCategoricalAccuracy(r.Int("k", 5), Name(r));
        }),
        Metric("Precision|precision", r => new Precision(WholeThresholds(r), Name(r))),
        Metric("Recall|recall", r => new Recall(WholeThresholds(r), Name(r))),
        Metric("TruePositives|true_positives", r => new TruePositives(Thresholds(r), Name(r))),
        Metric("FalsePositives|false_positives", r => new FalsePositives(Thresholds(r), Name(r))),
        Metric("TrueNegatives|true_negatives", r => new TrueNegatives(Thresholds(r), Name(r))),
        Metric("FalseNegatives|false_negatives", r => new FalseNegatives(Thresholds(r), Name(r))),
        Metric("AUC|auc", AUC.Read),
        Metric("F1Score|f1_score|f1", F1Score.Read),
    ]);

    /// <summary>The metric of a name with its default options. It appears under that very name, as in Keras.</summary>
    /// <param name="name">One of <see cref="Registry"/>'s names; <c>accuracy</c> is the one that fits outputs and targets.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    public static Metric Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.Equals(name, "accuracy", StringComparison.OrdinalIgnoreCase)
            ? new ChosenAccuracy(name)
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

    private static string? Name(ConfigReader reader) => reader.OptionalString("name");

    private static Loss LastAxis(ConfigReader reader, Loss loss) => reader.Int("axis", -1) == -1
        ? loss
        : throw new ConfigException($"{reader.Owner}: only axis = -1 is supported, the outputs of one sample or time step.");

    private static IReadOnlyList<double>? WholeThresholds(ConfigReader reader)
    {
        reader.Expect("top_k", [null]);
        reader.Expect("class_id", [null]);
        return Thresholds(reader);
    }

    private static IReadOnlyList<double>? Thresholds(ConfigReader reader) =>
        reader.Raw("thresholds") is long or double ? [reader.Double("thresholds")] : reader.OptionalDoubles("thresholds");
}
