using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Functional models against Keras: outputs, gradients and training runs.</summary>
[TestFixture]
public sealed class FunctionalKerasTests
{
    private static IEnumerable<TestCaseData> Cases => KerasFixture.Load("functional_models.json").Cases
        .Select(fixture => new TestCaseData(fixture).SetName($"{{m}}({fixture})"));

    [TestCaseSource(nameof(Cases))]
    public void Predict_gives_Keras_s_output(FixtureCase fixture)
    {
        Model model = FunctionalFixture.Load(fixture);
        KerasTrainingTests.AssertClose(model.Predict(fixture.Array("input")), fixture.Array("output"), "output");

        // The file names weights without the layer.
        string[] names = [.. fixture.NamedArrays("weights").Select(weight => weight.Name)];
        Assert.That(model.NamedParameters.Select((pair, i) => pair.Path.EndsWith(names[i], StringComparison.Ordinal)),
            Is.All.True);
    }

    [Test]
    public void A_Sequential_in_a_Sequential_gives_Keras_s_output()
    {
        FixtureCase fixture = KerasFixture.Load("core_layers.json")["nested_sequential"];
        Sequential model = FunctionalFixture.Nested(fixture.Node("model_json").Config("config"));
        model.SetWeights([.. fixture.NamedArrays("weights").Select(weight => weight.Value)]);
        KerasTrainingTests.AssertClose(model.Predict(fixture.Array("input")), fixture.Array("output"), "output");
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradients_of_the_output_are_Keras_s(FixtureCase fixture)
    {
        Model model = FunctionalFixture.Load(fixture);
        FixtureNode vjp = fixture.Node("vjp");
        NDArray x = fixture.Array("input");
        SequenceBatch input = SequenceBatch.FromArray(x);
        var pass = new NetworkPass(
            model.Network, model.Network.InferShapes([input.SampleShape]),
                new(input.BatchSize) { Trained = model.Network.Parameters, InputGradients = true });
        model.Network.Prepare();
        pass.SetInput(0, input);
        pass.Begin(training: false, key: 0);
        pass.Forward();
        SequenceBatch.FromArray(vjp.Array("cotangent")).Values.Values.CopyTo(pass.OutputGradient(0).Values, 0);
        pass.Backward(1);
        KerasTrainingTests.AssertClose(
            new SequenceBatch(input.SampleShape, input.BatchSize, pass.InputGradient(0)!).ToArray(),
                vjp.Array("input_gradient"), "input");
        foreach ((NamedArray expected, var parameter) in vjp.NamedArrays("weight_gradients").PairedWith(model.Network.Parameters))
        {
            KerasTrainingTests.AssertClose(new NDArray(parameter.Shape, pass.Gradients![parameter].Values),
                expected.Value, expected.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Training_takes_the_steps_that_Keras_takes(FixtureCase fixture)
    {
        Model model = FunctionalFixture.Load(fixture);
        FixtureNode training = fixture.Node("training");
        KerasTrainingTests.Compile(model, training);
        NDArray x = training.Array("x");
        NDArray y = training.Array("y");
        int batch = training.Int("batch_size");
        IReadOnlyList<NDArray> gradients = model.ComputeGradients(x.Slice(0, batch), y.Slice(0, batch), training: true);
        foreach ((NDArray gradient, NamedArray expected) in gradients.PairedWith(training.NamedArrays("gradients_first_batch")))
        {
            KerasTrainingTests.AssertClose(gradient, expected.Value, expected.Name);
        }

        History history = model.Fit(x, y, training.Int("epochs"), batch, shuffle: false, verbose: Verbosity.Silent);
        Assert.That(history["loss"], Is.EqualTo(training.Doubles("loss_history")).Within(1e-5));
        foreach ((NDArray weight, NamedArray expected) in model.GetWeights().PairedWith(training.NamedArrays("weights_after")))
        {
            KerasTrainingTests.AssertClose(weight, expected.Value, expected.Name);
        }

        Assert.That(model.Evaluate(x, y, batch)["loss"], Is.EqualTo(training.Node("evaluate_after").Double("loss")).Within(1e-5));
    }
}
