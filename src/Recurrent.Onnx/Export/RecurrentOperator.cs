using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>A cell that ONNX has an operator of its own for.</summary>
/// <param name="Name">LSTM, GRU or RNN.</param>
/// <param name="Cell">The cell.</param>
/// <param name="Order">Its gates in the order of the operator.</param>
/// <param name="Activations">What the operator calls the activations.</param>
/// <param name="ResetAfter">Whether a GRU's reset gate comes after the product.</param>
internal sealed record RecurrentOperator(
    string Name, GatedCell Cell, int[] Order, OperatorActivation[] Activations, bool ResetAfter = false)
{
    // Ours is i f c o, that of the operator i o f c.
    private static readonly int[] OrderOfLstm = [0, 3, 1, 2];
    private static readonly int[] OrderOfPeepholes = [0, 2, 1];

    /// <summary>Number of units.</summary>
    public int Units => Cell.Units;

    /// <summary>Number of states.</summary>
    public int States => Cell.StateSizes.Count;

    /// <summary>Whether its gates see the cell state.</summary>
    public bool HasPeepholes => Cell is PeepholeLSTMCell;

    /// <summary>Whether both can be the two directions of one operator.</summary>
    public bool GoesWith(RecurrentOperator other) =>
        Name == other.Name && Units == other.Units && ResetAfter == other.ResetAfter && HasPeepholes == other.HasPeepholes
        && Cell.Parameters[0].Shape[0] == other.Cell.Parameters[0].Shape[0];

    /// <summary>The operator of a cell; null where there is none.</summary>
    public static RecurrentOperator? Of(RecurrentCell cell)
    {
        if (cell is not GatedCell gated || OperatorActivation.Of(gated.Options.Activation!) is not { } activation)
        {
            return null;
        }

        if (gated is SimpleRNNCell)
        {
            return new("RNN", gated, [0], [activation]);
        }

        if (gated.Options.RecurrentActivation is not { } own || OperatorActivation.Of(own) is not { } gate)
        {
            return null;
        }

        return gated switch
        {
            LSTMCell or PeepholeLSTMCell { FullPeepholes: false, OutputSeesPreviousCell: false } =>
                new("LSTM", gated, OrderOfLstm, [gate, activation, activation]),
            GRUCell => new("GRU", gated, [0, 1, 2], [gate, activation])
            {
                ResetAfter = new Options(gated.GetOptions()).Bool("reset_after"),
            },
            _ => null,
        };
    }

    /// <summary>W: gates · units × features.</summary>
    public WeightPart Kernel() => Turned(Find("kernel")!);

    /// <summary>R: gates · units × units.</summary>
    public WeightPart RecurrentKernel() => Turned(Find("recurrent_kernel")!);

    /// <summary>The biases of both products.</summary>
    public WeightPart[] Biases()
    {
        int size = Order.Length * Units;
        if (Find("bias") is not { } bias)
        {
            return [new(null, Zeros: 2 * size)];
        }

        int[] order = [.. Enumerable.Range(0, size).Select(i => (Order[i / Units] * Units) + (i % Units))];
        return bias.Shape.Count == 2
            ? [new(bias, [.. order, .. order.Select(i => i + size)])]
            : [new(bias, order), new(null, Zeros: size)];
    }

    /// <summary>The weights of the cell state in the gates.</summary>
    public WeightPart Peepholes() => new(Find("peephole_kernel")!,
        [.. Enumerable.Range(0, 3 * Units).Select(i => (OrderOfPeepholes[i / Units] * Units) + (i % Units))]);

    private Parameter? Find(string name) => Cell.Parameters.FirstOrDefault(parameter => parameter.Name == name);

    private WeightPart Turned(Parameter parameter) => new(parameter, Columns:
        [.. Enumerable.Range(0, parameter.Shape[1]).Select(i => (Order[i / Units] * Units) + (i % Units))]);
}

/// <summary>An activation as the recurrent operators name it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Alpha">Its first number, where it has one.</param>
/// <param name="Beta">Its second number, where it has one.</param>
internal sealed record OperatorActivation(string Name, float? Alpha = null, float? Beta = null)
{
    /// <summary>The name of an activation; null where there is none.</summary>
    public static OperatorActivation? Of(ActivationFunction function)
    {
        var options = new Options(function.GetConfig());
        return function switch
        {
            Tanh => new("Tanh"),
            Sigmoid => new("Sigmoid"),
            Relu when !options.Has("max_value") && !options.Has("threshold") && !options.Has("negative_slope") => new("Relu"),
            Softsign => new("Softsign"),
            HardSigmoid => new("HardSigmoid", 1 / 6f, 0.5f),
            _ => null,
        };
    }
}
