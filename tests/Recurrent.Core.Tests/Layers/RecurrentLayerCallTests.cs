using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>Recurrent layers called with initial states and masks, against Keras: outputs, final states, and the gradients of all.</summary>
[TestFixture]
public sealed class RecurrentLayerCallTests
{
    private static readonly string[] States = ["initial_h", "initial_c"];

    private static IEnumerable<FixtureCase> All => KerasFixture.Load("rnn_layer_calls.json").Cases
        .Where(c => LayerNames.Registry.Contains(c.Component("layer").ClassName));

    private static IEnumerable<TestCaseData> Cases => All.Select(c => new TestCaseData(c).SetName($"{{m}}({c})"));

    [Test]
    public void There_are_cases() => Assert.That(All.Count(), Is.EqualTo(18));

    [TestCaseSource(nameof(Cases))]
    public void A_call_gives_what_Keras_gives(FixtureCase fixture)
    {
        FixtureNode inputs = fixture.Node("inputs");
        SequenceBatch input = Batches.Of(inputs.Array("sequence"));
        if (fixture.Has("masks"))
        {
            // Sample after sample in the file; here the samples of a step stand together.
            NDArray mask = fixture.Node("masks").Array("sequence");
            input.Mask = [.. Enumerable.Range(0, mask.Size).Select(i => mask[i % input.BatchSize, i / input.BatchSize] != 0)];
        }

        Layer layer = Build(fixture, input);
        var pass = (RecurrentPass)layer.CreatePass(new(input.SampleShape, input.BatchSize, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        for (int i = 0; i < pass.InitialStates.Count; i++)
        {
            if (inputs.Has(States[i]))
            {
                inputs.Array(States[i]).Values.CopyTo(pass.InitialStates[i].Values, 0);
            }
        }

        IReadOnlyList<NamedArray> outputs = fixture.NamedArrays("outputs");
        AssertClose(layer.Forward(pass, input).ToArray(), outputs[0].Value, "output");
        DenseMatrix[] finalStates = [.. pass.InitialStates.Select(state => new DenseMatrix(state.RowCount, state.ColumnCount))];
        ((IStateful)layer).GetFinalState(pass, finalStates, 0);
        for (int i = 0; i < finalStates.Length; i++)
        {
            AssertClose(new NDArray(outputs[i + 1].Value.Shape, finalStates[i].Values), outputs[i + 1].Value, outputs[i + 1].Name);
        }

        FixtureNode vjp = fixture.Node("vjp");
        IReadOnlyList<NDArray> cotangents = vjp.Arrays("cotangents");
        for (int i = 0; i < finalStates.Length; i++)
        {
            cotangents[i + 1].Values.CopyTo(pass.FinalStateGradients[i].Values, 0);
        }

        DenseMatrix inputGradient = layer.Backward(pass, Batches.Of(cotangents[0]).Values)!;
        FixtureNode expected = vjp.Node("input_gradients");
        AssertClose(new SequenceBatch(input.SampleShape, input.BatchSize, inputGradient).ToArray(), expected.Array("sequence"), "gradient of the input");
        for (int i = 0; i < finalStates.Length; i++)
        {
            if (expected.Has(States[i]))
            {
                AssertClose(new NDArray(expected.Array(States[i]).Shape, pass.InitialStateGradients[i].Values), expected.Array(States[i]), States[i]);
            }
        }

        foreach ((DenseMatrix gradient, NamedArray weight) in pass.Gradients.Zip(vjp.NamedArrays("weight_gradients")))
        {
            AssertClose(new NDArray(weight.Value.Shape, gradient.Values), weight.Value, weight.Name);
        }
    }

    private static Layer Build(FixtureCase fixture, SequenceBatch input)
    {
        ComponentConfig component = fixture.Component("layer");
        Config config = [];
        foreach ((string key, object? value) in component.Config.Where(entry => entry.Key != "dtype"))
        {
            // Whether the layer hands its states on is the caller's business here.
            config.Add(key, key == "return_state" ? false : value);
        }

        Layer layer = LayerNames.Registry.Create(new ComponentConfig(component.ClassName, config));
        layer.Build(input.SampleShape, seed: 1);
        foreach ((Parameter parameter, NamedArray weight) in layer.Parameters.Zip(fixture.NamedArrays("weights")))
        {
            Assert.That(parameter.Shape, Is.EqualTo(weight.Value.Shape));
            weight.Value.Values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }

        return layer;
    }

    private static void AssertClose(NDArray actual, NDArray expected, string what)
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        for (int i = 0; i < expected.Size; i++)
        {
            Assert.That(actual.Values[i], Is.EqualTo(expected.Values[i]).Within(1e-5 * Math.Max(1, Math.Abs(expected.Values[i]))), $"{what}[{i}]");
        }
    }
}
