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

        return c.GiveUnmasked(c.Activated(y));
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
}
