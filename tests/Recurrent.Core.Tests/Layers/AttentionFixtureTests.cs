using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;
using static Recurrent.Tests.Layers.FixtureAssert;

namespace Recurrent.Tests.Layers;

/// <summary>Attention layers called with masks, against Keras: outputs, scores, and the gradients of inputs and
/// weights.</summary>
[TestFixture]
public sealed class AttentionFixtureTests
{
    private static readonly string[] InputNames = ["query", "value", "key"];

    private static IReadOnlyList<FixtureCase> All => KerasFixture.Load("attention.json").Cases;

    private static IEnumerable<TestCaseData> Cases => All.Select(c => new TestCaseData(c).SetName($"{{m}}({c})"));

    [Test]
    public void There_are_cases() => Assert.That(All, Has.Count.EqualTo(25));

    [TestCaseSource(nameof(Cases))]
    public void Outputs_and_gradients_are_those_of_Keras(FixtureCase fixture)
    {
        FixtureNode given = fixture.Node("inputs");
        List<SequenceBatch> inputs = [.. InputNames.Where(given.Has).Select(name => Batches.Of(given.Array(name)))];
        if (fixture.Has("masks"))
        {
            TakeMasks(fixture, inputs);
        }

        Shape[] shapes = [.. inputs.Select(input => input.SampleShape)];
        Layer layer = Build(fixture, shapes);
        bool[] wanted = [.. inputs.Select((_, i) => i < 3)];
        Pass pass = layer.CreatePass(new PassOptions(shapes, inputs[0].BatchSize, Differentiable: true, wanted));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        IReadOnlyList<NamedArray> expected = fixture.NamedArrays("outputs");
        var outputs = new SequenceBatch[expected.Count];
        layer.Forward(pass, inputs.ToArray(), outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            AssertClose(outputs[i].ToArray(), expected[i].Value, expected[i].Name);
        }

        FixtureNode vjp = fixture.Node("vjp");
        DenseMatrix[] cotangents = [.. vjp.Arrays("cotangents").Select(array => Batches.Of(array).Values)];
        var gradients = new DenseMatrix?[inputs.Count];
        layer.Backward(pass, cotangents, gradients);
        if (gradients.Length > 3 && !given.Has("key"))
        {
            // The value stands for the keys, too.
            Recurrent.Numerics.VectorMath.Add(gradients[2]!.Values, gradients[1]!.Values);
        }

        FixtureNode inputGradients = vjp.Node("input_gradients");
        for (int i = 0; i < 3 && i < gradients.Length; i++)
        {
            if (given.Has(InputNames[i]))
            {
                NDArray actual = new SequenceBatch(shapes[i], inputs[i].BatchSize, gradients[i]!).ToArray();
                AssertClose(actual, inputGradients.Array(InputNames[i]), $"gradient of the {InputNames[i]}");
            }
        }

        foreach ((DenseMatrix gradient, NamedArray weight) in pass.Gradients.PairedWith(vjp.NamedArrays("weight_gradients")))
        {
            AssertClose(new NDArray(weight.Value.Shape, gradient.Values), weight.Value, weight.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Config_and_paths_are_those_of_Keras(FixtureCase fixture)
    {
        FixtureNode given = fixture.Node("inputs");
        Layer layer = Build(fixture, [.. InputNames.Where(given.Has).Select(name => Batches.Of(given.Array(name)).SampleShape)]);
        Assert.That(ConfigText.Of(layer), Is.EqualTo(ConfigText.Describe(fixture.Layer())));
        Assert.That(layer.ParameterPaths, Is.EqualTo(fixture.NamedArrays("weights").Select(weight => weight.Name)));
    }

    /// <summary>
    /// The masks of a case on its inputs. The argument <c>query_mask</c> of MultiHeadAttention is without effect in Keras 3.15:
    /// what counts there is the mask that the query itself carries.
    /// </summary>
    private static void TakeMasks(FixtureCase fixture, List<SequenceBatch> inputs)
    {
        FixtureNode masks = fixture.Node("masks");
        foreach ((string name, int input) in new[] { ("query", 0), ("value", 1), ("value_mask", 1) })
        {
            if (masks.Has(name))
            {
                // Sample after sample in the file; here the samples of a step stand together.
                NDArray mask = masks.Array(name);
                int batch = mask.Shape[0];
                inputs[input].Mask = [.. Enumerable.Range(0, mask.Size).Select(i => mask[i % batch, i / batch] != 0)];
            }
        }

        if (masks.Has("attention_mask"))
        {
            inputs.Add(inputs[1]);
            inputs.Add(Batches.Of(masks.Array("attention_mask")));
        }
    }

    private static Layer Build(FixtureCase fixture, Shape[] shapes)
    {
        ComponentConfig component = fixture.Layer();
        Config config = [];
        foreach ((string key, object? value) in component.Config.Concat(fixture.Config("call_args")))
        {
            config.Add(key, value);
        }

        Layer layer = LayerNames.Registry.Create(new ComponentConfig(component.ClassName, config));
        layer.Build(shapes, seed: 1, source: null);
        LoadWeights(layer.Parameters, fixture);

        return layer;
    }
}
