using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Onnx.Tests;

/// <summary>What no operators are written for is refused: by the layer's name, with the reason and what to do.</summary>
internal sealed class RefusalTests
{
    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Case(new Hashing(7, name: "own", inputShape: 3), "hashes its input");
        yield return Case(new Lambda(x => x * x, name: "own", inputShape: 3), "runs code of your own");
        yield return Case(
            new IntegerLookup(vocabulary: [3, 5], numOovIndices: 2, oovMethod: "farmhash", name: "own", inputShape: 3),
            "hashes tokens that it does not know, and there is no operator of that hash. Set numOovIndices: 1, or oovMethod");
        yield return Case(new StringLookup(vocabulary: ["red", "blue"], numOovIndices: 2, name: "own", inputShape: 3),
            "hashes strings that it does not know, and there is no operator of that hash. Set numOovIndices: 1.");
        yield return Case(new TextVectorization(vocabulary: ["red", "blue"], name: "own", inputShape: 1), "takes texts apart");
        yield return Case(new STFTSpectrogram(frameLength: 8, name: "own", inputShape: (32, 1)), "computes spectra of frames");
        yield return Case(new MelSpectrogram(fftLength: 8, name: "own", inputShape: 32), "computes spectra of frames");
        yield return Case(new CRF(["A", "B"], name: "own", inputShape: (5, 3)), "finds the likeliest tags by a search");
        yield return Case(new Deltas(width: 3, axis: 1, name: "own", inputShape: new Shapes.Shape(null, 3)),
            "treats the ends of a sequence in another way, and its length is not known. Give the number of frames");
        yield return Case(new AdaptiveMaxPooling1D(2, name: "own", inputShape: new Shapes.Shape(null, 3)),
            "cuts a sequence into parts whose lengths follow from its own, which is not known. Give the number of time steps");

        static TestCaseData Case(Layer layer, string reason) => new TestCaseData(layer, reason)
            .SetArgDisplayNames(layer.ClassName);
    }

    [TestCaseSource(nameof(Layers))]
    public void A_layer_without_operators_is_named(Layer layer, string reason)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Refused(new Sequential([layer]), $"{layer.ClassName} 'own' cannot be written to an ONNX file: it {reason}");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Attention_over_more_axes_than_steps_is_named(bool severalAxes)
    {
        var x = new Input((4, 5, 6));
        Symbols y = new MultiHeadAttention(2, 3, attentionAxes: severalAxes ? [1, 2] : [2], name: "own").Call([x, x]);
        Refused(new Model([x], [.. y]), "MultiHeadAttention 'own' cannot be written to an ONNX file: it attends over inputs "
            + "of more axes than steps and features. Bring the other axes to samples before the model");
    }

    private static void Refused(Model model, string start) => Assert.That(
        () => OrtRun.Bytes(model), Throws.TypeOf<OnnxExportException>().With.Message.StartsWith(start));
}
