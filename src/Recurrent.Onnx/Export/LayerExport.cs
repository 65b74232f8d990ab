using Recurrent.Layers;

namespace Recurrent.Onnx.Export;

/// <summary>Layers as operators.</summary>
internal static class LayerExport
{
    /// <summary>Writes one use of a layer.</summary>
    /// <exception cref="OnnxExportException">There is no way to write it; the message names it and says why.</exception>
    public static Signal[] Write(LayerContext c)
    {
        string before = c.Writer.Scope;
        c.Writer.Scope = c.Name;
        try
        {
            return Layer(c);
        }
        finally
        {
            c.Writer.Scope = before;
        }
    }

    private static Signal[] Layer(LayerContext c) => c.Layer switch
    {
        // What does nothing in prediction.
        Input or Identity or Dropout or AlphaDropout or GaussianDropout or GaussianNoise or SpatialDropout1D
            or ActivityRegularization => c.GiveMasked(c.X),

        FunctionLayer layer => c.GiveMasked(layer.Function.Apply(c.X)),
        PReLU => ShapeExport.PRelu(c),
        Softmax => ShapeExport.Softmax(c),

        Dense => c.GiveMasked(c.Activated(c.Biased(c.X.MatMul(c.Weight("kernel"))))),
        EinsumDense => ShapeExport.Einsum(c),
        Embedding layer => ShapeExport.Embedding(c, layer),

        RecurrentLayer => RecurrentExport.Write(c),
        Bidirectional layer => WrapperExport.Write(c, layer),
        Dilated layer => WrapperExport.Write(c, layer),
        TimeDistributed layer => WrapperExport.Write(c, layer),
        Residual layer => WrapperExport.Write(c, layer),
        SpectralNormalization layer => c.Write(layer.Layer, c.Input, c.OutputShapes),

        HeadedAttention layer => AttentionExport.Write(c, layer),
        ScoredAttention layer => AttentionExport.Write(c, layer),
        SelfAttention layer => AttentionExport.Write(c, layer),

        Conv1D layer => ConvolutionExport.Write(c, layer),
        Conv1DTranspose layer => ConvolutionExport.Write(c, layer),
        DepthwiseConv1D layer => ConvolutionExport.Write(c, layer),
        SeparableConv1D layer => ConvolutionExport.Write(c, layer),
        Pooling1D layer => ConvolutionExport.Write(c, layer),
        GlobalPooling1D layer => ConvolutionExport.Write(c, layer),
        AdaptivePooling1D layer => ConvolutionExport.Write(c, layer),

        BatchNormalization layer => NormalizationExport.Write(c, layer),
        LayerNormalization layer => NormalizationExport.Write(c, layer),
        RMSNormalization layer => NormalizationExport.Write(c, layer),
        UnitNormalization layer => NormalizationExport.Write(c, layer),
        GroupNormalization layer => NormalizationExport.Write(c, layer),
        Normalization layer => NormalizationExport.Write(c, layer),

        Add => MergeExport.Elementwise(c, "Sum"),
        Average => MergeExport.Elementwise(c, "Mean"),
        Maximum => MergeExport.Elementwise(c, "Max"),
        Minimum => MergeExport.Elementwise(c, "Min"),
        Multiply => MergeExport.Elementwise(c, "Mul"),
        Subtract => MergeExport.Elementwise(c, "Sub"),
        Concatenate => MergeExport.Concatenated(c),
        Dot layer => MergeExport.Dotted(c, layer),

        Masking => ShapeExport.Masked(c),
        Flatten => c.GiveUnmasked(c.X.Reshape(0, -1)),
        Reshape => c.GiveUnmasked(c.X.Reshape([0, .. c.Options.Ints("target_shape").Select(axis => (long)axis)])),
        Permute => c.GiveUnmasked(c.X.Transpose([0, .. c.Options.Ints("dims")])),
        RepeatVector => c.GiveUnmasked(c.Writer.Op(
            "Expand", c.X.Unsqueeze(1), c.Writer.Integers(1, c.Options.Int("n"), 1))),
        Cropping1D => ShapeExport.Cropped(c),
        ZeroPadding1D => ShapeExport.Padded(c),
        UpSampling1D => ShapeExport.Repeated(c),
        Rescaling => c.GiveMasked((c.X * ShapeExport.Numbers(c, "scale")) + ShapeExport.Numbers(c, "offset")),

        PositionalEmbedding => PositionExport.Embedded(c),
        PositionalEncoding => PositionExport.Encoded(c),
        RotaryEmbedding => PositionExport.Turned(c),
        SeriesSmoothing layer => PositionExport.Smoothed(c, layer),

        CategoryEncoding layer => TokenExport.Write(c, layer),
        Discretization layer => TokenExport.Write(c, layer),
        IntegerLookup layer => TokenExport.Write(c, layer),
        StringLookup layer => TokenExport.Write(c, layer),
        Hashing => throw c.Refuse("hashes its input, and there is no operator of that hash",
            "Give the layer behind it bins that are computed before, or use a lookup with a vocabulary."),
        Lambda => throw c.Refuse("runs code of your own, of which a file can hold nothing",
            "Build the function of layers of the library."),
        { IsModel: true, Network: { } network } => ModelExport.Network(c.Writer, network, c.Inputs, $"{c.Name}/", c.States),
        _ => throw c.Refuse("is a layer of which it is not known how operators compute it", "Use layers of the library."),
    };
}
