using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Tests.Serialization;

/// <summary>Every option of every layer, set to what is not its default, is written to a file and comes back from it.</summary>
[TestFixture]
public sealed class EveryOptionTests
{
    // Arguments of the call in Keras, which writes them beside the config.
    private static readonly string[] OfTheCall = ["useCausalMask", "returnAttentionScores"];

    private static readonly string[] OfSeveralInputs =
    [
        "Add", "AdditiveAttention", "Attention", "Average", "Concatenate", "Dot", "GroupedQueryAttention", "Maximum", "Minimum",
        "MultiHeadAttention", "Multiply", "SegmentGRU", "Subtract",
    ];

    // Options of types of their own, and those that nothing but another option allows: not tried here.
    private static readonly string[] PassedOver =
    [
        "Bidirectional.backwardLayer", "CRF.scheme", "CRF.forbidden", "ConvLSTM1D.options", "CoupledLSTM.options",
        "Discretization.binBoundaries", "EinsumDense.biasAxes", "Hashing.salt", "IndRNN.options", "IntegerLookup.maskToken",
        "IntegerLookup.oovToken", "IntegerLookup.idfWeights", "IntegerLookup.padToMaxTokens", "IntegerLookup.salt",
        "JordanRNN.outputKernel", "JordanRNN.options", "LRU.kernel", "LRU.outputKernel", "LayerNormGRU.options",
        "LayerNormLSTM.options", "MLSTM.forgetBias", "MLSTM.options", "MelSpectrogram.window", "MelSpectrogram.samplingRate",
        "MelSpectrogram.padMode", "MinGRU.options", "MinLSTM.options", "MinimalGRU.variant", "MinimalGRU.options",
        "Normalization.mean", "Normalization.variance", "PeepholeLSTM.peepholeKernel", "PeepholeLSTM.options",
        "ProjectedLSTM.projectionKernel", "ProjectedLSTM.options", "RGLRU.maxDecay", "RGLRU.options", "S6.options",
        "SLSTM.options", "STFTSpectrogram.fftLength", "STFTSpectrogram.window", "StringLookup.idfWeights",
        "StringLookup.padToMaxTokens", "StringLookup.salt", "TextVectorization.standardize", "TextVectorization.split",
        "TextVectorization.ngrams", "TextVectorization.padToMaxTokens", "TextVectorization.idfWeights",
        "TextVectorization.sparse", "TextVectorization.encoding", "TextVectorization.standardizer",
        "TextVectorization.splitter", "UGRNN.options",
    ];

    // A Lambda is code, and no file holds it; an input has no parameter that a Sequential could ask for twice.
    private static IEnumerable<string> Names => LayerNames.Registry.Names
        .Where(name => name is not ("InputLayer" or "Lambda"))
        .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void An_option_comes_back_from_a_file(string name)
    {
        string defaults = ConfigText.Of(AnyLayer.Create(name));
        (string Option, Layer Layer)[] set = [.. AnyLayer.WithEachOption(name)];
        Assert.That(set, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach ((string option, Layer layer) in set)
            {
                bool isOfTheCall = OfTheCall.Contains(option) && OfSeveralInputs.Contains(name);
                Assert.That(ConfigText.Of(layer), isOfTheCall ? Is.EqualTo(defaults) : Is.Not.EqualTo(defaults), option);

                // The model gives the layer its name, so what it was is asked behind.
                Layer again = StandsAlone(name, option)
                    ? Sequential.FromJson(new Sequential([layer]).ToJson()).Layers[^1]
                    : LayerNames.Registry.Create(ComponentConfig.Of(layer));
                Assert.That(ConfigText.Of(again), Is.EqualTo(ConfigText.Of(layer)), option);
                Assert.That(again, Is.TypeOf(layer.GetType()));
            }
        });
    }

    /// <summary>What the test above does not try is known, so that it cannot grow unseen; the shape of an input is none of the
    /// options of a config.</summary>
    [Test]
    public void Options_that_are_not_tried_are_known() => Assert.That(
        Names.SelectMany(name => AnyLayer.PassedOver(name).Where(option => option is not "inputShape")
            .Select(option => $"{name}.{option}")),
        Is.EquivalentTo(PassedOver));

    /// <summary>Whether a Sequential takes the layer; others come back from their configs.</summary>
    private static bool StandsAlone(string name, string option) =>
        !OfSeveralInputs.Contains(name) && (name, option) is not ((_, "returnState") or ("StringLookup", "invert")
            or ("TextVectorization", "outputMode"));
}
