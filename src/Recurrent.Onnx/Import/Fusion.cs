using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <summary>Finds what exporters spell out in small operators: layer normalisation and activations, and puts one node in their
/// place.</summary>
internal sealed class Fusion(GraphProto graph)
{
    /// <summary>The domain of nodes that stand for several.</summary>
    public const string Domain = "recurrent.fused";

    private readonly ImportGraph lookup = new(graph);

    /// <summary>Changes the graph.</summary>
    public static GraphProto Apply(GraphProto graph)
    {
        var fusion = new Fusion(graph);
        foreach (NodeProto node in graph.Node)
        {
            fusion.Fuse(node);
        }

        return graph;
    }

    private void Fuse(NodeProto node)
    {
        switch (node.OpType)
        {
            case "Div" when IsNormalization(node) is { } found:
                Replace(node, "LayerNormalization", [found.X], ("epsilon", found.Epsilon), ("axes", (double)found.Axis));
                break;
            case "Div" when Plus(node.In(1), 1) is { } size && Producer(size, "Abs") is { } abs && abs.In(0) == node.In(0):
                Replace(node, "Activation:softsign", [node.In(0)]);
                break;
            case "Add" when ScaledNormalization(node) is { } found:
                Replace(node, "LayerNormalization", [found.X, found.Gain, found.Shift], ("epsilon", found.Epsilon),
                    ("axes", (double)found.Axis));
                break;
            case "Mul" when Gelu(node) is { } x:
                Replace(node, "Activation:gelu", [x]);
                break;
            case "Mul" when TanhGelu(node) is { } x:
                Replace(node, "Activation:gelu_tanh", [x]);
                break;
            case "Mul":
                FuseProduct(node);
                break;
            case "Log" when Producer(node.In(0), "Sigmoid") is { } sigmoid:
                Replace(node, "Activation:log_sigmoid", [sigmoid.In(0)]);
                break;
            case "Sub" when Producer(node.In(1), "Tanh") is { } tanh && tanh.In(0) == node.In(0):
                Replace(node, "Activation:tanh_shrink", [node.In(0)]);
                break;
            case "Where" when HardShrink(node) is { } x:
                Replace(node, "Activation:hard_shrink", [x.X], ("threshold", x.Threshold));
                break;
            case "Add" when SoftShrink(node) is { } x:
                Replace(node, "Activation:soft_shrink", [x.X], ("threshold", x.Threshold));
                break;
        }
    }

    // x·σ(x), x·tanh(softplus x), and the two halves of a GLU.
    private void FuseProduct(NodeProto node)
    {
        for (int side = 0; side < 2; side++)
        {
            string x = node.In(side);
            string other = node.In(1 - side);
            if (Producer(other, "Sigmoid") is { } sigmoid)
            {
                if (sigmoid.In(0) == x)
                {
                    Replace(node, "Activation:silu", [x]);
                    return;
                }

                if (Producer(x, "Split") is { } split && split.Output.Count == 2 && split.Output[0] == x
                    && split.Output[1] == sigmoid.In(0) && split.Int("axis", 0) == -1)
                {
                    Replace(node, "Activation:glu", [split.In(0)]);
                    return;
                }
            }

            if (Producer(other, "Tanh") is { } tanh && Producer(tanh.In(0), "Softplus") is { } softplus && softplus.In(0) == x)
            {
                Replace(node, "Activation:mish", [x]);
                return;
            }

            if (Producer(other, "HardSigmoid") is { } hard && hard.In(0) == x
                && Math.Abs(hard.Float("alpha", 0.2) - (1 / 6.0)) < 1e-4)
            {
                Replace(node, "Activation:hard_silu", [x]);
                return;
            }
        }
    }

    private (string X, double Epsilon, long Axis)? IsNormalization(NodeProto node)
    {
        if (Producer(node.In(0), "Sub") is not { } centred || Producer(centred.In(1), "ReduceMean") is not { } mean
            || mean.In(0) != centred.In(0) || Producer(node.In(1), "Sqrt") is not { } root
            || Producer(root.In(0), "Add") is not { } sum)
        {
            return null;
        }

        for (int side = 0; side < 2; side++)
        {
            if (Producer(sum.In(side), "ReduceMean") is { } variance && Number(sum.In(1 - side)) is { } epsilon
                && lookup.ProducerOf(variance.In(0)) is { } square && IsSquareOf(square, centred)
                && AxisOf(mean) is { } axis && AxisOf(variance) == axis)
            {
                return (centred.In(0), epsilon, axis);
            }
        }

        return null;
    }

    // x·s + (β − mean·s) with s = γ/√(var + ε), as TensorFlow has it.
    private (string X, string Gain, string Shift, double Epsilon, long Axis)? ScaledNormalization(NodeProto node)
    {
        for (int side = 0; side < 2; side++)
        {
            if (Producer(node.In(side), "Mul") is not { } scaled || Producer(node.In(1 - side), "Sub") is not { } rest
                || lookup.Constant(rest.In(0)) is null || Producer(rest.In(1), "Mul") is not { } shifted)
            {
                continue;
            }

            for (int i = 0; i < 4; i++)
            {
                (string x, string s) = (scaled.In(i % 2), scaled.In(1 - (i % 2)));
                string m = shifted.In(0) == s ? shifted.In(1) : shifted.In(0);
                if ((shifted.In(0) == s || shifted.In(1) == s) && Producer(m, "ReduceMean") is { } mean && mean.In(0) == x
                    && AxisOf(mean) is { } axis && Producer(s, "Mul") is { } factor
                        && Inverse(factor, x, mean, axis) is { } found)
                {
                    return (x, found.Gain, rest.In(0), found.Epsilon, axis);
                }
            }
        }

        return null;
    }

    private (string Gain, double Epsilon)? Inverse(NodeProto factor, string x, NodeProto mean, long axis)
    {
        for (int side = 0; side < 2; side++)
        {
            string gain = factor.In(1 - side);
            string root = Producer(factor.In(side), "Reciprocal")?.In(0)
                ?? (Producer(factor.In(side), "Div") is { } div && Number(div.In(0)) == 1 ? div.In(1) : string.Empty);
            if (lookup.Constant(gain) is null || Producer(root, "Sqrt") is not { } sqrt
                || Producer(sqrt.In(0), "Add") is not { } sum)
            {
                continue;
            }

            for (int i = 0; i < 2; i++)
            {
                if (Number(sum.In(i)) is { } epsilon && Producer(sum.In(1 - i), "ReduceMean") is { } variance
                    && AxisOf(variance) == axis
                    && lookup.ProducerOf(variance.In(0)) is { } square
                    && Producer(square.In(0), "Sub") is { } centred && IsSquareOf(square, centred)
                    && ((centred.In(0) == x && centred.In(1) == mean.Output[0])
                        || (centred.In(1) == x && centred.In(0) == mean.Output[0])))
                {
                    return (gain, epsilon);
                }
            }
        }

        return null;
    }

    private bool IsSquareOf(NodeProto square, NodeProto centred) => square.OpType switch
    {
        // The difference may have been computed twice.
        "Pow" => IsSame(square.In(0), centred) && Number(square.In(1)) == 2,
        "Mul" => IsSame(square.In(0), centred) && IsSame(square.In(1), centred),
        _ => false,
    };

    private bool IsSame(string name, NodeProto centred) => name == centred.Output[0]
        || (Producer(name, "Sub") is { } other && other.In(0) == centred.In(0) && other.In(1) == centred.In(1));

    private long? AxisOf(NodeProto reduce)
    {
        long[]? axes = reduce.Ints("axes") ?? lookup.Constant(reduce.In(1))?.Integers;
        return axes is [var axis] && reduce.Int("keepdims", 1) == 1 ? axis : null;
    }

    // x·½·(1 + erf(x/√2)) in any order of its factors.
    private string? Gelu(NodeProto node) => Factors(node) is not { } all ? null
        : all.Numbers == 0.5 && all.Values.Count == 2 ? Pair(all.Values, (x, other) =>
            Plus(other, 1) is { } erf && Producer(erf, "Erf") is { } own && IsScaled(own.In(0), x, Math.Sqrt(0.5)))
        : null;

    // x·½·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
    private string? TanhGelu(NodeProto node) => Factors(node) is { Numbers: 0.5, Values.Count: 2 } all
        ? Pair(all.Values, (x, other) => Plus(other, 1) is { } tanh && Producer(tanh, "Tanh") is { } own
            && Producer(own.In(0), "Mul") is { } scaled && Factors(scaled) is { Values.Count: 1 } inner
            && Math.Abs(inner.Numbers - Math.Sqrt(2 / Math.PI)) < 1e-4 && Producer(inner.Values[0], "Add") is { } cubic
            && cubic.Input.Contains(x))
        : null;

    private static string? Pair(List<string> values, Func<string, string, bool> fits) =>
        fits(values[0], values[1]) ? values[0] : fits(values[1], values[0]) ? values[1] : null;

    /// <summary>The factors of a product of products.</summary>
    private (double Numbers, List<string> Values)? Factors(NodeProto node)
    {
        double numbers = 1;
        var values = new List<string>();
        for (int side = 0; side < 2; side++)
        {
            string name = node.In(side);
            if (Number(name) is { } number)
            {
                numbers *= number;
            }
            else if (Producer(name, "Mul") is { } inner && lookup.HasOneReader(name)
                && (Number(inner.In(0)) is not null || Number(inner.In(1)) is not null || Number(node.In(1 - side)) is not null))
            {
                for (int i = 0; i < 2; i++)
                {
                    if (Number(inner.In(i)) is { } factor)
                    {
                        numbers *= factor;
                    }
                    else
                    {
                        values.Add(inner.In(i));
                    }
                }
            }
            else
            {
                values.Add(name);
            }
        }

        return (Math.Round(numbers, 7), values);
    }

    private string? Plus(string name, double number) => Producer(name, "Add") is { } sum
        ? Number(sum.In(0)) == number ? sum.In(1) : Number(sum.In(1)) == number ? sum.In(0) : null
        : null;

    private bool IsScaled(string name, string x, double factor) =>
        (Producer(name, "Div") is { } div && div.In(0) == x && Number(div.In(1)) is { } by && Math.Abs((1 / by) - factor) < 1e-5)
        || (Producer(name, "Mul") is { } mul && ((mul.In(0) == x && Number(mul.In(1)) is { } a && Math.Abs(a - factor) < 1e-5)
            || (mul.In(1) == x && Number(mul.In(0)) is { } b && Math.Abs(b - factor) < 1e-5)));

    private (string X, double Threshold)? HardShrink(NodeProto node)
    {
        string x = node.In(1);
        return Number(node.In(2)) == 0 && Producer(node.In(0), "Or") is { } either
            && Producer(Uncast(either.In(0)), "Greater") is { } above && above.In(0) == x
            && Producer(Uncast(either.In(1)), "Less") is { } below && below.In(0) == x
            && Number(above.In(1)) is { } most && Number(below.In(1)) == -most ? (x, most) : null;
    }

    private (string X, double Threshold)? SoftShrink(NodeProto node) =>
        Producer(node.In(0), "Where") is { } first && Producer(node.In(1), "Where") is { } second
        && Producer(Uncast(first.In(0)), "Greater") is { } above && Producer(Uncast(second.In(0)), "Less") is { } below
        && Producer(first.In(1), "Sub") is { } less && Producer(second.In(1), "Add") is { } more
        && above.In(0) == below.In(0) && less.In(0) == above.In(0) && more.In(0) == above.In(0)
        && Number(above.In(1)) is { } threshold && Number(below.In(1)) == -threshold && Number(less.In(1)) == threshold
        && Number(more.In(1)) == threshold && Number(first.In(2)) == 0 && Number(second.In(2)) == 0
            ? (above.In(0), threshold) : null;

    private string Uncast(string name) => Producer(name, "Cast") is { } cast ? cast.In(0) : name;

    private NodeProto? Producer(string name, string type) =>
        lookup.ProducerOf(name) is { } node && node.OpType == type && node.Domain.Length == 0 ? node : null;

    private double? Number(string name) => name.Length == 0 ? null : lookup.Constant(name)?.Single;

    private static void Replace(NodeProto node, string type, string[] inputs, params (string Name, double Value)[] options)
    {
        node.OpType = type;
        node.Domain = Domain;
        node.Input.Clear();
        node.Input.AddRange(inputs);
        node.Attribute.Clear();
        node.Attribute.AddRange(options.Select(option => new AttributeProto { Name = option.Name, F = (float)option.Value }));
    }
}
