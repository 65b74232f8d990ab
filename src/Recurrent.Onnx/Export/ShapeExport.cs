using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>Layers that move, mask, look up or scale values.</summary>
internal static class ShapeExport
{
    private const double Hidden = -1e30;

    /// <summary>The input of a layer with its first axis behind the others, where its options say so.</summary>
    public static Tensor ChannelsLast(LayerContext c)
    {
        int rank = c.Inputs[0].Shape.Rank;
        return rank > 1 && c.Options.Text("data_format") == "channels_first"
            ? c.X.Transpose([.. Enumerable.Range(2, rank - 1).Prepend(0).Append(1)])
            : c.X;
    }

    /// <summary>Marks steps as padding and makes them zero.</summary>
    public static Signal[] Masked(LayerContext c)
    {
        Tensor same = c.Writer.Op("Equal", c.X, c.Writer.Number(c.Options.Double("mask_value")));
        Tensor all = same.AsNumbers().Reduce("ReduceMin", false, -1);
        Tensor mask = c.Writer.Number(0.5).Greater(all);
        return c.Give(c.Writer.Op("Where", mask.Unsqueeze(-1), c.X, c.Writer.Number(0)), mask);
    }

    /// <summary>Rows of a table.</summary>
    public static Signal[] Embedded(LayerContext c, bool maskZero)
    {
        Tensor ids = c.X.Cast(ElementType.Int64);
        Tensor y = c.Writer.Op("Gather", [c.Weight("embeddings"), ids], ("axis", 0L));

        // An id of a sample of one axis is a step of its own.
        Tensor? mask = maskZero ? c.Writer.Op("Not", c.Writer.Op("Equal", ids, c.Writer.Integers(0).Squeeze(0))) : null;
        return c.Give(y, mask);
    }

    /// <summary>A slope below zero that is learned.</summary>
    public static Signal[] PRelu(LayerContext c)
    {
        Parameter alpha = c.Require("alpha");
        Tensor slope = c.Writer.Weight("alpha", [.. alpha.Shape.Select(length => (long)length)], new WeightPart(alpha));
        return c.GiveMasked(c.Writer.Op("PRelu", c.X, slope));
    }

    /// <summary>Probabilities along axes.</summary>
    public static Signal[] Softmax(LayerContext c)
    {
        long[] axes = [.. c.Options.Ints("axis").Select(axis => (long)c.AxisOf(axis))];
        bool alongSteps = axes.Any(axis => axis < c.Input.Shape.Rank);
        if (axes.Length == 1 && (c.Input.Mask is null || !alongSteps))
        {
            return c.GiveMasked(c.Writer.Op("Softmax", [c.X], ("axis", axes[0])));
        }

        Tensor x = c.X;
        Tensor? kept = alongSteps ? c.Input.MaskOfValues : null;
        if (kept is { } mask)
        {
            x = c.Writer.Op("Where", mask, x, c.Writer.Number(Hidden));
        }

        Tensor e = (x - x.Reduce("ReduceMax", true, axes)).Apply("Exp");
        e = kept is { } own ? c.Writer.Op("Where", own, e, c.Writer.Number(0)) : e;
        Tensor sum = ActivationExport.Above(e.Reduce("ReduceSum", true, axes), 1e-30);
        return c.GiveMasked(e / sum);
    }

    /// <summary>A product over any axes.</summary>
    public static Signal[] Einsum(LayerContext c)
    {
        string equation = c.Options.Text("equation")!.Replace(" ", string.Empty, StringComparison.Ordinal);
        Tensor y = c.Writer.Op("Einsum", [c.X, c.Weight("kernel")], ("equation", equation));
        if (c.Find("bias") is { } bias)
        {
            y += c.Writer.Weight("bias", [.. bias.Shape.Select(length => (long)length)], new WeightPart(bias));
        }

        return c.Give(c.Activated(y), EinsumMask(c, equation));
    }

    /// <summary>Without the first and the last steps.</summary>
    public static Signal[] Cropped(LayerContext c)
    {
        int[] cut = c.Options.Ints("cropping");
        return c.GiveUnmasked(c.X.Slice(1, cut[0], cut[^1] == 0 ? long.MaxValue : -cut[^1]));
    }

    /// <summary>With steps of zeros at both ends.</summary>
    public static Signal[] Padded(LayerContext c)
    {
        int[] more = c.Options.Ints("padding");
        return c.GiveUnmasked(c.Writer.Op("Pad", c.X, c.Writer.Integers(0, more[0], 0, 0, more[^1], 0), c.Writer.Number(0)));
    }

    /// <summary>Each step several times.</summary>
    public static Signal[] Repeated(LayerContext c)
    {
        int size = c.Options.Int("size");
        Tensor apart = c.Writer.Op("Expand", c.X.Unsqueeze(2), c.Writer.Integers(1, 1, size, 1));
        return c.GiveUnmasked(apart.Reshape(0, -1, c.Input.Shape.Features));
    }

    /// <summary>One number, or one for each feature.</summary>
    public static Tensor Numbers(LayerContext c, string key)
    {
        double[] values = c.Options.Doubles(key);
        return values.Length == 1 ? c.Writer.Number(values[0])
            : c.Writer.Numbers([values.Length], [.. values.Select(value => (float)value)]);
    }

    // As the layer has it: the mask stays where all axes but the last do, and becomes that of the steps where the first does.
    private static Tensor? EinsumMask(LayerContext c, string equation)
    {
        if (c.Input.Mask is not { } mask)
        {
            return null;
        }

        string[] sides = equation.Split("->");
        string input = Letters(sides[0].Split(',')[0], c.Input.Rank);
        string output = Letters(sides[1], c.OutputShape.Rank + 1);
        (input, output) = (input[1..], output[1..]);
        if (input.Length < 2 || output.Length < 2)
        {
            return input.Length < 2 && output.Length < 2 ? mask : null;
        }

        if (input[..^1] == output[..^1])
        {
            return mask;
        }

        if (input[0] != output[0])
        {
            return null;
        }

        Tensor steps = mask;
        if (input.Length > 2)
        {
            long[] inner = [.. Enumerable.Range(2, input.Length - 2).Select(axis => (long)axis)];
            steps = mask.AsNumbers().Reduce("ReduceMax", false, inner).Cast(ElementType.Bool);
        }

        if (output.Length == 2)
        {
            return steps;
        }

        long[] more = [.. Enumerable.Range(2, output.Length - 2).Select(axis => (long)axis)];
        long[] lengths = [1, 1, .. Enumerable.Range(1, output.Length - 2).Select(i => (long)c.OutputShape[i]!.Value)];
        return c.Writer.Op("Expand", steps.Unsqueeze(more), c.Writer.Integers(lengths));
    }

    // Dots stand for as many axes as are left; letters that no equation has stand for them here.
    private static string Letters(string side, int rank)
    {
        int dots = side.IndexOf("...", StringComparison.Ordinal);
        if (dots < 0)
        {
            return side;
        }

        int rest = rank - (side.Length - 3);
        string front = side[..dots];
        return front + string.Concat(Enumerable.Range(0, Math.Max(0, rest)).Select(i => (char)('\u0100' + i)))
            + side[(dots + 3)..];
    }
}
