using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Tests.Graphs;

/// <summary>A network with random weights, inputs and cotangents; the loss is Σ cotangent ∘ output over all outputs, and
/// penalties.</summary>
internal sealed class GraphRun
{
    private const int Batch = 3;
    private readonly Network network;
    private readonly NetworkPass pass;
    private readonly DenseMatrix[] cotangents;
    private readonly bool training;

    public GraphRun(Network network, bool masked, bool training = false, int steps = 4)
    {
        this.network = network;
        this.training = training;
        ulong use = 1;
        foreach (Parameter parameter in network.Parameters)
        {
            Fill(parameter.Values, use++);
            parameter.MarkChanged();
        }

        Shape[] inputs = [.. network.Inputs.Select(input => new Shape([.. input.Shape.Axes.Select(axis => axis ?? steps)]))];
        pass = new NetworkPass(network, network.InferShapes(inputs),
            new(Batch) { Trained = network.Parameters, InputGradients = true });
        for (int i = 0; i < inputs.Length; i++)
        {
            SequenceBatch input = pass.Input(i);
            Fill(input.Values.Values, use++);
            if (masked && inputs[i].Rank == 2)
            {
                // Each sample has another hole, the first none in front, and one input more holes than the other.
                input.Mask = [.. Enumerable.Range(0, input.Values.ColumnCount)
                    .Select(column => (column / Batch) % 3 != (column % Batch) || i + column == 1)];
            }
        }

        Forward();
        cotangents =
            [.. network.Outputs.Select(
                (_, i) => new DenseMatrix(pass.Output(i).Values.RowCount, pass.Output(i).Values.ColumnCount))];
        foreach (DenseMatrix cotangent in cotangents)
        {
            Fill(cotangent.Values, use++);
        }
    }

    public NetworkPass Pass => pass;

    /// <summary>Holds the gradients of all parameters and inputs to measured slopes.</summary>
    public void Check()
    {
        Backward();
        (string Name, Real[] Values, Real[] Gradient, Parameter? Parameter)[] checks =
        [
            .. network.Parameters.Select(parameter =>
                (parameter.Name, parameter.Value.Values, (Real[])[.. pass.Gradients![parameter].Values], (Parameter?)parameter)),
            .. network.Inputs.Select(
            (_, i) => ($"input {i}", pass.Input(i).Values.Values, (Real[])[.. pass.InputGradient(i)!.Values], (Parameter?)null)),
        ];
        foreach ((string name, Real[] values, Real[] gradient, Parameter? parameter) in checks)
        {
            double[] slopes = FivePoint.Gradient(values, () =>
            {
                parameter?.MarkChanged();
                return Loss();
            });
            parameter?.MarkChanged();
            double scale = Math.Max(1e-2, slopes.Max(Math.Abs));
            for (int i = 0; i < slopes.Length; i++)
            {
                Assert.That((double)gradient[i], Is.EqualTo(slopes[i]).Within(1e-7 * scale), $"{name}[{i}]");
            }
        }
    }

    public void Backward()
    {
        Forward();
        for (int i = 0; i < cotangents.Length; i++)
        {
            cotangents[i].Values.CopyTo(pass.OutputGradient(i).Values, 0);
        }

        pass.Backward((Real)1 / Batch);
    }

    private double Loss()
    {
        Forward();
        double loss = pass.ActivityPenalty / Batch;
        for (int i = 0; i < cotangents.Length; i++)
        {
            Real[] values = pass.Output(i).Values.Values;
            for (int k = 0; k < values.Length; k++)
            {
                loss += values[k] * cotangents[i].Values[k];
            }
        }

        return loss;
    }

    private void Forward()
    {
        network.Prepare();
        pass.Begin(training, 7);
        pass.Forward();
    }

    private static void Fill(Span<Real> values, ulong use)
    {
        var random = new SeededRandom(SeededRandom.Key(31, use));
        foreach (ref Real value in values)
        {
            value = (Real)random.NextUniform(-1, 1);
        }
    }
}
