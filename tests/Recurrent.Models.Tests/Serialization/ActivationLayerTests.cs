using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Layers that stand where an activation does, as Keras writes <c>Dense(2, activation=LeakyReLU(0.1))</c>.</summary>
public sealed class ActivationLayerTests
{
    private const string Policy = """
        "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}
        """;

    private static readonly float[] Points = [-3, -1, -0.25f, 0, 0.25f, 1, 5, 9];

    private static IEnumerable<TestCaseData> Layers()
    {
        yield return Case(Keras3("LeakyReLU", "\"negative_slope\": 0.1"), x => x < 0 ? 0.1 * x : x);
        yield return Case(Keras3("LeakyReLU", "\"negative_slope\": 0.3"), x => x < 0 ? 0.3 * x : x);
        yield return Case(Keras3("ELU", "\"alpha\": 0.7"), x => x < 0 ? 0.7 * (Math.Exp(x) - 1) : x);
        yield return Case(Keras3("ReLU", "\"max_value\": 6.0, \"negative_slope\": 0.0, \"threshold\": 0.0"),
            x => Math.Clamp(x, 0, 6));
        yield return Case(Keras3("ReLU", "\"max_value\": null, \"negative_slope\": 0.5, \"threshold\": 0"),
            x => x < 0 ? 0.5 * x : x);
        yield return Case(Keras3("Activation", "\"activation\": \"tanh\""), Math.Tanh);
        yield return Case(Keras3("Activation", $"\"activation\": {Keras3("LeakyReLU", "\"negative_slope\": 0.1")}"),
            x => x < 0 ? 0.1 * x : x);
        yield return Case(
            """{"class_name": "LeakyReLU", "config": {"name": "l", "trainable": true, "dtype": "float32", "alpha": 0.1}}""",
            x => x < 0 ? 0.1 * x : x);
        yield return Case("""{"class_name": "LeakyReLU", "config": {"name": "l"}}""", x => x < 0 ? 0.3 * x : x);
        yield return Case("""{"class_name": "ThresholdedReLU", "config": {"name": "t", "theta": 0.5}}""", x => x > 0.5 ? x : 0);

        static TestCaseData Case(string json, Func<double, double> function) =>
            new TestCaseData(json, function).SetArgDisplayNames(json);
    }

    [TestCaseSource(nameof(Layers))]
    public void Keras_calls_them_as_functions_and_so_they_are_read(string activation, Func<double, double> function)
    {
        Model model = Model.FromJson(Document(activation));
        model.SetWeights([new NDArray([1, 1], [1f]), new NDArray([1])]);
        float[] expected = [.. Points.Select(x => (float)function(x))];
        NDArray points = new([Points.Length, 1], Points);
        Assert.That(model.Predict(points).Values, Is.EqualTo(expected).Within(1e-6f));

        Model again = Model.FromJson(model.ToJson());
        again.SetWeights(model.GetWeights());
        Assert.That(again.Predict(points).Values, Is.EqualTo(model.Predict(points).Values));
    }

    [Test]
    public void Softmax_is_read_along_the_last_axis()
    {
        Model model = Model.FromJson(Document(Keras3("Softmax", "\"axis\": -1")));
        Assert.That(model.Layers[0].GetConfig().First(entry => entry.Key == "activation").Value, Is.EqualTo("softmax"));
        Assert.That(() => Model.FromJson(Document(Keras3("Softmax", "\"axis\": 1"))),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains("last axis"));
    }

    [TestCase("PReLU", "\"alpha_initializer\": \"zeros\"", "layer of its own")]
    [TestCase("LeakyReLU", "\"slope\": 0.1", "slope")]
    [TestCase("LeakyReLU", "\"negative_slope\": \"x\"", "number")]
    [TestCase("ELU", "\"alpha\": 1.0, \"theta\": 2.0", "theta")]
    public void What_is_no_activation_is_refused(string name, string options, string message) => Assert.That(
        () => Model.FromJson(Document(Keras3(name, options))),
        Throws.TypeOf<ModelFormatException>().With.Message.Contains(message).And.Message.Contains("activation"));

    private static IEnumerable<TestCaseData> Written()
    {
        yield return new TestCaseData(new LeakyRelu(0.3), "LeakyReLU", "\"negative_slope\":0.3").SetArgDisplayNames("LeakyRelu");
        yield return new TestCaseData(new Elu(0.5), "ELU", "\"alpha\":0.5").SetArgDisplayNames("Elu");
        yield return new TestCaseData(new Relu(maxValue: 6), "ReLU",
            "\"max_value\":6.0,\"negative_slope\":0.0,\"threshold\":0.0").SetArgDisplayNames("Relu");
        yield return new TestCaseData(new Relu(0.1), "ReLU",
            "\"max_value\":null,\"negative_slope\":0.1,\"threshold\":0.0").SetArgDisplayNames("Relu, leaking");
    }

    [TestCaseSource(nameof(Written))]
    public void They_are_written_as_Keras_writes_them(ActivationFunction activation, string layer, string options)
    {
        var model = new Sequential(
            [new Input((3, 2)), new LSTM(2, activation: activation, returnSequences: true), new Dense(1, activation)]);
        string json = model.ToJson();
        string expected = $$"""{"module":"keras.layers","class_name":"{{layer}}","config":{"name":""";
        Assert.That(json.Split(expected), Has.Length.EqualTo(3));
        Assert.That(json.Split(options + "},\"registered_name\":null}"), Has.Length.EqualTo(3));
        Model again = Model.FromJson(json);
        again.SetWeights(model.GetWeights());
        NDArray x = Documents.Noise(3, 4, 3, 2);
        Assert.That(again.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
    }

    private static string Keras3(string name, string options) => $$"""
        {"module": "keras.layers", "class_name": "{{name}}", "config": {"name": "a", "trainable": true, {{Policy}}, {{options}} },
        "registered_name": null, "build_config": {"input_shape": [null, 1]} }
        """;

    private static string Document(string activation) => $$"""
        {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "trainable": true, {{Policy}}, "layers": [
        {"module": "keras.layers", "class_name": "InputLayer",
        "config": {"batch_shape": [null, 1], "dtype": "float32", "name": "input_layer"}, "registered_name": null},
        {"module": "keras.layers", "class_name": "Dense",
        "config": {"name": "dense", "trainable": true, {{Policy}}, "units": 1, "activation": {{activation}}, "use_bias": true},
        "registered_name": null}]}, "registered_name": null}
        """;
}
