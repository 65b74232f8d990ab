using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Activations, normalisation and reductions.</content>
internal sealed partial class Importer
{
    /// <summary>The activation that an operator is; null where it is none.</summary>
    private ActivationFunction? ActivationOf(NodeProto node)
    {
        string type = node.OpType;
        return type switch
        {
            "Relu" => "relu",
            "Sigmoid" => "sigmoid",
            "Tanh" => "tanh",
            "Softplus" => "softplus",
            "Softsign" => "softsign",
            "Exp" => "exponential",
            "HardSwish" => "hard_silu",
            "Mish" => "mish",
            "Gelu" => new Gelu(node.Text("approximate", "none") == "tanh"),
            "Elu" => new Elu(node.Float("alpha", 1)),
            "Celu" => new Celu(node.Float("alpha", 1)),
            "LeakyRelu" => new LeakyRelu(node.Float("alpha", 0.01)),
            "ThresholdedRelu" => new Threshold(node.Float("alpha", 1), 0),
            "Selu" when Near(node.Float("alpha", 1.67326), 1.67326) && Near(node.Float("gamma", 1.0507), 1.0507) => "selu",
            "HardSigmoid" when Near(node.Float("alpha", 0.2), 1 / 6.0) && Near(node.Float("beta", 0.5), 0.5) => "hard_sigmoid",
            "Shrink" when node.Float("bias", 0) == 0 => new HardShrink(node.Float("lambd", 0.5)),
            "Shrink" when node.Float("bias", 0) == node.Float("lambd", 0.5) => new SoftShrink(node.Float("lambd", 0.5)),
            "Activation:gelu_tanh" => new Gelu(approximate: true),
            "Activation:hard_shrink" => new HardShrink(node.Float("threshold", 0.5)),
            "Activation:soft_shrink" => new SoftShrink(node.Float("threshold", 0.5)),
            "Activation:glu" => new Glu(),
            _ when type.StartsWith("Activation:", StringComparison.Ordinal) => Named(type["Activation:".Length..]),
            _ => throw graph.Fail(node, "Its options are those of no activation of the library"),
        };
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-4;

    private ImportValue[] Activate(NodeProto node) => In(node, 0) switch
    {
        View view => [ActivationOf(node) is Glu glu ? Halved(node, view, glu) : Activated(node, view, ActivationOf(node)!)],
        _ => throw graph.Fail(node, "An activation of known numbers cannot be read here"),
    };

    private View Halved(NodeProto node, View view, Glu glu)
    {
        Atom feature = view.Source.Axes[^1];
        if (!Same(view.Dim(view.Dims.Length - 1), [.. feature.Leaves]))
        {
            throw graph.Fail(node, "It halves an axis that is not that of the features");
        }

        Symbol symbol = Call(node, new Activation(glu, NameOf(node)), view.Source.Symbol);
        var half = new Atom(feature.Length / 2, "half");
        return new(new LayerSource(symbol, [.. view.Source.Axes.SkipLast(1), half]), [.. view.Dims[..^1], [half]]);
    }

    private View Activated(NodeProto node, View view, ActivationFunction function)
    {
        // A layer that nobody else reads takes it over.
        if (view.Source is LazySource { IsMade: false } lazy and not NormSource && graph.HasOneReader(node.In(0))
            && lazy is not AffineSource { Input.Source: ContextSource })
        {
            return view with { Source = new LayerSource(lazy.Make(function), lazy.Axes) };
        }

        Symbol symbol = Call(node, new Activation(function, NameOf(node)), view.Source.Symbol);
        return view with { Source = new LayerSource(symbol, view.Source.Axes) };
    }

    private ImportValue[] Clip(NodeProto node)
    {
        double least = Has(node, 1) ? KnownIn(node, 1, "least value").Single ?? double.NaN
            : node.Float("min", double.NegativeInfinity);
        double most = Has(node, 2) ? KnownIn(node, 2, "largest value").Single ?? double.NaN
            : node.Float("max", double.PositiveInfinity);
        ActivationFunction function = (least, most) switch
        {
            (0, 6) => "relu6",
            (-1, 1) => "hard_tanh",
            (0, > 1e30) => "relu",
            (0, > 0) => new Relu(maxValue: most),
            _ => throw graph.Fail(node,
                FormattableString.Invariant($"A clip from {least} to {most} is no activation of the library")),
        };
        return [Activated(node, ViewIn(node, 0), function)];
    }

    private ImportValue[] PRelu(NodeProto node)
    {
        View view = ViewIn(node, 0);
        KnownValue slope = KnownIn(node, 1, "slope");
        Atom feature = view.Source.Axes[^1];
        float[] all = slope.AsFloats();
        int features = feature.Length ?? throw graph.Fail(node, "The features are of open length");
        if (all.Length != 1 && Aligned(view, slope) is null)
        {
            throw graph.Fail(node, "The slopes are neither one nor one for each feature");
        }

        Take(node, features);
        int[] shared = [.. Enumerable.Range(1, view.Source.Axes.Count - 1)];
        float[] alpha = all.Length == 1 ? [.. Enumerable.Repeat(all[0], features)] : all;
        Symbol symbol = Call(node, new PReLU(sharedAxes: shared, name: NameOf(node)),
            [new NDArray([.. shared.Select(_ => 1), features], alpha)], view.Source.Symbol);
        return [view with { Source = new LayerSource(symbol, view.Source.Axes) }];
    }

    private ImportValue[] Softmax(NodeProto node)
    {
        View view = ViewIn(node, 0);
        int axis = AxisOf(node, node.Int("axis", -1), view.Dims.Length);
        if (view.Source is ProductSource product)
        {
            return [new View(product.Softmax(node, view.Dim(axis), graph), view.Dims)];
        }

        Atom[] along = view.Dim(axis);
        ActivationFunction function = node.OpType == "Softmax" ? "softmax" : "log_softmax";
        if (Same(along, [.. view.Source.Axes[^1].Leaves]))
        {
            return [Activated(node, view, function)];
        }

        Atom[][] others = Others(view, along);
        Symbol symbol = Call(node, new Activation(function, NameOf(node)), As(view, [.. others, along], node));
        Atom whole = along.Length == 1 ? along[0] : Joined(along);
        return [view with { Source = new LayerSource(symbol, [.. others.SelectMany(group => group), whole]) }];
    }

    private ImportValue[] LayerNormalization(NodeProto node)
    {
        View view = ViewIn(node, 0);
        double epsilon = node.Float("epsilon", 1e-5);
        int rank = view.Dims.Length;
        int axis = AxisOf(node, node.Domain == Fusion.Domain ? (long)node.Float("axes", -1) : node.Int("axis", -1), rank);
        Atom[] features = view.Dim(axis);
        if (axis != rank - 1 || !Same(features, [.. view.Source.Axes[^1].Leaves]))
        {
            Atom[][] others = Others(view, features);
            Symbol moved = As(view, [.. others, features], node);
            view = view with
            {
                Source = new LayerSource(moved,
                    [.. others.SelectMany(group => group), features.Length == 1 ? features[0] : Joined(features)]),
            };
        }

        float[]? gain = Has(node, 1) ? KnownIn(node, 1, "gain").AsFloats() : null;
        float[]? shift = Has(node, 2) ? KnownIn(node, 2, "shift").AsFloats() : null;
        Symbol? symbol = null;
        View own = view;
        return [view with { Source = new NormSource(view.Source.Axes, gain, shift, Make) }];

        Symbol Make(float[]? gamma, float[]? beta)
        {
            float[][] numbers = [.. new[] { gamma, beta }.Where(values => values is not null).Select(values => values!)];
            var layer = new Layers.LayerNormalization(null, epsilon, beta is not null, gamma is not null, name: NameOf(node));
            symbol = numbers.Length == 0 ? Call(node, layer, own.Source.Symbol)
                : Call(node, layer, [.. numbers.Select(values => new NDArray([values.Length], values))], own.Source.Symbol);
            return symbol;
        }
    }

    private ImportValue[] BatchNormalization(NodeProto node)
    {
        View view = ViewIn(node, 0);
        Atom[] channels = view.Dims.Length > 1 ? view.Dim(1) : throw graph.Fail(node, "There is no axis of channels");
        KnownValue[] own = [.. ((string[])["scale", "shift", "mean", "variance"]).Select((what, i) =>
            KnownIn(node, i + 1, what))];
        Atom[][] others = Others(view, channels);
        Symbol symbol = As(view, [.. others, channels], node);
        var layer = new Layers.BatchNormalization(epsilon: node.Float("epsilon", 1e-5), momentum: node.Float("momentum", 0.9),
            name: NameOf(node));
        symbol = Call(node, layer, [.. own.Select(values => new NDArray([values.Count], values.AsFloats()))], symbol);
        Atom whole = channels.Length == 1 ? channels[0] : Joined(channels);
        return [view with { Source = new LayerSource(symbol, [.. others.SelectMany(group => group), whole]) }];
    }

    private ImportValue[] Reduce(NodeProto node)
    {
        View view = ViewIn(node, 0);
        int rank = view.Dims.Length;
        long[] axes = (Has(node, 1) ? IntegersIn(node, 1, "axes")
            : node.Ints("axes")) ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        int[] gone = [.. axes.Select(axis => AxisOf(node, axis, rank)).Order()];
        bool keeps = node.OpType.StartsWith("Global", StringComparison.Ordinal) || node.Int("keepdims", 1) != 0;
        if (node.OpType.StartsWith("Global", StringComparison.Ordinal))
        {
            gone = [.. Enumerable.Range(2, Math.Max(0, rank - 2))];
        }

        Atom[] along = [.. gone.SelectMany(view.Dim)];
        Atom[][] dims = [.. Enumerable.Range(0, rank).Where(i => keeps || !gone.Contains(i)).Select(i => gone.Contains(i) ? []
            : view.Dims[i])];
        if (along.Length == 0 || along.Contains(batch))
        {
            return along.Length == 0 ? [view with { Dims = dims }]
                : throw graph.Fail(node, "It goes over the samples of the batch");
        }

        Atom[] features = [.. Others(view, along).SelectMany(group => group)];
        Symbol symbol = As(view, [along, features], node);
        bool isMax = node.OpType is "ReduceMax" or "GlobalMaxPool";
        symbol = isMax ? Call(node, new GlobalMaxPooling1D(name: NameOf(node)), symbol)
            : Call(node, new GlobalAveragePooling1D(name: NameOf(node)), symbol);
        if (node.OpType == "ReduceSum")
        {
            long count = Length.Of(along).Number ?? throw graph.Fail(node,
                "It sums over an open number of places; a mean can be read");
            symbol = Call(node, new Rescaling(count, 0, NameOf(string.Empty, "sum")), symbol);
        }

        Atom whole = features.Length == 1 ? features[0] : features.Length == 0 ? new Atom(1, "feature") : Joined(features);
        if (features.Length == 0)
        {
            dims = dims.Length == 0 ? [[whole]] : [.. dims[..^1], [.. dims[^1], whole]];
        }

        return [new View(new LayerSource(symbol, [whole]), dims)];
    }
}
