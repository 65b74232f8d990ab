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
            RequireStates(c);
            return Layer(c);
        }
        finally
        {
            c.Writer.Scope = before;
        }
    }

    // What cannot go on where a piece of a sequence ended must not look as if it did.
    private static void RequireStates(LayerContext c)
    {
        if (c.States?.Has(false) != true || c.Inputs.Length == 0)
        {
            return;
        }

        if (c.Layer.StreamingObstacle is { } obstacle)
        {
            throw c.Refuse($"cannot go on from states: {obstacle.Reason}",
                $"{obstacle.Advice ?? "Write the model without states"}.");
        }

        if (c.Layer is ICaching { CacheNames.Count: > 0 } or GlobalPooling1D)
        {
            throw c.Refuse("goes on from what it has kept of all steps, which is not written as states",
                "Write the model without states.");
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
        Embedding layer => ShapeExport.Embedded(c, layer.MaskZero),
        ReversibleEmbedding layer when c.Input.Shape.Rank == 1 => ShapeExport.Embedded(c, layer.MaskZero),
        ReversibleEmbedding => c.GiveMasked(c.X.MatMul(c.Weight("embeddings").Transpose(1, 0))),

        RecurrentLayer => RecurrentExport.Write(c),
        SegmentGRU layer => WrapperExport.Write(c, layer),
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
        Flatten => c.GiveUnmasked(ShapeExport.ChannelsLast(c).Reshape(0, -1)),
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

        MFCC layer => SoundExport.Write(c, layer),
        Deltas layer => SoundExport.Write(c, layer),
        STFTSpectrogram or MelSpectrogram => throw c.Refuse("computes spectra of frames, for which no operators are written",
            "Give the model spectra that are computed before: layer.Call(samples)."),
        CRF => throw c.Refuse("finds the likeliest tags by a search over all steps, for which no operators are written",
            "Write the layers before it as a model of their own, and read the tags from their output."),

        CategoryEncoding layer => TokenExport.Write(c, layer),
        Discretization layer => TokenExport.Write(c, layer),
        IntegerLookup layer => TokenExport.Write(c, layer),
        StringLookup layer => TokenExport.Write(c, layer),
        TextVectorization => throw c.Refuse("takes texts apart by rules of its own, for which there are no operators",
            "Give the layer behind it ids that are looked up before."),
        Hashing => throw c.Refuse("hashes its input, and there is no operator of that hash",
            "Give the layer behind it bins that are computed before, or use a lookup with a vocabulary."),
        Lambda => throw c.Refuse("runs code of your own, of which a file can hold nothing",
            "Build the function of layers of the library."),
        { IsModel: true, Network: { } network } => ModelExport.Network(c.Writer, network, c.Inputs, $"{c.Name}/", c.States),
        _ => throw c.Refuse("is a layer of which it is not known how operators compute it", "Use layers of the library."),
    };
}
