using System.Globalization;
using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Convolutions and pooling.</content>
internal sealed partial class Importer
{
    private ImportValue[] Conv(NodeProto node)
    {
        View x = ViewIn(node, 0);
        KnownValue w = KnownIn(node, 1, "kernel");
        float[]? bias = Has(node, 2) ? KnownIn(node, 2, "bias").AsFloats() : null;
        (int axis, int spatial) = Spatial(node, x, w.Dims);
        (int filters, int channels, int taps) = ((int)w.Dims[0], (int)w.Dims[1], (int)w.Dims[2 + spatial]);
        int strides = At(node, "strides", spatial, 1);
        int dilation = At(node, "dilations", spatial, 1);
        int groups = (int)node.Int("group", 1);
        int span = checked(((taps - 1) * dilation) + 1);
        (string padding, int front, int back) = Padding(node, spatial, x.Dims.Length - 2, span, strides);
        Sequence own = SequenceOf(node, x, axis, 1);
        Symbol symbol = Padded(node, own.Symbol, front, back);

        // (out, in, taps) becomes (taps, in, out).
        float[] from = w.AsFloats();
        Take(node, from.Length);
        var kernel = new float[from.Length];
        for (int o = 0; o < filters; o++)
        {
            for (int i = 0; i < channels * taps; i++)
            {
                kernel[(((i % taps * channels) + (i / taps)) * filters) + o] = from[(o * channels * taps) + i];
            }
        }

        int? steps = own.Time.Length is int known ? padding == "valid" ? ((known + front + back - span) / strides) + 1
            : ((known - 1) / strides) + 1 : null;
        var time = new Atom(steps, "time");
        var features = new Atom(filters, "filters");
        NDArray[] numbers = [new([taps, channels, filters], kernel), .. bias is null ? Array.Empty<NDArray>() : [bias]];
        var source = new LazySource([time, features], activation => Call(node, new Conv1D(filters, taps, strides, padding,
            dilationRate: dilation, groups: groups, activation: activation, useBias: bias is not null, kernelInitializer: "zeros",
            name: NameOf(node)), numbers, symbol));
        return [new View(source, Placed(x, axis, time, features))];
    }

    private ImportValue[] ConvTranspose(NodeProto node)
    {
        View x = ViewIn(node, 0);
        KnownValue w = KnownIn(node, 1, "kernel");
        float[]? bias = Has(node, 2) ? KnownIn(node, 2, "bias").AsFloats() : null;
        (int axis, int spatial) = Spatial(node, x, w.Dims);
        (int channels, int filters, int taps) = ((int)w.Dims[0], (int)w.Dims[1], (int)w.Dims[2 + spatial]);
        if (node.Int("group", 1) != 1 || node.Text("auto_pad", "NOTSET") is not ("NOTSET" or "VALID")
            || node.Find("output_shape") is not null)
        {
            throw graph.Fail(node, "Groups, auto_pad and output_shape of a transposed convolution cannot be read here");
        }

        int strides = At(node, "strides", spatial, 1);
        int dilation = At(node, "dilations", spatial, 1);
        int more = At(node, "output_padding", spatial, 0);
        long[] pads = node.Ints("pads") ?? [0, 0, 0, 0];
        (int front, int back) = ((int)pads[spatial], (int)pads[spatial + (pads.Length / 2)]);
        int span = checked(((taps - 1) * dilation) + 1);
        if (span < strides)
        {
            throw graph.Fail(node, "Its strides are longer than its window");
        }

        float[] from = w.AsFloats();
        Take(node, from.Length);
        var kernel = new float[from.Length];
        for (int i = 0; i < from.Length; i++)
        {
            (int channel, int rest) = Math.DivRem(i, filters * taps);
            kernel[((((rest % taps) * filters) + (rest / taps)) * channels) + channel] = from[i];
        }

        Sequence own = SequenceOf(node, x, axis, 1);
        Symbol symbol = Call(node,
            new Conv1DTranspose(filters, taps, strides, outputPadding: more > 0 ? more : null, dilationRate: dilation,
            useBias: bias is not null, kernelInitializer: "zeros", name: NameOf(node)),
            [new NDArray([taps, filters, channels], kernel), .. bias is null ? Array.Empty<NDArray>() : [bias]], own.Symbol);
        symbol = front == 0 && back == 0 ? symbol
            : Call(node, new Cropping1D((front, back), name: NameOf(string.Empty, "cropping")), symbol);
        var time = new Atom(own.Time.Length is int known ? ((known - 1) * strides) + span + more - front - back : null, "time");
        var features = new Atom(filters, "filters");
        return [new View(new LayerSource(symbol, [time, features]), Placed(x, axis, time, features))];
    }

    private ImportValue[] Pool(NodeProto node)
    {
        View x = ViewIn(node, 0);
        long[] shape = node.Ints("kernel_shape") ?? throw graph.Fail(node, "It says no kernel_shape");
        (int axis, int spatial) = Spatial(node, x, [1, 1, .. shape]);
        int size = (int)shape[spatial];
        int strides = At(node, "strides", spatial, 1);
        bool isMax = node.OpType == "MaxPool";
        if (node.Int("ceil_mode", 0) != 0 || At(node, "dilations", spatial, 1) != 1 || node.Output.Count > 1)
        {
            throw graph.Fail(node, "ceil_mode, dilations and indices of pooling cannot be read here");
        }

        (string padding, int front, int back) = Padding(node, spatial, shape.Length, size, 0);
        if (front + back > 0 && (isMax || node.Int("count_include_pad", 0) == 0))
        {
            throw graph.Fail(node, "Pooling with pads whose zeros do not count cannot be read here. Use padding 0, or auto_pad");
        }

        Sequence own = SequenceOf(node, x, axis, 1);
        Symbol symbol = Padded(node, own.Symbol, front, back);
        symbol = isMax ? Call(node, new MaxPooling1D(size, strides, padding, name: NameOf(node)), symbol)
            : Call(node, new AveragePooling1D(size, strides, padding, name: NameOf(node)), symbol);
        int? steps = own.Time.Length is int known ? padding == "valid" ? ((known + front + back - size) / strides) + 1
            : ((known - 1) / strides) + 1 : null;
        var time = new Atom(steps, "time");
        return [new View(new LayerSource(symbol, [time, own.Features]), Placed(x, axis, time, own.Features))];
    }

    private ImportValue[] Pad(NodeProto node)
    {
        ImportValue data = In(node, 0);
        if (data is not View x)
        {
            return [data];
        }

        long[] pads = Has(node, 1) ? IntegersIn(node, 1, "pads") : node.Ints("pads") ?? [];
        double value = Has(node, 2) ? KnownIn(node, 2, "value").Single ?? double.NaN : node.Float("value", 0);
        int rank = x.Dims.Length;
        if (pads.Length != 2 * rank || node.Text("mode", "constant") != "constant")
        {
            throw graph.Fail(node, "The pads are not two for each axis, or no zeros are put there");
        }

        for (int axis = 0; axis < rank; axis++)
        {
            (long front, long back) = (pads[axis], pads[axis + rank]);
            if (front == 0 && back == 0)
            {
                continue;
            }

            if (value != 0 || front is < -(1 << 20) or > 1 << 20 || back is < -(1 << 20) or > 1 << 20
                || x.Dim(axis) is not [var leaf] || leaf == batch)
            {
                throw graph.Fail(node,
                    FormattableString.Invariant($"Pads of {front} and {back} with {value} cannot be read here"));
            }

            x = front <= 0 && back <= 0 ? Cropped(node, x, axis, (int)-front, (int)-back)
                : Lengthened(node, x, axis, (int)front, (int)back);
        }

        return [x];
    }

    private View Lengthened(NodeProto node, View x, int axis, int front, int back)
    {
        if (front < 0 || back < 0)
        {
            x = Cropped(node, x, axis, Math.Max(0, -front), Math.Max(0, -back));
        }

        Sequence own = SequenceOf(node, x, axis, -1);
        Symbol symbol = Padded(node, own.Symbol, Math.Max(0, front), Math.Max(0, back));
        var time = new Atom(own.Time.Length + Math.Max(0, front) + Math.Max(0, back), "time");
        Atom[][] dims = [.. x.Dims];
        dims[axis] = x.Leaves.All(leaf => leaf == batch || leaf == own.Time) ? [time, own.Features] : [time];
        return new(new LayerSource(symbol, [time, own.Features]), dims);
    }

    private Symbol Padded(NodeProto node, Symbol symbol, int front, int back) => front == 0 && back == 0 ? symbol
        : Call(node, new ZeroPadding1D((front, back), name: NameOf(string.Empty, "padding")), symbol);

    /// <summary>A value as steps of features.</summary>
    private Sequence SequenceOf(NodeProto node, View view, int axis, int channels)
    {
        if (view.Dim(axis) is not [var time])
        {
            throw graph.Fail(node, "The axis that it moves along is joined of several");
        }

        if (time == batch)
        {
            throw new RestartException(channels >= 0 && view.Dim(0) is [var first] ? first : time);
        }

        Atom[] features = [.. Others(view, time).SelectMany(group => group)];
        if (channels >= 0 && !features.ToHashSet().SetEquals(view.Dim(channels)))
        {
            throw view.Dim(0) is [var own] && own != batch ? new RestartException(own)
                : graph.Fail(node, "It has more axes than samples, channels and steps");
        }

        features = channels >= 0 ? view.Dim(channels) : features;
        Symbol symbol = As(view, [[time], features], node);
        return new(symbol, time, features.Length == 1 ? features[0] : features.Length == 0 ? new Atom(1, "feature")
            : Joined(features));
    }

    // Two axes of places may be written, of which one has length 1.
    private (int Axis, int Spatial) Spatial(NodeProto node, View x, long[] kernel)
    {
        int count = x.Dims.Length - 2;
        if (count < 1 || count > 3 || kernel.Length != x.Dims.Length || kernel.Any(length => length is < 1 or > int.MaxValue))
        {
            throw graph.Fail(node, "What it moves over has not the axes of its kernel");
        }

        int[] wide = [.. Enumerable.Range(0, count).Where(i => x.Dim(i + 2).Length > 0)];
        int spatial = wide is [var only] ? only : count == 1 ? 0
            : throw graph.Fail(node, "It moves over more than one axis, and layers of the library over one, that of time");
        return Enumerable.Range(0, count).All(i => i == spatial || kernel[i + 2] == 1) ? (spatial + 2, spatial)
            : throw graph.Fail(node, "It moves over more than one axis, and layers of the library over one, that of time");
    }

    private int At(NodeProto node, string name, int index, int fallback) => node.Ints(name) is { } list && list.Length > 0
        ? index < list.Length && list[index] >= (name == "output_padding" ? 0 : 1)
            && list[index] <= 1 << 24 ? (int)list[index]
            : throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture, $"{name} is out of range")) : fallback;

    private (string Padding, int Front, int Back) Padding(NodeProto node, int spatial, int count, int span, int strides)
    {
        switch (node.Text("auto_pad", "NOTSET"))
        {
            case "SAME_UPPER":
                return ("same", 0, 0);
            case "VALID":
                return ("valid", 0, 0);
            case "SAME_LOWER":
                throw graph.Fail(node, "auto_pad SAME_LOWER cannot be read here");
        }

        long[] pads = node.Ints("pads") ?? new long[2 * count];
        if (pads.Length != 2 * count || pads.Where((pad, i) => i % count != spatial && pad != 0).Any()
            || pads.Any(pad => pad is < 0 or > 1 << 20))
        {
            throw graph.Fail(node, "The pads are out of range");
        }

        (int front, int back) = ((int)pads[spatial], (int)pads[spatial + count]);
        return strides == 1 && front == span - 1 && back == 0 && span > 1 ? ("causal", 0, 0)
            : strides == 1 && front + back == span - 1 && front == (span - 1) / 2 && span > 1 ? ("same", 0, 0)
            : ("valid", front, back);
    }

    private static Atom[][] Placed(View x, int axis, Atom time, Atom features)
    {
        Atom[][] dims = [.. x.Dims];
        dims[1] = [features];
        dims[axis] = [time];
        return dims;
    }

    private readonly record struct Sequence(Symbol Symbol, Atom Time, Atom Features);
}
