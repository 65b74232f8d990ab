using Recurrent.Layers;
using static Recurrent.Tests.Layers.FixtureAssert;

namespace Recurrent.Tests.Layers;

/// <summary>Outputs, gradients and configs of models whose layers follow one another, against those of Keras.</summary>
[TestFixture]
public sealed class LayerFixtureTests
{
    private const double Tolerance = 2e-6;

    private static readonly string[] Files =
    [
        "core_layers.json", "activations.json", "normalization.json", "rnn_simplernn.json", "rnn_lstm.json", "rnn_gru.json",
        "rnn_bidirectional.json",
        "regularized_models.json", "conv_pool.json",
    ];

    /// <summary>The cases of all layers that are there; a case comes into play when its last layer does.</summary>
    private static IEnumerable<TestCaseData> Cases => Files.SelectMany(file => KerasFixture.Load(file).Cases)
        .Where(c => c.Layers().All(component => LayerNames.Registry.Contains(component.ClassName)))
        .Select(c => new TestCaseData(c) { TestName = $"{{m}}({c})" });

    [Test]
    public void There_are_cases() => Assert.That(Cases.Count(), Is.EqualTo(158));

    [TestCaseSource(nameof(Cases))]
    public void Output_and_gradients_are_those_of_Keras(FixtureCase fixture)
    {
        FixtureChain chain = FixtureChain.Build(fixture);
        AssertClose(chain.Forward(fixture.Array("input")).ToArray(), fixture.Array("output"), "output", Tolerance);
        if (!fixture.Has("vjp"))
        {
            return;
        }

        FixtureNode vjp = fixture.Node("vjp");
        NDArray inputGradient = chain.Backward(vjp.Array("cotangent")).ToArray();
        if (vjp.Has("input_gradient"))
        {
            AssertClose(inputGradient, vjp.Array("input_gradient"), "gradient of the input", Tolerance);
        }

        foreach ((DenseMatrix gradient, NamedArray expected) in chain.Gradients.PairedWith(vjp.NamedArrays("weight_gradients")))
        {
            AssertClose(new NDArray(expected.Value.Shape, gradient.Values), expected.Value, expected.Name, Tolerance);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Configs_and_paths_are_those_of_Keras(FixtureCase fixture)
    {
        FixtureChain chain = FixtureChain.Build(fixture);
        Assert.That(
            chain.Layers.Select(layer => ConfigText.Of(layer)),
            Is.EqualTo(fixture.Layers().Select(component => ConfigText.Describe(component))));
        Assert.That(
            chain.Layers.SelectMany(layer => layer.ParameterPaths),
            Is.EqualTo(fixture.NamedArrays("weights").Select(weight => weight.Name)));
    }
}
