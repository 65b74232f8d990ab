namespace Recurrent.Registration;

/// <summary>What Keras has and this library has not, so that a message can say of a name that it is right and not here, and need
/// not guess at another.</summary>
internal static class KerasNames
{
    private static readonly string[] Layers =
    [
        "AveragePooling2D", "AveragePooling3D", "CenterCrop", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose",
        "ConvLSTM2D", "ConvLSTM3D", "Convolution2D", "Cropping2D", "Cropping3D", "CuDNNGRU", "CuDNNLSTM", "DepthwiseConv2D",
        "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "HashedCrossing",
        "LocallyConnected1D", "LocallyConnected2D", "MaxPooling2D", "MaxPooling3D", "Resizing", "SeparableConv2D",
        "SpatialDropout2D", "SpatialDropout3D", "ThresholdedReLU", "TorchModuleWrapper", "UpSampling2D", "UpSampling3D",
        "ZeroPadding2D", "ZeroPadding3D",
    ];

    private static readonly string[] Optimizers =
        ["LossScaleOptimizer", "MultiOptimizer"];

    private static readonly string[] Metrics = ["Circle", "CTC", "Dice", "MeanMetricWrapper", "MeanRelativeError", "Tversky"];

    private static readonly string[] Initializers = ["STFT", "STFTInitializer"];

    private static readonly string[] Activations = ["glu"];

    /// <summary>Whether Keras has something of a name.</summary>
    /// <param name="kind">What it is, as registries call it: <c>layer</c>.</param>
    /// <param name="name">The name; case does not matter.</param>
    public static bool Contains(string kind, string name) => Of(kind).Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>What Keras alone has of a kind.</summary>
    /// <param name="kind">The kind, as registries call it.</param>
    internal static IReadOnlyList<string> Of(string kind) => kind switch
    {
        "layer" => Layers,
        "optimizer" => Optimizers,
        "metric" => Metrics,
        "initializer" => Initializers,
        "activation" => Activations,
        _ => [],
    };
}
