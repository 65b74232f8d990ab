using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>Layers that normalise.</summary>
internal static class NormalizationExport
{
    // As UnitNormalization has it.
    private const double Least = 1e-12;

    /// <summary>By what training has seen.</summary>
    public static Signal[] Write(LayerContext c, BatchNormalization layer)
    {
        _ = layer;
        long[] shape = new long[c.Input.Shape.Rank];
        Array.Fill(shape, 1);
        shape[c.AxisOf(c.Options.Int("axis")) - 1] = c.Require("moving_mean").Size;
        Tensor variance = ActivationExport.Above(Shaped(c, "moving_variance", shape), 0) + c.Options.Double("epsilon");
        Tensor hat = (c.X - Shaped(c, "moving_mean", shape)) / variance.Apply("Sqrt");
        return c.GiveMasked(Scaled(c, hat, shape));
    }

    /// <summary>Over axes of each sample.</summary>
    public static Signal[] Write(LayerContext c, LayerNormalization layer)
    {
        long[] axes = Axes(c);
        double epsilon = c.Options.Double("epsilon");
        if (layer.RmsScaling)
        {
            Tensor centred = c.X - c.X.Reduce("ReduceMean", true, axes);
            Tensor variance = (centred * centred).Reduce("ReduceMean", true, axes);
            return c.GiveMasked(Scaled(c, c.X / (variance + epsilon).Apply("Sqrt"), Broad(c, axes)));
        }

        if (axes is [var last] && last == c.Input.Shape.Rank && c.Find("gamma") is not null)
        {
            Tensor?[] inputs = [c.X, c.Weight("gamma"), c.Find("beta") is null ? null : c.Weight("beta")];
            return c.GiveMasked(c.Writer.Op("LayerNormalization", inputs, ("axis", -1L), ("epsilon", epsilon)));
        }

        return c.GiveMasked(Scaled(c, Normalized(c.X, axes, epsilon), Broad(c, axes)));
    }

    /// <summary>By the root of the mean square.</summary>
    public static Signal[] Write(LayerContext c, RMSNormalization layer)
    {
        _ = layer;
        long[] axes = Axes(c);
        Tensor squares = (c.X * c.X).Reduce("ReduceMean", true, axes);
        Tensor hat = c.X / (squares + c.Options.Double("epsilon")).Apply("Sqrt");
        return c.GiveUnmasked(hat * Shaped(c, "scale", Broad(c, axes)));
    }

    /// <summary>To length 1.</summary>
    public static Signal[] Write(LayerContext c, UnitNormalization layer)
    {
        _ = layer;
        Tensor squares = (c.X * c.X).Reduce("ReduceSum", true, Axes(c));
        return c.GiveMasked(c.X / ActivationExport.Above(squares, Least).Apply("Sqrt"));
    }

    /// <summary>Over groups of channels and all places.</summary>
    public static Signal[] Write(LayerContext c, GroupNormalization layer)
    {
        _ = layer;
        int axis = c.AxisOf(c.Options.Int("axis"));
        int channels = c.Input.Shape[axis - 1]!.Value;
        int groups = c.Options.Int("groups") is var given and > 0 ? given : channels;

        // Channels to the front, in groups: (batch, groups, whatever is in a group).
        int[] order = [0, axis, .. Enumerable.Range(1, c.Input.Shape.Rank).Where(other => other != axis)];
        int[] back = [.. Enumerable.Range(0, order.Length).Select(i => Array.IndexOf(order, i))];
        Tensor moved = axis == 1 ? c.X : c.X.Transpose(order);
        Tensor hat = Normalized(moved.Reshape(0, groups, -1), [2], c.Options.Double("epsilon"));
        Tensor whole = c.Writer.Op("Reshape", hat, moved.Lengths());
        long[] shape = new long[c.Input.Shape.Rank];
        Array.Fill(shape, 1);
        shape[axis - 1] = channels;
        return c.GiveMasked(Scaled(c, axis == 1 ? whole : whole.Transpose(back), shape));
    }

    /// <summary>By a mean and a variance that are known.</summary>
    public static Signal[] Write(LayerContext c, Normalization layer)
    {
        _ = layer;
        bool isGiven = c.Options.Has("mean");
        Tensor mean = isGiven ? Given(c, "mean") : Statistic(c, "mean");
        Tensor variance = isGiven ? Given(c, "variance") : Statistic(c, "variance");
        Tensor deviation = ActivationExport.Above(ActivationExport.Above(variance, 0).Apply("Sqrt"), 1e-7);
        return c.GiveMasked(c.Options.Bool("invert") ? mean + (c.X * deviation) : (c.X - mean) / deviation);
    }

    /// <summary>To mean 0 and variance 1 along axes.</summary>
    private static Tensor Normalized(Tensor x, long[] axes, double epsilon)
    {
        Tensor centred = x - x.Reduce("ReduceMean", true, axes);
        Tensor variance = (centred * centred).Reduce("ReduceMean", true, axes);
        return centred / (variance + epsilon).Apply("Sqrt");
    }

    private static long[] Axes(LayerContext c) =>
        [.. c.Options.Ints("axis").Select(axis => (long)c.AxisOf(axis)).Order()];

    /// <summary>The shape that goes with the values: 1 along all axes but these.</summary>
    private static long[] Broad(LayerContext c, long[] axes) =>
        [.. Enumerable.Range(1, c.Input.Shape.Rank).Select(axis => axes.Contains(axis) ? c.Input.Shape[axis - 1]!.Value : 1L)];

    private static Tensor Shaped(LayerContext c, string name, long[] shape)
    {
        // Axes of length 1 in front are there anyway.
        long[] short1 = [.. shape.SkipWhile(length => length == 1)];
        return c.Writer.Weight(name, short1.Length == 0 ? [1] : short1, new WeightPart(c.Require(name)));
    }

    private static Tensor Scaled(LayerContext c, Tensor hat, long[] shape)
    {
        Tensor y = c.Find("gamma") is null ? hat : hat * Shaped(c, "gamma", shape);
        return c.Find("beta") is null ? y : y + Shaped(c, "beta", shape);
    }

    private static Tensor Statistic(LayerContext c, string name)
    {
        Parameter parameter = c.Require(name);
        int[] kept = [.. c.Options.Ints("axis").Select(axis => c.AxisOf(axis)).Order()];
        long[] shape = new long[c.Input.Shape.Rank];
        Array.Fill(shape, 1);
        for (int i = 0; i < kept.Length; i++)
        {
            shape[kept[i] - 1] = parameter.Shape[i];
        }

        return Shaped(c, name, shape);
    }

    // Its last axes are those of the config, from the last on.
    private static Tensor Given(LayerContext c, string key)
    {
        var lengths = new List<int>();
        var values = new List<float>();
        for (object? level = c.Options.Raw(key); level is IReadOnlyList<object?> list; level = list[0])
        {
            lengths.Add(list.Count);
        }

        Gather(c.Options.Raw(key));
        int[] kept = [.. c.Options.Ints("axis").Select(axis => c.AxisOf(axis)).Order()];
        long[] shape = new long[c.Input.Shape.Rank];
        Array.Fill(shape, 1);
        for (int i = 1; values.Count > 1 && i <= lengths.Count; i++)
        {
            shape[kept[^i] - 1] = lengths[^i];
        }

        return c.Writer.Numbers(shape, [.. values]);

        void Gather(object? level)
        {
            if (level is IReadOnlyList<object?> list)
            {
                foreach (object? item in list)
                {
                    Gather(item);
                }
            }
            else
            {
                values.Add(Convert.ToSingle(level, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
