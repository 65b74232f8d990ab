using System.Numerics.Tensors;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Tensors;

/// <summary>Recurrent layers and cells in PyTorch: RNN, LSTM, GRU, each layer of which is a layer here.</summary>
/// <remarks>
/// Gates stand in the order i, f, g, o of an LSTM in both, and r, z, n of a GRU there, z, r, candidate here. Both of PyTorch's
/// biases act as their sum, but for a GRU's, which here too has two (<c>resetAfter: true</c>).
/// </remarks>
internal static class TorchRecurrence
{
    // A GRU's gates r, z, n and z, r, candidate; the change is its own inverse.
    private static readonly int[] ResetFirst = [1, 0, 2];

    /// <summary>The modules, or layers of one, that a layer is.</summary>
    /// <exception cref="TorchObstacleException">It is none.</exception>
    public static IEnumerable<TorchPart> Of(string name, Layer layer) => layer switch
    {
        Bidirectional { ForwardLayer.Cell: var forward, BackwardLayer.Cell: var backward } =>
            forward is StackedRNNCells || forward.GetType() != backward.GetType()
                ? throw new TorchObstacleException(layer, "both directions of a module of PyTorch are of one cell")
                : [Both(name, Of(layer, forward), Of(layer, backward))],
        RecurrentLayer { Cell: StackedRNNCells stack } => stack.Cells.Select((cell, i) =>
            Named($"{name}/{cell.Name ?? LayerNames.SnakeCase(cell.ClassName)}", Of(layer, cell))),
        RecurrentLayer recurrent => [Named(name, Of(layer, recurrent.Cell))],
        _ => throw new TorchObstacleException(layer, "it has no cell"),
    };

    private static Direction Of(Layer layer, RecurrentCell cell) => cell switch
    {
        LSTMCell lstm => Gated(layer, Usual(layer, lstm), "LSTM", null),
        ProjectedLSTMCell lstm => Gated(layer, Usual(layer, lstm), "LSTM", null),
        GRUCell gru when gru.GetOptions().First(entry => entry.Key == "reset_after").Value is true =>
            Gated(layer, Usual(layer, gru), "GRU", ResetFirst),
        GRUCell => throw new TorchObstacleException(layer,
            "PyTorch's GRU applies the reset gate behind the recurrent product (resetAfter: true), and this one before it"),
        SimpleRNNCell { Options.Activation: Tanh } simple => Gated(layer, simple, "RNN", null),
        SimpleRNNCell { Options.Activation: Relu } simple => Gated(layer, simple, "RNN(nonlinearity='relu')", null),
        SimpleRNNCell => throw new TorchObstacleException(layer, "PyTorch's RNN has the activation tanh or relu"),
        _ => throw new TorchObstacleException(layer, $"a {cell.ClassName} is no module of torch.nn"),
    };

    private static GatedCell Usual(Layer layer, GatedCell cell) =>
        cell.Options is { Activation: Tanh, RecurrentActivation: Sigmoid } ? cell
        : throw new TorchObstacleException(layer, "the activations of PyTorch's LSTM and GRU are tanh and sigmoid");

    private static Direction Gated(Layer layer, GatedCell cell, string kind, int[]? gates)
    {
        Parameter[] parameters = [.. cell.Parameters];
        Parameter? projection = parameters.FirstOrDefault(parameter => parameter.Name == "projection_kernel");
        Parameter? bias = parameters.FirstOrDefault(parameter => parameter.Name == "bias");
        if (parameters.Length != 2 + (projection is null ? 0 : 1) + (bias is null ? 0 : 1))
        {
            throw new TorchObstacleException(layer, "it has parameters that PyTorch's has not");
        }

        return new(kind, parameters[0], parameters[1], bias, projection, gates);
    }

    private static TorchPart Named(string name, Direction direction) => new()
    {
        Name = name,
        Kind = direction.Kind,
        Parameters = direction.Parameters,
        Tensors = direction.Tensors(string.Empty),
        ToParameters = direction.ToParameters,
        ToTensors = direction.ToTensors,
    };

    private static TorchPart Both(string name, Direction forward, Direction backward)
    {
        TorchTensor[] first = forward.Tensors(string.Empty);
        int parameters = forward.Parameters.Length;
        return new()
        {
            Name = name,
            Kind = $"{forward.Kind}, bidirectional",
            Parameters = [.. forward.Parameters, .. backward.Parameters],
            Tensors = [.. first, .. backward.Tensors("_reverse")],
            ToParameters = tensors =>
                [.. forward.ToParameters(tensors[..first.Length]), .. backward.ToParameters(tensors[first.Length..])],
            ToTensors = values => [.. forward.ToTensors(values[..parameters]), .. backward.ToTensors(values[parameters..])],
        };
    }

    /// <summary>One direction of a layer.</summary>
    private sealed record Direction(
        string Kind, Parameter Kernel, Parameter Recurrent, Parameter? Bias, Parameter? Projection, int[]? Gates)
    {
        private bool HasTwoBiases => Bias is { Shape.Count: 2 };

        public Parameter[] Parameters =>
        [
            Kernel, Recurrent,
            .. (Parameter[])(Bias is null ? [] : [Bias]),
            .. (Parameter[])(Projection is null ? [] : [Projection]),
        ];

        public TorchTensor[] Tensors(string end)
        {
            int rows = Kernel.Shape[1];
            return
            [
                new($"weight_ih{TorchPart.Number}{end}", [rows, Kernel.Shape[0]]),
                new($"weight_hh{TorchPart.Number}{end}", [rows, Recurrent.Shape[0]]),
                .. (TorchTensor[])(Bias is null ? []
                    : [new($"bias_ih{TorchPart.Number}{end}", [rows]), new($"bias_hh{TorchPart.Number}{end}", [rows])]),
                .. (TorchTensor[])(Projection is null ? []
                    : [new($"weight_hr{TorchPart.Number}{end}", [Projection.Shape[1], Projection.Shape[0]])]),
            ];
        }

        public Real[][] ToParameters(Real[][] tensors)
        {
            int rows = Kernel.Shape[1];
            var values = new List<Real[]>
            {
                Transposition.Of(Ordered(tensors[0]), rows, Kernel.Shape[0]),
                Transposition.Of(Ordered(tensors[1]), rows, Recurrent.Shape[0]),
            };
            if (Bias is not null)
            {
                values.Add(HasTwoBiases ? [.. Ordered(tensors[2]), .. Ordered(tensors[3])] : Sum(tensors[2], tensors[3]));
            }

            if (Projection is not null)
            {
                values.Add(Transposition.Of(tensors[^1], Projection.Shape[1], Projection.Shape[0]));
            }

            return [.. values];
        }

        public Real[][] ToTensors(Real[][] parameters)
        {
            int rows = Kernel.Shape[1];
            var values = new List<Real[]>
            {
                Ordered(Transposition.Of(parameters[0], Kernel.Shape[0], rows)),
                Ordered(Transposition.Of(parameters[1], Recurrent.Shape[0], rows)),
            };
            if (Bias is not null)
            {
                values.Add(HasTwoBiases ? Ordered(parameters[2][..rows]) : parameters[2]);
                values.Add(HasTwoBiases ? Ordered(parameters[2][rows..]) : new Real[rows]);
            }

            if (Projection is not null)
            {
                values.Add(Transposition.Of(parameters[^1], Projection.Shape[0], Projection.Shape[1]));
            }

            return [.. values];
        }

        private Real[] Ordered(Real[] values) => Gates is null ? values : Transposition.Blocks(values, Gates);

        /// <summary>The sum, whose bits are those of one where the other is zero.</summary>
        private static Real[] Sum(Real[] a, Real[] b)
        {
            if (b.AsSpan().IndexOfAnyExcept((Real)0) < 0)
            {
                return a;
            }

            var sum = new Real[a.Length];
            TensorPrimitives.Add(a, b, sum);
            return sum;
        }
    }
}
