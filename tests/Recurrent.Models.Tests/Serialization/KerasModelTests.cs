using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Serialization;

/// <summary>Models from Keras's JSON with Keras's weights predict what Keras predicts.</summary>
public sealed class KerasModelTests
{
    // Those whose layers the library has.
    private static IEnumerable<string> Names =>
        ((string[])["bilstm_embedding", "conv_bn_gru", "gru_classifier", "lstm3x50_regressor", "simplernn"]).Where(name =>
            Documents.Parse(Architecture(name)).SelectTokens("config.layers[*].class_name")
                .All(token => LayerNames.Registry.Contains((string)token!)));

    [TestCaseSource(nameof(Names))]
    public void Predictions_are_those_of_Keras(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf($"saved/{name}.expected.json")));
        var expected = new FixtureNode(document.RootElement);
        NamedArray[] weights = [.. expected.NamedArrays("weights")];

        Sequential model = Sequential.FromJson(Architecture(name));
        model.SetWeights([.. weights.Select(weight => weight.Value)]);
        Sequential reloaded = Documents.Load(Documents.Text(model));

        Assert.That(model.Layers.SelectMany(layer => layer.ParameterPaths), Is.EqualTo(weights.Select(weight => weight.Name)));
        float[] output = expected.Array("output").Values;
        Assert.That(model.Predict(expected.Array("input")).Values, Is.EqualTo(output).Within(1e-5f));
        Assert.That(reloaded.Predict(expected.Array("input")).Values, Is.EqualTo(model.Predict(expected.Array("input")).Values));
    }

    private static string Architecture(string name) => File.ReadAllText(KerasFixture.PathOf($"saved/{name}.model.json"));
}
