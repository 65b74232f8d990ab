using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Regularizers;

namespace Recurrent.Serialization;

/// <summary>What kind of component stands under a key, and the module that Keras writes for it.</summary>
internal static class Kinds
{
    public const string Activations = "activations";
    public const string Layers = "layers";
    public const string Losses = "losses";
    public const string Metrics = "metrics";
    public const string Optimizers = "optimizers";
    public const string Schedules = "optimizers.schedules";

    /// <summary>The module of components that are not the library's.</summary>
    public const string Custom = "custom";

    private const string GroupedQueries = "GroupedQueryAttention";
    private const string GroupedQueriesInFiles = "GroupQueryAttention";

    private const string Components = "components";
    private const string Initializers = "initializers";
    private const string Regularizers = "regularizers";
    private const string Constraints = "constraints";

    // What Keras does not have, it is told so by the module.
    private static readonly string[] OwnLayers =
    [
        "CRF", "ConvLSTM1DCell", "Deltas", "Dilated", "MFCC", "PositionalEmbedding", "PositionalEncoding", "Residual",
        "ReversibleEmbedding", "RotaryEmbedding", "SelfAttention", "SeriesSmoothing",
    ];

    // Layers, and their cells.
    private static readonly string[] OwnRecurrences =
    [
        "CoupledLSTM", "IndRNN", "JordanRNN", "LRU", "LayerNormGRU", "LayerNormLSTM", "MLSTM", "MinGRU", "MinLSTM", "MinimalGRU",
        "PeepholeLSTM", "ProjectedLSTM", "RGLRU", "S6", "SLSTM", "SegmentGRU", "UGRNN", "Zoneout",
    ];

    private static readonly string[] OwnLosses =
        ["CRFLoss", "Crossentropy", "GaussianNLL", "NegativeBinomialNLL", "Quantile", "StudentTNLL"];

    private static readonly string[] OwnSchedules = ["OneCycle", "WarmUp"];

    // Losses may be metrics here, too; Keras has metrics for most of them.
    private static readonly string[] OwnMetrics =
    [
        "BinaryFocalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalGeneralizedCrossEntropy", "Huber", "Quantile",
        "acc", "ce",
    ];

    private static readonly string[] OwnConstraints = ["MaxAbs"];

    // What Keras builds at construction, without a shape to remember.
    private static readonly string[] WithoutBuildShape =
    [
        "Activation", "ActivityRegularization", "AlphaDropout", "AveragePooling1D", "Dropout", "ELU", "GaussianDropout",
        "GaussianNoise", "GlobalAveragePooling1D", "GlobalMaxPooling1D", "Identity", "InputLayer", "IntegerLookup",
        "LeakyReLU", "Masking", "MaxPooling1D", "ReLU", "Reshape", "Softmax", "SpatialDropout1D", "StringLookup",
        "UnitNormalization",
    ];

    /// <summary>The kind of component that stands under a key of a config.</summary>
    public static string Of(string key) => key switch
    {
        "layer" or "forward_layer" or "backward_layer" or "cell" or "cells" => Layers,
        "activation" or "recurrent_activation" => Activations,
        "learning_rate" => Schedules,
        "loss" or "fn" => Losses,
        _ when key.EndsWith("_initializer", StringComparison.Ordinal) => Initializers,
        _ when key.EndsWith("_regularizer", StringComparison.Ordinal) => Regularizers,
        _ when key.EndsWith("_constraint", StringComparison.Ordinal) => Constraints,
        _ => Components,
    };

    /// <summary>Whether an activation stands under a key of a config.</summary>
    public static bool IsActivation(string key) => Of(key) == Activations;

    /// <summary>Whether a layer, and no cell, stands under a key of a config.</summary>
    public static bool IsWrapped(string key) => key is "layer" or "forward_layer" or "backward_layer";

    /// <summary>What Keras calls a class in files, where that is another name than it has in code.</summary>
    public static string InFiles(string className) => className == GroupedQueries ? GroupedQueriesInFiles : className;

    /// <summary>What a class is called in code, from its name in a file.</summary>
    public static string InCode(string className) => className == GroupedQueriesInFiles ? GroupedQueries : className;

    /// <summary>The module to write for a component.</summary>
    public static string Module(string kind, string className) =>
        !IsLibrarys(kind, className) ? Custom : kind switch
        {
            Activations or Components => true,
            Layers => OwnLayers.Contains(className) || OwnRecurrences.Contains(WithoutCell(className)),
            Losses => OwnLosses.Contains(className),
            Metrics => OwnMetrics.Contains(className),
            Schedules => OwnSchedules.Contains(className),
            Constraints => OwnConstraints.Contains(className),
            _ => false,
        }
            ? $"recurrent.{kind}"
            : $"keras.{kind}";

    private static string WithoutCell(string className) =>
        className.EndsWith("Cell", StringComparison.Ordinal) ? className[..^"Cell".Length] : className;

    /// <summary>Whether a component has its name in a registry of the library.</summary>
    private static bool IsLibrarys(string kind, string className) => kind switch
    {
        Layers => LayerNames.Registry.Contains(className) || CellNames.Registry.Contains(className),
        Activations => ActivationNames.Registry.Contains(className),
        Losses => LossNames.Choices.Contains(className),
        Metrics => MetricNames.Choices.Contains(className),
        Optimizers => OptimizerNames.Registry.Contains(className),
        Schedules => LearningRateScheduleNames.Registry.Contains(className),
        Initializers => InitializerNames.Registry.Contains(className),
        Regularizers => RegularizerNames.Registry.Contains(className),
        Constraints => ConstraintNames.Registry.Contains(className),
        _ => true,
    };

    /// <summary>
    /// Whether a metric is one that is chosen by the shapes of outputs and targets, which Keras knows by its name alone.
    /// </summary>
    public static bool IsNameAlone(MetricChoice metric) => metric is
    {
        Metric: null,
        Name: "accuracy" or "acc",
    };

    /// <summary>Whether Keras writes the shape that a layer of a class was built for.</summary>
    public static bool HasBuildShape(string className) => !WithoutBuildShape.Contains(className);

    /// <summary>Whether a file may name a module: Keras's, or this library's. Code of the user's own is not here to be
    /// run.</summary>
    public static bool IsKnownModule(string module) =>
        module is "keras" or "recurrent" or "builtins"
        || module.StartsWith("keras.", StringComparison.Ordinal)
        || module.StartsWith("recurrent.", StringComparison.Ordinal);
}
