using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Onnx.Export;

/// <summary>Layers that make one value of several.</summary>
internal static class MergeExport
{
    /// <summary>Entry by entry.</summary>
    public static Signal[] Elementwise(LayerContext c, string op)
    {
        int rank = c.OutputShape.Rank;
        Tensor[] values = [.. c.Inputs.Select(input => Aligned(input.Value, input.Shape, rank))];
        if (op is "Mul" or "Max" or "Min" && c.Inputs.Any(input => input.Mask is not null))
        {
            LeaveOutHidden(c, op, values);
        }

        Tensor y = op is "Mul" or "Sub"
            ? values.Aggregate((a, b) => c.Writer.Op(op, a, b))
            : values.Length == 1 ? values[0]
            : c.Writer.Op(op, values);
        return c.Give(y, Either(c, rank));
    }

    /// <summary>One behind the other.</summary>
    public static Signal[] Concatenated(LayerContext c)
    {
        int axis = c.AxisOf(c.Options.Int("axis"));
        Tensor y = c.Writer.Op("Concat", [.. c.Inputs.Select(input => (Tensor?)input.Value)], ("axis", (long)axis));
        Tensor? mask = null;
        if (c.Inputs.Any(input => input.Mask is not null))
        {
            // Of features a step holds data where one input's does; of steps each keeps its own. What has no mask is data.
            if (axis == c.OutputShape.Rank)
            {
                mask = c.Inputs.Any(input => input.Mask is null)
                    ? AllTrue(c.Inputs[0])
                    : c.Inputs.Select(input => input.Mask!.Value).Aggregate((a, b) => c.Writer.Op("Or", a, b));
            }
            else
            {
                mask = c.Writer.Op("Concat", [.. c.Inputs.Select(input => (Tensor?)(input.Mask ?? AllTrue(input)))],
                    ("axis", (long)axis));
            }
        }

        return c.Give(y, mask);
    }

    /// <summary>The product of two.</summary>
    public static Signal[] Dotted(LayerContext c, Dot layer)
    {
        int[] axes = c.Options.Ints("axes");
        int first = AxisIn(axes[0], c.Inputs[0]);
        int second = AxisIn(axes[^1], c.Inputs[1]);
        Tensor a = Lengthened(c.Inputs[0].Value, first, layer.Normalize);
        Tensor b = Lengthened(c.Inputs[1].Value, second, layer.Normalize);
        string letters = "abcdefghijklmnopqrstuvwxy";
        string left = letters[1..(c.Inputs[0].Shape.Rank + 1)];
        string right = letters.Substring(left.Length + 1, c.Inputs[1].Shape.Rank);
        string sum = "z";
        string leftSum = left.Remove(first - 1, 1).Insert(first - 1, sum);
        string rightSum = right.Remove(second - 1, 1).Insert(second - 1, sum);
        string result = left.Remove(first - 1, 1) + right.Remove(second - 1, 1);
        Tensor y = c.Writer.Op("Einsum", [a, b], ("equation", $"a{leftSum},a{rightSum}->a{result}"));
        return c.GiveUnmasked(result.Length == 0 ? y.Unsqueeze(1) : y);
    }

    private static int AxisIn(int axis, Signal input) => axis < 0 ? axis + input.Rank : axis;

    private static Tensor Lengthened(Tensor x, int axis, bool normalize) => !normalize ? x
        : x / ActivationExport.Above((x * x).Reduce("ReduceSum", true, axis), 1e-12).Apply("Sqrt");

    /// <summary>A mask that hides nothing.</summary>
    private static Tensor AllTrue(Signal input)
    {
        GraphWriter writer = input.Value.Writer;
        Tensor shape = input.Value.Lengths().Slice(0, 0, -1);
        return writer.Op("Expand", writer.Number(1).Cast(ElementType.Bool), shape);
    }

    /// <summary>
    /// What a mask hides counts as what does not change the others; where all hide it, as 0 in a product, else the first stands.
    /// </summary>
    private static void LeaveOutHidden(LayerContext c, string op, Tensor[] values)
    {
        int rank = c.OutputShape.Rank;
        double neutral = op switch
        {
            "Mul" => 1,
            "Max" => double.NegativeInfinity,
            _ => double.PositiveInfinity,
        };
        Tensor? either = Either(c, rank)?.Unsqueeze(rank);
        for (int i = 0; i < values.Length; i++)
        {
            if (c.Inputs[i].Mask is not { } mask)
            {
                continue;
            }

            Tensor holds = MaskOf(c.Inputs[i], mask, rank).Unsqueeze(rank);
            if (i == 0 && op != "Mul" && either is { } some)
            {
                holds = c.Writer.Op("Or", holds, c.Writer.Op("Not", some));
            }

            values[i] = c.Writer.Op("Where", holds, values[i], c.Writer.Number(neutral));
        }

        if (op == "Mul" && either is { } any)
        {
            values[0] = c.Writer.Op("Where", any, values[0], c.Writer.Number(0));
        }
    }

    private static Tensor MaskOf(Signal input, Tensor mask, int rank) =>
        Aligned(mask, new Shape([.. input.Shape.Axes.SkipLast(1)]), rank - 1);

    /// <summary>Where one input holds data; null where an input has no mask.</summary>
    private static Tensor? Either(LayerContext c, int rank) => c.Inputs.Any(input => input.Mask is null)
        ? null
        : c.Inputs.Select(input => MaskOf(input, input.Mask!.Value, rank)).Aggregate((a, b) => c.Writer.Op("Or", a, b));

    // What has fewer axes lacks those behind that of the batch.
    private static Tensor Aligned(Tensor x, Shape shape, int rank) =>
        shape.Rank == rank ? x : x.Unsqueeze([.. Enumerable.Range(1, rank - shape.Rank).Select(axis => (long)axis)]);
}
