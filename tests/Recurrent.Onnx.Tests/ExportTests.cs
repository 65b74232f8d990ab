using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Onnx.Tests;

/// <summary>What is written gives in ONNX Runtime what the model gives.</summary>
internal sealed class ExportTests
{
    private const double Tolerance = 1e-5;

    private static readonly string[] Refused = ["CRF", "Hashing", "Lambda", "MelSpectrogram", "STFTSpectrogram",
        "TextVectorization"];

    private static IEnumerable<LayerCase> Cases => LayerCases.All;

    [TestCaseSource(nameof(Cases))]
    public void A_runtime_gives_what_the_model_gives(LayerCase layerCase)
    {
        ArgumentNullException.ThrowIfNull(layerCase);
        var random = new System.Random(layerCase.Name.Length);
        Model model = layerCase.Create();
        Samples.Shake(model, random);
        using OrtRun run = OrtRun.Of(model);
        foreach ((int batch, int more) in ((int, int)[])[(3, 0), (2, 2)])
        {
            NDArray[] x = Samples.For(layerCase, model, random, batch, more);
            Same(run.Run(x), x.Length == 1 ? model.PredictAll(x[0]) : model.PredictAll([.. x]));
        }
    }

    [Test]
    public void No_layer_is_forgotten()
    {
        HashSet<string> named = [.. Cases.Select(layerCase => layerCase.ClassName), .. Refused, "InputLayer", "StringLookup"];
        Assert.That(LayerNames.Registry.Names.Where(name => !named.Contains(name)), Is.Empty);
    }

    internal static void Same(IReadOnlyList<NDArray> given, IReadOnlyList<NDArray> expected, double tolerance = Tolerance)
    {
        Assert.That(given, Has.Count.EqualTo(expected.Count));
        for (int i = 0; i < given.Count; i++)
        {
            Assert.That(given[i].Shape, Is.EqualTo(expected[i].Shape));
            double worst = given[i].Values.Zip(expected[i].Values)
                .Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(1, Math.Abs(pair.Second)));
            Assert.That(worst, Is.LessThan(tolerance), $"output {i}");
        }
    }
}
