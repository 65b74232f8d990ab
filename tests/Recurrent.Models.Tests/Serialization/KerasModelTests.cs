using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Serialization;

/// <summary>Models from Keras's JSON with Keras's weights predict what Keras predicts.</summary>
public sealed class KerasModelTests
{
    [TestCase("simplernn")]
    [TestCase("gru_classifier")]
    [TestCase("lstm3x50_regressor")]
    [TestCase("bilstm_embedding")]
    [TestCase("conv_bn_gru")]
    public void Predictions_are_those_of_Keras(string name)
    {
        string architecture = File.ReadAllText(KerasFixture.PathOf($"saved/{name}.model.json"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf($"saved/{name}.expected.json")));
        string[] classes = [.. Documents.Parse(architecture).SelectTokens("config.layers[*].class_name").Select(token => (string)token!)];
        Assume.That(classes.All(LayerNames.Registry.Contains), "a layer of the model is not in the library yet");
        var expected = new FixtureNode(document.RootElement);
        NamedArray[] weights = [.. expected.NamedArrays("weights")];

        Sequential model = Sequential.FromJson(architecture);
        model.SetWeights([.. weights.Select(weight => weight.Value)]);
        Sequential reloaded = Documents.Load(Documents.Text(model));

        Assert.That(model.Layers.SelectMany(layer => layer.ParameterPaths), Is.EqualTo(weights.Select(weight => weight.Name)));
        float[] output = expected.Array("output").Values;
        Assert.That(model.Predict(expected.Array("input")).Values, Is.EqualTo(output).Within(1e-5f));
        Assert.That(reloaded.Predict(expected.Array("input")).Values, Is.EqualTo(model.Predict(expected.Array("input")).Values));
    }
}
