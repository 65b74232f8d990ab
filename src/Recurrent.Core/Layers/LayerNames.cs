using System.Text.RegularExpressions;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>The layers that can be named in files, and how Keras turns their class names into names of layers.</summary>
public static partial class LayerNames
{
    /// <summary>Every layer by class name.</summary>
    public static Registry<Layer> Registry { get; } = new("layer", [
        new("Activation", Activation.Read),
        new("ActivityRegularization", ActivityRegularization.Read),
        new("AdaptiveAveragePooling1D", AdaptiveAveragePooling1D.Read),
        new("AdaptiveMaxPooling1D", AdaptiveMaxPooling1D.Read),
        new("Add", Add.Read),
        new("AdditiveAttention", AdditiveAttention.Read),
        new("AlphaDropout", AlphaDropout.Read),
        new("Attention", Attention.Read),
        new("Average", Average.Read),
        new("AveragePooling1D", AveragePooling1D.Read),
        new("BatchNormalization", BatchNormalization.Read),
        new("Bidirectional", Bidirectional.Read),
        new("CategoryEncoding", CategoryEncoding.Read),
        new("Concatenate", Concatenate.Read),
        new("Conv1D", Conv1D.Read),
        new("Conv1DTranspose", Conv1DTranspose.Read),
        new("ConvLSTM1D", ConvLSTM1D.Read),
        new("CoupledLSTM", CoupledLSTM.Read),
        new("CRF", CRF.Read),
        new("Cropping1D", Cropping1D.Read),
        new("Deltas", Deltas.Read),
        new("Dense", Dense.Read),
        new("DepthwiseConv1D", DepthwiseConv1D.Read),
        new("Dilated", Dilated.Read),
        new("Discretization", Discretization.Read),
        new("Dot", Dot.Read),
        new("Dropout", Dropout.Read),
        new("EinsumDense", EinsumDense.Read),
        new("ELU", ELU.Read),
        new("Embedding", Embedding.Read),
        new("Flatten", Flatten.Read),
        new("GaussianDropout", GaussianDropout.Read),
        new("GaussianNoise", GaussianNoise.Read),
        new("GlobalAveragePooling1D", GlobalAveragePooling1D.Read),
        new("GlobalMaxPooling1D", GlobalMaxPooling1D.Read),
        new("GroupedQueryAttention", GroupedQueryAttention.Read),
        new("GroupNormalization", GroupNormalization.Read),
        new("GRU", GRU.Read),
        new("Hashing", Hashing.Read),
        new("Identity", Identity.Read),
        new("IndRNN", IndRNN.Read),
        new("InputLayer", Input.Read),
        new("IntegerLookup", IntegerLookup.Read),
        new("JordanRNN", JordanRNN.Read),
        new("Lambda", Lambda.Read),
        new("LayerNormalization", LayerNormalization.Read),
        new("LayerNormGRU", LayerNormGRU.Read),
        new("LayerNormLSTM", LayerNormLSTM.Read),
        new("LeakyReLU", LeakyReLU.Read),
        new("LRU", LRU.Read),
        new("LSTM", LSTM.Read),
        new("Masking", Masking.Read),
        new("Maximum", Maximum.Read),
        new("MaxPooling1D", MaxPooling1D.Read),
        new("MelSpectrogram", MelSpectrogram.Read),
        new("MFCC", MFCC.Read),
        new("MinGRU", MinGRU.Read),
        new("MinimalGRU", MinimalGRU.Read),
        new("Minimum", Minimum.Read),
        new("MinLSTM", MinLSTM.Read),
        new("MLSTM", MLSTM.Read),
        new("MultiHeadAttention", MultiHeadAttention.Read),
        new("Multiply", Multiply.Read),
        new("Normalization", Normalization.Read),
        new("PeepholeLSTM", PeepholeLSTM.Read),
        new("Permute", Permute.Read),
        new("PositionalEmbedding", PositionalEmbedding.Read),
        new("PositionalEncoding", PositionalEncoding.Read),
        new("PReLU", PReLU.Read),
        new("ProjectedLSTM", ProjectedLSTM.Read),
        new("ReLU", ReLU.Read),
        new("RepeatVector", RepeatVector.Read),
        new("Rescaling", Rescaling.Read),
        new("Reshape", Reshape.Read),
        new("Residual", Residual.Read),
        new("RGLRU", RGLRU.Read),
        new("RMSNormalization", RMSNormalization.Read),
        new("RNN", RNN.Read),
        new("ReversibleEmbedding", ReversibleEmbedding.Read),
        new("RotaryEmbedding", RotaryEmbedding.Read),
        new("S6", S6.Read),
        new("SegmentGRU", SegmentGRU.Read),
        new("SelfAttention", SelfAttention.Read),
        new("SeparableConv1D", SeparableConv1D.Read),
        new("SeriesSmoothing", SeriesSmoothing.Read),
        new("SimpleRNN", SimpleRNN.Read),
        new("SLSTM", SLSTM.Read),
        new("Softmax", Softmax.Read),
        new("SpatialDropout1D", SpatialDropout1D.Read),
        new("SpectralNormalization", SpectralNormalization.Read),
        new("STFTSpectrogram", STFTSpectrogram.Read),
        new("StringLookup", StringLookup.Read),
        new("Subtract", Subtract.Read),
        new("TextVectorization", TextVectorization.Read),
        new("TimeDistributed", TimeDistributed.Read),
        new("UGRNN", UGRNN.Read),
        new("UnitNormalization", UnitNormalization.Read),
        new("UpSampling1D", UpSampling1D.Read),
        new("ZeroPadding1D", ZeroPadding1D.Read),
    ]);

    /// <summary>The name that a first layer of a class gets: <c>TimeDistributed</c> becomes <c>time_distributed</c>, <c>LSTM</c>
    /// <c>lstm</c>.</summary>
    /// <param name="className">The class name.</param>
    public static string SnakeCase(string className) =>
        LowerBeforeUpper().Replace(Capitalized().Replace(className, "$1_$2"), "$1_$2").ToLowerInvariant();

    [GeneratedRegex("(.)([A-Z][a-z]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Capitalized();

    [GeneratedRegex("([a-z])([A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex LowerBeforeUpper();
}
