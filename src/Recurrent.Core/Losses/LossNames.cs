using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The losses that can be named in code and in files: Keras's class names, function names and short names.</summary>
public static class LossNames
{
    private static readonly KeyValuePair<string, Func<ConfigReader, Loss>>[] Named =
    [
        new("MeanSquaredError|mean_squared_error|mse", r => new MeanSquaredError(Reduction(r), Name(r))),
        new("MeanAbsoluteError|mean_absolute_error|mae", r => new MeanAbsoluteError(Reduction(r), Name(r))),
        new(
            "MeanAbsolutePercentageError|mean_absolute_percentage_error|mape",
            r => new MeanAbsolutePercentageError(Reduction(r), Name(r))),
        new(
            "MeanSquaredLogarithmicError|mean_squared_logarithmic_error|msle",
            r => new MeanSquaredLogarithmicError(Reduction(r), Name(r))),
        new("Huber|huber", r => new Huber(r.Double("delta", 1), Reduction(r), Name(r))),
        new("LogCosh|log_cosh|logcosh", r => new LogCosh(Reduction(r), Name(r))),
        new("Quantile|quantile|pinball", r => new Quantile(r.OptionalDoubles("quantiles") ?? [0.5], Reduction(r), Name(r))),
        new("GaussianNLL|gaussian_nll", r => new GaussianNLL(r.Double("min_scale", 1e-4), Reduction(r), Name(r))),
        new("StudentTNLL|student_t_nll", r => new StudentTNLL(r.Double("min_scale", 1e-4), Reduction(r), Name(r))),
        new(
            "NegativeBinomialNLL|negative_binomial_nll",
            r => new NegativeBinomialNLL(r.Double("min_dispersion", 1e-3), Reduction(r), Name(r))),
        new("CosineSimilarity|cosine_similarity", r => new CosineSimilarity(Reduction(r), Name(r), Axis(r))),
        new("Poisson|poisson", r => new Poisson(Reduction(r), Name(r))),
        new("KLDivergence|kl_divergence|kld|kullback_leibler_divergence", r => new KLDivergence(Reduction(r), Name(r))),
        new("Hinge|hinge", r => new Hinge(Reduction(r), Name(r))),
        new("SquaredHinge|squared_hinge", r => new SquaredHinge(Reduction(r), Name(r))),
        new("CategoricalHinge|categorical_hinge", r => new CategoricalHinge(Reduction(r), Name(r))),
        new(
            "BinaryCrossentropy|binary_crossentropy|bce",
            r => new BinaryCrossentropy(
                r.Bool("from_logits", false), r.Double("label_smoothing", 0), Reduction(r), Name(r), Axis(r))),
        new(
            "CategoricalCrossentropy|categorical_crossentropy",
            r => new CategoricalCrossentropy(
                r.Bool("from_logits", false), r.Double("label_smoothing", 0), Reduction(r), Name(r), Axis(r))),
        new(
            "SparseCategoricalCrossentropy|sparse_categorical_crossentropy",
            r => new SparseCategoricalCrossentropy(
                r.Bool("from_logits", false), r.OptionalInt("ignore_class"), Reduction(r), Name(r), Axis(r))),
        new("BinaryFocalCrossentropy|binary_focal_crossentropy", r => BinaryFocal(r, Reduction(r), Name(r))),
        new("CategoricalFocalCrossentropy|categorical_focal_crossentropy", r => CategoricalFocal(r, Reduction(r), Name(r))),
        new(
            "CategoricalGeneralizedCrossEntropy|categorical_generalized_cross_entropy",
            r => new CategoricalGeneralizedCrossEntropy(r.Double("q", 0.5), Reduction(r), Name(r))),
        new("Dice|dice", r => new Dice(Axes(r), Reduction(r), Name(r))),
        new("Tversky|tversky", r => new Tversky(r.Double("alpha", 0.5), r.Double("beta", 0.5), Axes(r), Reduction(r), Name(r))),
        new(
            "Circle|circle",
            r => new Circle(r.Double("gamma", 80), r.Double("margin", 0.4), r.Bool("remove_diagonal", true),
                Reduction(r), Name(r))),
        new("CTC|ctc", r => new CTC(Reduction(r), Name(r), r.Int("blank", 0))),
        new("CRFLoss|crf|crf_loss", r => new CRFLoss(Reduction(r), Name(r))),
    ];

    /// <summary>Every loss by name.</summary>
    public static Registry<Loss> Registry { get; } = new("loss", Named);

    /// <summary>
    /// Every name that a model can be compiled with: the losses, and what is chosen among several when data are known.
    /// </summary>
    public static Registry<LossChoice> Choices { get; } = new("loss", [
        .. Named.Select(loss => KeyValuePair.Create<string, Func<ConfigReader, LossChoice>>(loss.Key, r => loss.Value(r))),
        new("Crossentropy|ce", r => new Crossentropy(Reduction(r), Name(r))),
    ]);

    /// <summary>The loss of a name with its default options.</summary>
    internal static Loss Create(string name) => !Registry.Contains(name) && Choices.Contains(name)
        ? throw new ConfigException(
            $"'{name}' stands for the crossentropy that fits outputs and targets, which is chosen where a model is compiled "
            + "with the name. Here, say which: binary_crossentropy, categorical_crossentropy or sparse_categorical_crossentropy.")
        : Registry.Create(name);

    /// <summary>Reads the focal loss of a yes or no.</summary>
    internal static BinaryFocalCrossentropy BinaryFocal(
        ConfigReader reader, Reduction reduction = Losses.Reduction.SumOverBatchSize, string? name = null) => new(
        reader.Bool("apply_class_balancing", false),
        reader.Double("alpha", 0.25),
        reader.Double("gamma", 2),
        reader.Bool("from_logits", false),
        reader.Double("label_smoothing", 0),
        reduction,
        name,
        reader.Int("axis", -1));

    /// <summary>Reads the focal loss of several classes.</summary>
    internal static CategoricalFocalCrossentropy CategoricalFocal(
        ConfigReader reader, Reduction reduction = Losses.Reduction.SumOverBatchSize, string? name = null) => new(
        reader.Raw("alpha") is long or double or null ? [reader.Double("alpha", 0.25)] : reader.OptionalDoubles("alpha")!,
        reader.Double("gamma", 2),
        reader.Bool("from_logits", false),
        reader.Double("label_smoothing", 0),
        reduction,
        name,
        reader.Int("axis", -1));

    private static IReadOnlyList<int>? Axes(ConfigReader reader) => reader.Raw("axis") is null ? null : reader.Ints("axis");

    private static string? Name(ConfigReader reader) => reader.OptionalString("name");

    private static Reduction Reduction(ConfigReader reader)
    {
        reader.Expect("dtype", null, "float32");
        return ReductionNames.Read(reader);
    }

    private static int Axis(ConfigReader reader) => reader.Int("axis", -1);
}
