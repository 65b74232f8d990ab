using Recurrent.Layers;
using Recurrent.Parameters;

namespace Recurrent.Onnx.Export;

/// <summary>Convolutions and pooling along the steps.</summary>
internal static class ConvolutionExport
{
    /// <summary>A kernel (taps, in, out) as the operator Conv has it: (out, in, taps).</summary>
    public static Tensor Kernel(GraphWriter writer, Parameter kernel, string name) => Permuted(writer, kernel, name, 2, 1, 0);

    /// <summary>The zeros at the ends.</summary>
    public static (string Name, object Value) Padding(string padding, int span, int strides)
    {
        // With strides the number of zeros depends on the steps, and there is no dilation then.
        int zeros = span - 1;
        return padding switch
        {
            "causal" => ("pads", new long[] { zeros, 0 }),
            "same" when strides == 1 => ("pads", new long[] { zeros / 2, zeros - (zeros / 2) }),
            "same" => ("auto_pad", "SAME_UPPER"),
            _ => ("auto_pad", "VALID"),
        };
    }

    /// <summary>A convolution.</summary>
    public static Signal[] Write(LayerContext c, Conv1D layer)
    {
        Tensor x = ChannelsFirst(c, layer.Window);
        if (layer.StateSizes.Count > 0 && c.Inputs.Length == 1 && c.States?.Has(false) == true)
        {
            return WithPast(c, layer, x);
        }

        return Finish(c, layer, Convolved(c, x, Kernel(c.Writer, c.Require("kernel"), "kernel"), c.Find("bias"), layer.Window,
            layer.Groups));
    }

    /// <summary>A convolution of each channel by itself.</summary>
    public static Signal[] Write(LayerContext c, DepthwiseConv1D layer)
    {
        Tensor x = ChannelsFirst(c, layer.Window);
        return Finish(c, layer,
            Convolved(c, x, Depthwise(c, "kernel", out int channels), c.Find("bias"), layer.Window, channels));
    }

    /// <summary>A convolution of each channel by itself, and a product that mixes them.</summary>
    public static Signal[] Write(LayerContext c, SeparableConv1D layer)
    {
        Tensor x = ChannelsFirst(c, layer.Window);
        Tensor own = Convolved(c, x, Depthwise(c, "depthwise_kernel", out int channels), null, layer.Window, channels);
        Tensor kernel = Kernel(c.Writer, c.Require("pointwise_kernel"), "pointwise_kernel");
        Tensor?[] inputs = [own, kernel, c.Find("bias") is { } bias ? c.Writer.Weight(bias) : null];
        return Finish(c, layer, c.Writer.Op("Conv", inputs));
    }

    /// <summary>The transpose of a convolution.</summary>
    public static Signal[] Write(LayerContext c, Conv1DTranspose layer)
    {
        // The whole is (steps − 1)·strides + span long; some of it is cut off in front, and at the end, or zeros are put there.
        int span = layer.Window.Span;
        bool isSame = layer.Padding == "same";
        int more = layer.OutputPadding
            ?? (isSame ? layer.Strides - (span % 2) : Math.Max(span, layer.Strides) - span);
        int cut = isSame ? Math.Max(0, (span - (span % 2) - more) / 2) : 0;
        int end = (isSame ? span % 2 : span) + more - span + cut;
        Tensor x = ChannelsFirst(c, layer.Window);
        Tensor kernel = Permuted(c.Writer, c.Require("kernel"), "kernel", 2, 1, 0);
        Tensor whole = c.Writer.Op("ConvTranspose", [x, kernel, null],
            ("strides", new long[] { layer.Strides }), ("dilations", new long[] { layer.DilationRate }));
        if (cut > 0)
        {
            whole = whole.Slice(2, cut, long.MaxValue);
        }

        if (end < 0)
        {
            whole = whole.Slice(2, 0, end);
        }
        else if (end > 0)
        {
            whole = Padded(whole, 0, end);
        }

        return Finish(c, layer, c.Find("bias") is { } bias ? whole + c.Writer.Weight(bias).Unsqueeze(-1) : whole);
    }

    /// <summary>Pooling by a window that moves.</summary>
    public static Signal[] Write(LayerContext c, Pooling1D layer)
    {
        bool last = layer.DataFormat == ConvolutionOptions.ChannelsFirst;
        Tensor x = last ? c.X : c.X.Transpose(0, 2, 1);
        bool isMax = layer is MaxPooling1D;
        Tensor y = c.Writer.Op(
            isMax ? "MaxPool" : "AveragePool",
            [x],
            ("kernel_shape", new long[] { layer.PoolSize }), ("strides", new long[] { layer.Strides }),
            ("auto_pad", layer.Padding == "same" ? "SAME_UPPER" : "VALID"));
        return c.GiveUnmasked(last ? y : y.Transpose(0, 2, 1));
    }

    /// <summary>Pooling over all steps.</summary>
    public static Signal[] Write(LayerContext c, GlobalPooling1D layer)
    {
        bool last = layer.DataFormat == ConvolutionOptions.ChannelsFirst;
        long axis = last ? 2 : 1;
        if (layer is GlobalAveragePooling1D && c.Input.Mask is { } mask)
        {
            Tensor counts = mask.AsNumbers().Unsqueeze(-1);
            Tensor sum = (c.X * counts).Reduce("ReduceSum", layer.Keepdims, 1);
            Tensor count = ActivationExport.Above(counts.Reduce("ReduceSum", layer.Keepdims, 1), 1);
            return c.GiveUnmasked(sum / count);
        }

        return c.GiveUnmasked(c.X.Reduce(layer is GlobalMaxPooling1D ? "ReduceMax" : "ReduceMean", layer.Keepdims, axis));
    }

    /// <summary>Pooling to a number of steps.</summary>
    public static Signal[] Write(LayerContext c, AdaptivePooling1D layer)
    {
        bool last = layer.DataFormat == ConvolutionOptions.ChannelsFirst;
        long axis = last ? 2 : 1;
        int steps = c.Input.Shape[last ? 1 : 0] ?? throw c.Refuse(
            "cuts a sequence into parts whose lengths follow from its own, which is not known",
            "Give the number of time steps in inputShape.");
        Tensor[] parts = new Tensor[layer.OutputSize];
        for (int i = 0; i < parts.Length; i++)
        {
            long first = (long)i * steps / parts.Length;
            long end = (((i + 1L) * steps) + parts.Length - 1) / parts.Length;
            parts[i] = c.X.Slice(axis, first, end)
                .Reduce(layer is AdaptiveMaxPooling1D ? "ReduceMax" : "ReduceMean", true, axis);
        }

        return c.GiveUnmasked(c.Writer.Op("Concat", [.. parts.Select(part => (Tensor?)part)], ("axis", axis)));
    }

    /// <summary>With zeros in front of the last axis and behind it.</summary>
    private static Tensor Padded(Tensor x, int before, int behind) =>
        x.Writer.Op("Pad", x, x.Writer.Integers(0, 0, before, 0, 0, behind), x.Writer.Number(0));

    private static Tensor Permuted(GraphWriter writer, Parameter kernel, string name, params int[] axes)
    {
        int[] from = [.. kernel.Shape];
        long[] to = [.. axes.Select(axis => (long)from[axis])];
        int[] strides = [from[1] * from[2], from[2], 1];
        var order = new int[kernel.Size];
        int next = 0;
        for (int a = 0; a < to[0]; a++)
        {
            for (int b = 0; b < to[1]; b++)
            {
                for (int d = 0; d < to[2]; d++)
                {
                    order[next++] = (a * strides[axes[0]]) + (b * strides[axes[1]]) + (d * strides[axes[2]]);
                }
            }
        }

        return writer.Weight(name, to, new WeightPart(kernel, order));
    }

    /// <summary>A kernel (taps, channels, multiplier) as (channels · multiplier, 1, taps).</summary>
    private static Tensor Depthwise(LayerContext c, string name, out int channels)
    {
        Parameter kernel = c.Require(name);
        (int taps, int multiplier) = (kernel.Shape[0], kernel.Shape[2]);
        channels = kernel.Shape[1];
        int all = channels * multiplier;
        return c.Writer.Weight(name, [all, 1, taps],
            new WeightPart(kernel, [.. Enumerable.Range(0, kernel.Size).Select(i => ((i % taps) * all) + (i / taps))]));
    }

    private static Tensor ChannelsFirst(LayerContext c, ConvolutionOptions window) =>
        window.StepsAreLast ? c.X : c.X.Transpose(0, 2, 1);

    private static Tensor Convolved(
        LayerContext c, Tensor x, Tensor kernel, Parameter? bias, ConvolutionOptions window, int groups)
    {

        Tensor?[] inputs = [x, kernel, bias is null ? null : c.Writer.Weight(bias)];
        return c.Writer.Op("Conv", inputs,
            ("strides", new long[] { window.Strides }), ("dilations", new long[] { window.DilationRate }),
            ("group", (long)groups), Padding(window.Padding, window.Span, window.Strides));
    }

    private static Signal[] Finish(LayerContext c, ConvolutionLayer layer, Tensor y)
    {
        y = layer.Window.StepsAreLast ? y : y.Transpose(0, 2, 1);
        return c.GiveUnmasked(layer.Activation.Apply(y));
    }

    // What it has seen before is one vector, step below step.
    private static Signal[] WithPast(LayerContext c, Conv1D layer, Tensor x)
    {
        int past = layer.Window.Span - 1;
        int channels = c.Input.Shape.Features;
        string name = $"{c.Name}.{layer.StateNames[0]}";
        object[] axes = [past * channels];
        Tensor before = c.States!.In(name, axes).Reshape(0, past, channels).Transpose(0, 2, 1);
        Tensor all = c.Writer.Op("Concat", [before, x], ("axis", 2L));
        c.States.Out(name, all.Slice(2, -past, long.MaxValue).Transpose(0, 2, 1).Reshape(0, past * channels), axes);
        Tensor y = Convolved(c, all, Kernel(c.Writer, c.Require("kernel"), "kernel"), c.Find("bias"),
            layer.Window with { Padding = "valid" }, layer.Groups);
        return Finish(c, layer, y);
    }
}
