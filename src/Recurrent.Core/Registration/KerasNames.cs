namespace Recurrent.Registration;

/// <summary>What Keras has, so that a message can say of a name that it is right and not here, and need not guess at
/// another.</summary>
internal static class KerasNames
{
    private static readonly string[] Layers =
    [
        "ActivityRegularization", "Add", "AdditiveAttention", "AlphaDropout", "Attention", "Average", "AveragePooling1D",
        "AveragePooling2D", "AveragePooling3D", "BatchNormalization", "CategoryEncoding", "CenterCrop", "Concatenate", "Conv1D",
        "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D",
        "Convolution1D", "Convolution2D", "Cropping1D", "Cropping2D", "Cropping3D", "CuDNNGRU", "CuDNNLSTM", "DepthwiseConv1D",
        "DepthwiseConv2D", "Discretization", "Dot", "EinsumDense", "ELU", "GaussianDropout", "GaussianNoise",
        "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling1D", "GlobalMaxPooling2D",
        "GlobalMaxPooling3D", "GroupNormalization", "GroupQueryAttention", "HashedCrossing", "Hashing",
        "Identity", "IntegerLookup",
        "Lambda", "LeakyReLU", "LocallyConnected1D", "LocallyConnected2D", "Maximum", "MaxPooling1D",
        "MaxPooling2D", "MaxPooling3D",
        "MelSpectrogram", "Minimum", "MultiHeadAttention", "Multiply", "Normalization", "Permute", "PReLU", "ReLU", "Rescaling",
        "Reshape", "Resizing", "RMSNormalization", "SeparableConv1D", "SeparableConv2D", "Softmax", "SpatialDropout2D",
        "SpatialDropout3D", "SpectralNormalization", "STFTSpectrogram", "StringLookup", "Subtract", "TextVectorization",
        "ThresholdedReLU", "TorchModuleWrapper", "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D",
        "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
    ];

    private static readonly string[] Optimizers =
        ["LossScaleOptimizer", "MultiOptimizer"];

    private static readonly string[] Metrics = ["Circle", "CTC", "Dice", "MeanMetricWrapper", "MeanRelativeError", "Tversky"];

    private static readonly string[] Initializers = ["STFT", "STFTInitializer"];

    private static readonly string[] Activations = ["glu", "hard_swish", "relu6", "swish"];

    /// <summary>Whether Keras has something of a name.</summary>
    /// <param name="kind">What it is, as registries call it: <c>layer</c>.</param>
    /// <param name="name">The name; case does not matter.</param>
    public static bool Contains(string kind, string name) => (kind switch
    {
        "layer" => Layers,
        "optimizer" => Optimizers,
        "metric" => Metrics,
        "initializer" => Initializers,
        "activation" => Activations,
        _ => [],
    }).Contains(name, StringComparer.OrdinalIgnoreCase);
}
