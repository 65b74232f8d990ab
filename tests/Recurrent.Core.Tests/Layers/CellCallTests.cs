using Recurrent.Layers;
using Recurrent.Registration;
using static Recurrent.Tests.Layers.FixtureAssert;

namespace Recurrent.Tests.Layers;

/// <summary>Single steps of cells, against Keras: states after the step, and the gradients of all.</summary>
[TestFixture]
public sealed class CellCallTests
{
    private static IEnumerable<FixtureCase> All => KerasFixture.Load("rnn_layer_calls.json").Cases
        .Where(c => CellNames.Registry.Contains(c.Component("layer").ClassName));

    private static IEnumerable<TestCaseData> Cases => All.Select(c => new TestCaseData(c).SetName($"{{m}}({c})"));

    [Test]
    public void There_are_cases() => Assert.That(All.Count(), Is.EqualTo(4));

    [TestCaseSource(nameof(Cases))]
    public void A_step_gives_what_Keras_gives(FixtureCase fixture)
    {
        FixtureNode inputs = fixture.Node("inputs");
        NDArray x = inputs.Array("inputs");
        int batch = x.Shape[0];
        var rnn = new RNN(CellNames.Registry.Create(WithoutDtype(fixture.Component("layer"))));
        rnn.Build((1, x.Shape[1]), seed: 1);
        LoadWeights(rnn.Parameters, fixture);
        Assert.That(rnn.ParameterPaths, Is.EqualTo(fixture.NamedArrays("weights").Select(weight => $"{rnn.Name}/{weight.Name}")));

        var pass = (RecurrentPass)rnn.CreatePass(new((1, x.Shape[1]), batch, Differentiable: true, InputGradient: true));
        rnn.Prepare();
        pass.Begin(training: false, key: 1);
        string[] states = [.. rnn.StateNames.Select(name => name[..1])];
        for (int i = 0; i < states.Length; i++)
        {
            inputs.Array(states[i]).Values.CopyTo(pass.InitialStates[i].Values, 0);
        }

        IReadOnlyList<NamedArray> outputs = fixture.NamedArrays("outputs");
        var input = new SequenceBatch((1, x.Shape[1]), batch, new DenseMatrix(x.Shape[1], batch, [.. x.Values]));
        AssertClose(rnn.Forward(pass, input).Values.Values, outputs[0].Value, "output");
        DenseMatrix[] final = [.. rnn.StateSizes.Select(size => new DenseMatrix(size, batch))];
        rnn.GetFinalState(pass, final, 0);
        FixtureNode vjp = fixture.Node("vjp");
        IReadOnlyList<NDArray> cotangents = vjp.Arrays("cotangents");
        for (int i = 0; i < states.Length; i++)
        {
            AssertClose(final[i].Values, outputs[i + 1].Value, states[i]);
            cotangents[i + 1].Values.CopyTo(pass.FinalStateGradients[i].Values, 0);
        }

        DenseMatrix outputGradient = new(rnn.Cell.OutputSize, batch, [.. cotangents[0].Values]);
        FixtureNode expected = vjp.Node("input_gradients");
        AssertClose(rnn.Backward(pass, outputGradient)!.Values, expected.Array("inputs"), "gradient of the input");
        for (int i = 0; i < states.Length; i++)
        {
            AssertClose(pass.InitialStateGradients[i].Values, expected.Array(states[i]), $"gradient of {states[i]}");
        }

        foreach ((DenseMatrix gradient, NamedArray weight) in pass.Gradients.PairedWith(vjp.NamedArrays("weight_gradients")))
        {
            AssertClose(gradient.Values, weight.Value, weight.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_layer_of_the_cell_called_with_one_step_gives_what_Keras_gives(FixtureCase fixture)
    {
        FixtureNode inputs = fixture.Node("inputs");
        NDArray x = inputs.Array("inputs");
        var rnn = new RNN(CellNames.Registry.Create(fixture.Layer()), returnState: true);
        rnn.Build((1, x.Shape[1]), seed: 1);
        LoadWeights(rnn.Parameters, fixture);

        RecurrentOutput result = rnn.Call(
            x.Reshape(x.Shape[0], 1, x.Shape[1]),
                new RecurrentState([.. rnn.StateNames.Select(name => (name, inputs.Array(name[..1])))]));

        IReadOnlyList<NamedArray> outputs = fixture.NamedArrays("outputs");
        AssertClose(result.Output.Values, outputs[0].Value, "output");
        for (int i = 0; i < rnn.StateNames.Count; i++)
        {
            AssertClose(result.State[rnn.StateNames[i]].Values, outputs[i + 1].Value, rnn.StateNames[i]);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void The_config_has_the_options_that_Keras_writes(FixtureCase fixture)
    {
        ComponentConfig keras = WithoutDtype(fixture.Component("layer"));
        RecurrentCell cell = CellNames.Registry.Create(keras);
        Assert.That(cell.GetConfig().Select(entry => entry.Key), Is.EquivalentTo(keras.Config.Select(entry => entry.Key)));
        Assert.That(ConfigText.Of(CellNames.Registry.Create(ComponentConfig.Of(cell))), Is.EqualTo(ConfigText.Of(cell)));
    }

    private static ComponentConfig WithoutDtype(ComponentConfig component)
    {
        Config config = [];
        foreach ((string key, object? value) in component.Config.Where(entry => entry.Key != "dtype"))
        {
            config.Add(key, value);
        }

        return new(component.ClassName, config);
    }
}
