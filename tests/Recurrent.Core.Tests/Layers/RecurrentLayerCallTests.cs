using Recurrent.Layers;
using Recurrent.Parameters;
using static Recurrent.Tests.Layers.FixtureAssert;

namespace Recurrent.Tests.Layers;

/// <summary>Recurrent layers called with initial states and masks, against Keras: outputs, final states, and the gradients of
/// all.</summary>
[TestFixture]
public sealed class RecurrentLayerCallTests
{
    private static IEnumerable<FixtureCase> All => KerasFixture.Load("rnn_layer_calls.json").Cases
        .Where(c => LayerNames.Registry.Contains(c.Component("layer").ClassName));

    private static IEnumerable<TestCaseData> Cases => All.Select(c => new TestCaseData(c).SetName($"{{m}}({c})"));

    [Test]
    public void There_are_cases() => Assert.That(All.Count(), Is.EqualTo(19));

    [TestCaseSource(nameof(Cases))]
    public void A_call_gives_the_output_and_the_states_that_Keras_gives(FixtureCase fixture)
    {
        FixtureNode inputs = fixture.Node("inputs");
        Layer layer = Build(fixture);
        RecurrentState? initial = Initial((IHasStates)layer, inputs);
        NDArray? mask = fixture.Has("masks") ? fixture.Node("masks").Array("sequence") : null;
        NDArray x = inputs.Array("sequence");
        RecurrentOutput result = layer is Bidirectional both ? both.Call(x, initial, mask)
            : ((RecurrentLayer)layer).Call(x, initial, mask);

        IReadOnlyList<NamedArray> outputs = fixture.NamedArrays("outputs");
        AssertClose(result.Output, outputs[0].Value, "output");
        Assert.That(result.State.Names, Is.EqualTo(((IHasStates)layer).StateNames));
        Assert.That(result.State.Names, Has.Count.EqualTo(outputs.Count - 1));
        for (int i = 1; i < outputs.Count; i++)
        {
            AssertClose(result.State[result.State.Names[i - 1]], outputs[i].Value, outputs[i].Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void The_gradients_of_output_and_states_are_those_of_Keras(FixtureCase fixture)
    {
        FixtureNode inputs = fixture.Node("inputs");
        SequenceBatch input = Batches.Of(inputs.Array("sequence"));
        if (fixture.Has("masks"))
        {
            // Sample after sample in the file; here the samples of a step stand together.
            NDArray mask = fixture.Node("masks").Array("sequence");
            input.Mask = [.. Enumerable.Range(0, mask.Size).Select(i => mask[i % input.BatchSize, i / input.BatchSize] != 0)];
        }

        Layer layer = Build(fixture);
        Pass pass = layer.CreatePass(new(input.SampleShape, input.BatchSize, Differentiable: true, InputGradient: true));
        RecurrentPass[] passes = pass is BidirectionalPass both ? [both.Forward, both.Backward] : [(RecurrentPass)pass];
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        DenseMatrix[] initial = [.. passes.SelectMany(own => own.InitialStates)];
        string[] names = [.. ((IHasStates)layer).StateNames.Select(KeyOf)];
        for (int i = 0; i < initial.Length; i++)
        {
            if (inputs.Has(names[i]))
            {
                inputs.Array(names[i]).Values.CopyTo(initial[i].Values, 0);
            }
        }

        layer.Forward(pass, input);
        FixtureNode vjp = fixture.Node("vjp");
        IReadOnlyList<NDArray> cotangents = vjp.Arrays("cotangents");
        DenseMatrix[] finalGradients = [.. passes.SelectMany(own => own.FinalStateGradients)];
        for (int i = 0; i < finalGradients.Length; i++)
        {
            cotangents[i + 1].Values.CopyTo(finalGradients[i].Values, 0);
        }

        DenseMatrix inputGradient = layer.Backward(pass, Batches.Of(cotangents[0]).Values)!;
        FixtureNode expected = vjp.Node("input_gradients");
        AssertClose(new SequenceBatch(input.SampleShape, input.BatchSize, inputGradient).ToArray(), expected.Array("sequence"),
            "gradient of the input");
        DenseMatrix[] initialGradients = [.. passes.SelectMany(own => own.InitialStateGradients)];
        for (int i = 0; i < initialGradients.Length; i++)
        {
            if (expected.Has(names[i]))
            {
                AssertClose(new NDArray(expected.Array(names[i]).Shape, initialGradients[i].Values),
                    expected.Array(names[i]), names[i]);
            }
        }

        foreach ((DenseMatrix gradient, NamedArray weight) in pass.Gradients.PairedWith(vjp.NamedArrays("weight_gradients")))
        {
            AssertClose(new NDArray(weight.Value.Shape, gradient.Values), weight.Value, weight.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void In_a_graph_states_come_in_and_go_out_with_the_numbers_and_gradients_of_Keras(FixtureCase fixture)
    {
        Layer layer = Build(fixture);
        string[] names = [.. fixture.Node("inputs").Json.EnumerateObject().Select(input => input.Name)];
        SequenceBatch[] inputs = [.. names.Select(name => Batches.Of(fixture.Node("inputs").Array(name)))];
        if (fixture.Has("masks"))
        {
            NDArray mask = fixture.Node("masks").Array("sequence");
            inputs[0].Mask =
                [.. Enumerable.Range(0, mask.Size).Select(i => mask[i % inputs[0].BatchSize, i / inputs[0].BatchSize] != 0)];
        }

        Network network = Network.Of(layer, [.. inputs.Select(input => input.SampleShape)]);
        var pass = new NetworkPass(
            network, network.InferShapes([.. inputs.Select(input => input.SampleShape)]),
                new(inputs[0].BatchSize) { Trained = network.Parameters, InputGradients = true });
        for (int i = 0; i < inputs.Length; i++)
        {
            pass.SetInput(i, inputs[i]);
        }

        network.Prepare();
        pass.Begin(training: false, key: 1);
        pass.Forward();
        IReadOnlyList<NamedArray> outputs = fixture.NamedArrays("outputs");
        Assert.That(network.Outputs, Has.Count.EqualTo(outputs.Count));
        IReadOnlyList<NDArray> cotangents = fixture.Node("vjp").Arrays("cotangents");
        for (int i = 0; i < outputs.Count; i++)
        {
            AssertClose(Batches.ToArray(pass.Output(i)), outputs[i].Value, outputs[i].Name);
            Batches.Of(cotangents[i]).Values.Values.CopyTo(pass.OutputGradient(i).Values, 0);
        }

        pass.Backward(1);
        FixtureNode expected = fixture.Node("vjp").Node("input_gradients");
        for (int i = 0; i < inputs.Length; i++)
        {
            AssertClose(
                Batches.ToArray(new SequenceBatch(inputs[i].SampleShape, inputs[i].BatchSize, pass.InputGradient(i)!)),
                    expected.Array(names[i]), names[i]);
        }

        foreach ((Parameter parameter, NamedArray weight) in network.Parameters.PairedWith(fixture.Node("vjp")
            .NamedArrays("weight_gradients")))
        {
            AssertClose(new NDArray(weight.Value.Shape, pass.Gradients![parameter].Values), weight.Value, weight.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Config_and_paths_are_those_of_Keras(FixtureCase fixture)
    {
        Layer layer = Build(fixture);
        Assert.That(ConfigText.Of(layer), Is.EqualTo(ConfigText.Describe(fixture.Layer())));
        Assert.That(layer.ParameterPaths, Is.EqualTo(fixture.NamedArrays("weights").Select(weight => weight.Name)));
    }

    private static RecurrentState? Initial(IHasStates layer, FixtureNode inputs) =>
        layer.StateNames.All(name => inputs.Has(KeyOf(name)))
        ? new([.. layer.StateNames.Select(name => (name, inputs.Array(KeyOf(name))))])
        : null;

    /// <summary>What the file calls an initial state: <c>initial_backward_h</c> for <c>backward_hidden</c>.</summary>
    private static string KeyOf(string state) =>
        $"initial_{state.Replace("hidden", "h", StringComparison.Ordinal).Replace("cell", "c", StringComparison.Ordinal)}";

    private static Layer Build(FixtureCase fixture)
    {
        Layer layer = LayerNames.Registry.Create(fixture.Layer());
        layer.Build(new([.. fixture.Node("inputs").Array("sequence").Shape.Skip(1).Select(axis => (int?)axis)]), seed: 1);
        LoadWeights(layer.Parameters, fixture);

        return layer;
    }
}
