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

    /// <summary>Whether a Sequential takes the layer; others come back from their configs.</summary>
    private static bool StandsAlone(string name, string option) =>
        !OfSeveralInputs.Contains(name) && (name, option) is not ((_, "returnState") or ("StringLookup", "invert")
            or ("TextVectorization", "outputMode"));
}
