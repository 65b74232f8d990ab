using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Layers;

/// <summary>
/// SimpleRNN, LSTM and GRU against PyTorch in float64, with initial states and a loss on outputs and final states; the weights
/// are converted as docs/cells says.
/// </summary>
[TestFixture]
public sealed class PyTorchTests
{
    // Which of PyTorch's gates stands in each place here: a GRU's are r, z, n there and z, r, candidate here.
    private static readonly int[] OneGate = [0];
    private static readonly int[] LSTMGates = [0, 1, 2, 3];
    private static readonly int[] GRUGates = [1, 0, 2];

    private static IEnumerable<FixtureNode> Cases()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", "pytorch", "recurrent.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        return new FixtureNode(document.RootElement.Clone()).Nodes("cases");
    }

    [TestCase("rnn_tanh")]
    [TestCase("rnn_relu")]
    [TestCase("lstm")]
    [TestCase("gru")]
    public void A_layer_gives_what_PyTorch_gives(string name)
    {
        FixtureNode fixture = Cases().Single(node => node.String("name") == name);
        FixtureNode inputs = fixture.Node("inputs");
        NDArray x = inputs.Array("x");
        (int batch, int steps, int features) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        int units = inputs.Array("weight_hh_l0").Shape[1];
        (RecurrentLayer layer, int[] gates, bool twoBiases) = name switch
        {
            "lstm" => ((RecurrentLayer)new LSTM(units, returnSequences: true), LSTMGates, false),
            "gru" => (new GRU(units, returnSequences: true), GRUGates, true),
            _ => (new SimpleRNN(units, name == "rnn_relu" ? "relu" : "tanh", returnSequences: true), OneGate, false),
        };
        layer.Name = name;
        layer.Build((steps, features), seed: 1);
        Real[][] weights = FromPyTorch(inputs, gates, twoBiases ? null : static (a, b) => a + b);
        foreach ((Parameter parameter, Real[] values) in layer.Parameters.Zip(weights))
        {
            values.CopyTo(parameter.Values);
            parameter.MarkChanged();
        }

        var pass = (RecurrentPass)layer.CreatePass(new((steps, features), batch, Differentiable: true, InputGradient: true));
        layer.Prepare();
        pass.Begin(training: false, key: 1);
        int states = pass.InitialStates.Count;
        for (int i = 0; i < states; i++)
        {
            inputs.Array($"initial_{i}").Values.CopyTo(pass.InitialStates[i].Values, 0);
        }

        IReadOnlyList<NDArray> outputs = fixture.Arrays("outputs");
        IReadOnlyList<NDArray> cotangents = fixture.Arrays("cotangents");
        AssertEqual(Samples(layer.Forward(pass, Columns(x))), outputs[0].Values, "output");
        for (int i = 0; i < states; i++)
        {
            AssertEqual(pass.FinalState(i).Values.ToArray(), outputs[i + 1].Values, $"final state {i}");
            cotangents[i + 1].Values.CopyTo(pass.FinalStateGradients[i].Values, 0);
        }

        DenseMatrix inputGradient = layer.Backward(pass, Columns(cotangents[0]).Values)!;
        FixtureNode expected = fixture.Node("gradients");
        AssertEqual(Samples(new SequenceBatch((steps, features), batch, inputGradient)), expected.Array("x").Values, "x");
        for (int i = 0; i < states; i++)
        {
            AssertEqual(pass.InitialStateGradients[i].Values, expected.Array($"initial_{i}").Values, $"initial state {i}");
        }

        // Where there is one bias here and two there, each of the two has the gradient of the one.
        Real[][] slopes = FromPyTorch(expected, gates, twoBiases ? null : static (a, _) => a);
        for (int i = 0; i < slopes.Length; i++)
        {
            AssertEqual(pass.Gradients[i].Values, slopes[i], layer.Parameters[i].Name);
        }
    }

    /// <summary>Kernel, recurrent kernel and bias in Keras's layout from PyTorch's (gates · units, inputs) and two
    /// biases.</summary>
    private static Real[][] FromPyTorch(FixtureNode arrays, int[] gates, Func<Real, Real, Real>? merge)
    {
        Real[] bias = Reordered(arrays.Array("bias_ih_l0"), gates);
        Real[] recurrentBias = Reordered(arrays.Array("bias_hh_l0"), gates);
        return
        [
            Reordered(arrays.Array("weight_ih_l0"), gates),
            Reordered(arrays.Array("weight_hh_l0"), gates),
            merge is null ? [.. bias, .. recurrentBias] : [.. bias.Zip(recurrentBias, merge)],
        ];
    }

    /// <summary>A matrix transposed, or a vector, its gates in the order that they have here.</summary>
    private static Real[] Reordered(NDArray array, int[] gates)
    {
        int rows = array.Shape[0];
        int columns = array.Size / rows;
        int units = rows / gates.Length;
        var result = new Real[array.Size];
        for (int row = 0; row < rows; row++)
        {
            int source = (gates[row / units] * units) + (row % units);
            for (int column = 0; column < columns; column++)
            {
                result[(column * rows) + row] = array.Values[(source * columns) + column];
            }
        }

        return result;
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
    private static Real[] Samples(SequenceBatch batch) =>
    [
        .. Enumerable.Range(0, batch.BatchSize).SelectMany(sample =>
            Enumerable.Range(0, batch.Steps).SelectMany(t => batch.Step(t).Column(sample).ToArray())),
    ];

    private static void AssertEqual(Real[] actual, Real[] expected, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-12 * Math.Max(1, Math.Abs(expected[i]))), $"{what}[{i}]");
        }
    }
}
