using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

/// <summary>
/// <see cref="ProjectedLSTM"/> against PyTorch's LSTM with proj_size: outputs, final states, and the gradients of all, from
/// initial states and from losses on output and final states. It shows how weights convert.
/// </summary>
[TestFixture]
public sealed class ProjectionFixtureTests
{
    private const double Tolerance = 1e-5;

    private static IEnumerable<FixtureNode> All =>
        JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", "pytorch", "lstm_projection.json")))
            .RootElement.GetProperty("cases").EnumerateArray().Select(e => new FixtureNode(e));

    private static IEnumerable<TestCaseData> Cases => All.Select(c => new TestCaseData(c).SetName($"{{m}}({c.String("name")})"));

    [Test]
    public void There_are_cases() => Assert.That(All.Count(), Is.EqualTo(3));

    [TestCaseSource(nameof(Cases))]
    public void It_gives_what_PyTorch_gives(FixtureNode fixture)
    {
        SequenceBatch x = Batches.Of(fixture.Array("x"));
        var layer = new ProjectedLSTM(fixture.Int("units"), fixture.Int("projection"), returnSequences: true);
        layer.Build(x.SampleShape, seed: 1);
        FixtureNode weights = fixture.Node("weights");
        foreach ((string name, string torch) in (ReadOnlySpan<(string, string)>)[
            ("kernel", "weight_ih_l0"), ("recurrent_kernel", "weight_hh_l0"), ("projection_kernel", "weight_hr_l0")])
        {
            NDArray matrix = weights.Array(torch);
            Parameter parameter = Find(layer, name);
            Assert.That(parameter.Shape, Is.EqualTo(matrix.Shape.Reverse()), name);
            Transposed(matrix).CopyTo(parameter.Values);
            parameter.MarkChanged();
        }

        NDArray inputBias = weights.Array("bias_ih_l0");
        NDArray stateBias = weights.Array("bias_hh_l0");
        for (int i = 0; i < inputBias.Size; i++)
        {
            Find(layer, "bias").Values[i] = inputBias.Values[i] + stateBias.Values[i];
        }

        var pass = (RecurrentPass)layer.CreatePass(new(x.SampleShape, x.BatchSize, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        fixture.Array("h0").Values.CopyTo(pass.InitialStates[0].Values, 0);
        fixture.Array("c0").Values.CopyTo(pass.InitialStates[1].Values, 0);
        AssertClose(layer.Forward(pass, x).ToArray().Values, fixture.Array("y"), "output");
        DenseMatrix[] final = [.. layer.StateSizes.Select(rows => new DenseMatrix(rows, x.BatchSize))];
        layer.GetFinalState(pass, final, 0);
        AssertClose(final[0].Values, fixture.Array("h"), "final hidden state");
        AssertClose(final[1].Values, fixture.Array("c"), "final cell state");

        fixture.Array("dh").Values.CopyTo(pass.FinalStateGradients[0].Values, 0);
        fixture.Array("dc").Values.CopyTo(pass.FinalStateGradients[1].Values, 0);
        DenseMatrix dx = layer.Backward(pass, Batches.Of(fixture.Array("dy")).Values)!;
        AssertClose(new SequenceBatch(x.SampleShape, x.BatchSize, dx).ToArray().Values, fixture.Array("dx"),
            "gradient of the input");
        AssertClose(pass.InitialStateGradients[0].Values, fixture.Array("dh0"), "gradient of the initial hidden state");
        AssertClose(pass.InitialStateGradients[1].Values, fixture.Array("dc0"), "gradient of the initial cell state");
        FixtureNode gradients = fixture.Node("gradients");
        AssertClose(Gradient(layer, pass, "kernel"), Transposed(gradients.Array("weight_ih_l0")));
        AssertClose(Gradient(layer, pass, "recurrent_kernel"), Transposed(gradients.Array("weight_hh_l0")));
        AssertClose(Gradient(layer, pass, "projection_kernel"), Transposed(gradients.Array("weight_hr_l0")));

        // Both of PyTorch's biases act as their sum, so each has the gradient of the one bias here.
        AssertClose(Gradient(layer, pass, "bias"), gradients.Array("bias_ih_l0").Values);
        AssertClose(Gradient(layer, pass, "bias"), gradients.Array("bias_hh_l0").Values);
    }

    private static Parameter Find(Layer layer, string name) => layer.Parameters.Single(p => p.Name == name);

    private static Real[] Gradient(Layer layer, Pass pass, string name) =>
        pass.Gradients[layer.Parameters.Select(p => p.Name).ToList().IndexOf(name)].Values;

    /// <summary>PyTorch has (outputs, inputs) row by row, Keras (inputs, outputs).</summary>
    private static Real[] Transposed(NDArray matrix)
    {
        int rows = matrix.Shape[0];
        int columns = matrix.Shape[1];
        return [.. Enumerable.Range(0, matrix.Size).Select(i => matrix.Values[(i % rows * columns) + (i / rows)])];
    }

    private static void AssertClose(Real[] actual, NDArray expected, string what) => AssertClose(actual, expected.Values, what);

    private static void AssertClose(Real[] actual, Real[] expected, string what = "weight gradient")
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(Tolerance * Math.Max(1, Math.Abs(expected[i]))),
                $"{what}[{i}]");
        }
    }
}
