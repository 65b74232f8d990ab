using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

/// <summary>
/// MLSTM, S6 and the linear recurrences against PyTorch's autograd of the equations in their papers, in float64, from initial
/// states: tests/fixtures/pytorch/newer_recurrences.py and linear_recurrences.py.
/// </summary>
[TestFixture]
public sealed class NewerRecurrencePyTorchTests
{
    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (string file in (string[])["newer_recurrences.json", "linear_recurrences.json"])
        {
            string path = Path.Combine(AppContext.BaseDirectory, "fixtures", "pytorch", file);
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            foreach (FixtureNode node in new FixtureNode(document.RootElement.Clone()).Nodes("cases"))
            {
                yield return new TestCaseData(node).SetArgDisplayNames(node.String("name"));
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_layer_gives_what_PyTorch_gives(FixtureNode fixture)
    {
        IReadOnlyList<NamedArray> values = fixture.NamedArrays("values");
        NDArray x = values.Single(array => array.Name == "x").Value;
        RecurrentLayer layer = Create(fixture, values);
        layer.Name = "layer";
        layer.Build((x.Shape[1], x.Shape[2]), seed: 1);
        foreach (Parameter parameter in layer.Parameters)
        {
            values.Single(array => array.Name == parameter.Name).Value.Values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }

        var pass = (RecurrentPass)layer.CreatePass(
            new((x.Shape[1], x.Shape[2]), x.Shape[0], Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        for (int i = 0; i < layer.StateNames.Count; i++)
        {
            values.SingleOrDefault(array => array.Name == layer.StateNames[i])?.Value.Values
                .CopyTo(pass.InitialStates[i].Values, 0);
        }

        AssertEqual(SamplesOf(layer.Forward(pass, Columns(x))), fixture.Array("output").Values, "output");
        DenseMatrix inputGradient = layer.Backward(pass, Columns(fixture.Array("cotangent")).Values)!;
        foreach (NamedArray gradient in fixture.NamedArrays("gradients"))
        {
            Real[] actual = gradient.Name == "x"
                ? SamplesOf(new SequenceBatch((x.Shape[1], x.Shape[2]), x.Shape[0], inputGradient))
                : layer.StateNames.ToList().IndexOf(gradient.Name) is >= 0 and int state
                ? pass.InitialStateGradients[state].Values
                : pass.Gradients[layer.Parameters.ToList().FindIndex(parameter => parameter.Name == gradient.Name)].Values;
            AssertEqual(actual, gradient.Value.Values, gradient.Name);
        }
    }

    private static RecurrentLayer Create(FixtureNode fixture, IReadOnlyList<NamedArray> values)
    {
        FixtureNode options = fixture.Node("options");
        int outputs = fixture.Array("output").Shape[2];
        return fixture.String("name").Split('_')[0] switch
        {
            "s6" => new S6(
                options.Int("units"),
                options.Int("size"),
                values.Single(array => array.Name == "delta_kernel").Value.Shape[0],
                options.Bool("project"),
                returnSequences: true),
            "lru" => new LRU(
                options.Int("units"),
                outputs,
                feedthrough: fixture.String("name") == "lru_diagonal" ? "diagonal" : "full",
                returnSequences: true),
            "rglru" => new RGLRU(outputs, options.Int("blocks"), options.Int("exponent"), returnSequences: true),
            "mingru" => new MinGRU(outputs, returnSequences: true),
            "minlstm" => new MinLSTM(outputs, returnSequences: true),
            _ => new MLSTM(
                outputs, options.Int("heads"), options.Int("keys"), options.String("forget_gate"), returnSequences: true),
        };
    }

    /// <summary>Samples of sequences as columns (time, batch).</summary>
    private static SequenceBatch Columns(NDArray x)
    {
        var batch = new SequenceBatch((x.Shape[1], x.Shape[2]), x.Shape[0]);
        for (int sample = 0; sample < x.Shape[0]; sample++)
        {
            for (int t = 0; t < x.Shape[1]; t++)
            {
                x.Values.AsSpan(((sample * x.Shape[1]) + t) * x.Shape[2], x.Shape[2]).CopyTo(batch.Step(t).Column(sample));
            }
        }

        return batch;
    }

    /// <summary>The other way round.</summary>
    private static Real[] SamplesOf(SequenceBatch batch) =>
    [
        .. Enumerable.Range(0, batch.BatchSize).SelectMany(sample =>
            Enumerable.Range(0, batch.Steps).SelectMany(t => batch.Step(t).Column(sample).ToArray())),
    ];

    private static void AssertEqual(Real[] actual, Real[] expected, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-9 * Math.Max(1, Math.Abs(expected[i]))), $"{what}[{i}]");
        }
    }
}
