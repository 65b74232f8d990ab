using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Which operators can be read, and how.</content>
internal sealed partial class Importer
{
    private static readonly string[] Activations =
    [
        "Relu", "Sigmoid", "Tanh", "Softplus", "Softsign", "Exp", "HardSwish", "Mish", "Gelu", "Elu", "Celu", "LeakyRelu",
        "ThresholdedRelu", "Selu", "HardSigmoid", "Shrink", "Activation",
    ];

    private Dictionary<string, Rule> rules => field ??= NewRules();

    private Dictionary<string, Rule> NewRules()
    {
        var table = new Dictionary<string, Rule>(StringComparer.Ordinal)
        {
            ["Constant"] = node => [graph.Constant(node.Output[0]) ?? throw graph.Fail(node, "This constant holds no numbers")],
            ["Identity"] = Same,
            ["Dropout"] = Same,
            ["Cast"] = Cast,
            ["Shape"] = Shape,
            ["ConstantOfShape"] = ConstantOfShape,
            ["Expand"] = Expand,
            ["Transpose"] = Transpose,
            ["Squeeze"] = Squeeze,
            ["Unsqueeze"] = Unsqueeze,
            ["Reshape"] = Reshape,
            ["Flatten"] = Flatten,
            ["Gather"] = Gather,
            ["Slice"] = Slice,
            ["Split"] = Split,
            ["Concat"] = Concat,
            ["Pad"] = Pad,
            ["MatMul"] = MatMul,
            ["Einsum"] = Einsum,
            ["Reciprocal"] = OfKnown(value => 1 / value),
            ["Gemm"] = Gemm,
            ["Softmax"] = Softmax,
            ["LogSoftmax"] = Softmax,
            ["Clip"] = Clip,
            ["PRelu"] = PRelu,
            ["LayerNormalization"] = LayerNormalization,
            ["BatchNormalization"] = BatchNormalization,
            ["InstanceNormalization"] = InstanceNormalization,
            ["Resize"] = Resize,
            ["Conv"] = Conv,
            ["ConvTranspose"] = ConvTranspose,
            ["MaxPool"] = Pool,
            ["AveragePool"] = Pool,
            ["LSTM"] = Recurrent,
            ["GRU"] = Recurrent,
            ["RNN"] = Recurrent,
            ["Sqrt"] = OfKnown(Math.Sqrt),
            ["Neg"] = node => In(node, 0) is View view ? [Scaled(node, view, [-1])] : OfKnown(value => -value)(node),
            ["Where"] = Where,
            ["Equal"] = Compare,
            ["Greater"] = Compare,
            ["Less"] = Compare,
            ["Range"] = Range,
            ["Trilu"] = Trilu,
            ["ReduceProd"] = ReduceProd,
        };
        foreach (string name in Activations)
        {
            table[name] = Activate;
        }

        foreach (string name in (string[])["ReduceMean", "ReduceMax", "ReduceSum", "GlobalAveragePool", "GlobalMaxPool"])
        {
            table[name] = Reduce;
        }

        foreach (string name in (string[])["Add", "Sub", "Mul", "Div", "Pow", "Mod"])
        {
            table[name] = Arithmetic;
        }

        foreach (string name in (string[])["Sum", "Mean", "Max", "Min"])
        {
            table[name] = node => In(node, 0) is View || node.Input.Count != 2 ? Several(node) : Arithmetic(node);
        }

        return table;
    }

    private Rule OfKnown(Func<double, double> function) => node => TryKnown(In(node, 0)) is { } known
        ? [Folding.Applied(Counted(node, known), function)]
        : throw graph.Fail(node, $"'{node.OpType}' of what a layer gives is no layer of the library");

    /// <summary>Numbers of which as many are about to be made.</summary>
    private KnownValue Counted(NodeProto node, KnownValue known)
    {
        Take(node, known.Count);
        return known;
    }

    private ImportValue[] Compare(NodeProto node)
    {
        if (TryKnown(In(node, 0)) is { } a && TryKnown(In(node, 1)) is { } b)
        {
            Func<double, double, double> compare = node.OpType switch
            {
                "Equal" => (x, y) => x == y ? 1 : 0,
                "Greater" => (x, y) => x > y ? 1 : 0,
                _ => (x, y) => x < y ? 1 : 0,
            };
            KnownValue? result = Folding.Combined(a, b, compare, (x, y) => (long)compare(x, y), count => Take(node, count));
            return result is null ? throw graph.Fail(node, "The shapes of its inputs do not go together")
                : [new KnownValue(result.Dims, null, result.Integers ?? [.. result.Floats!.Select(value => (long)value)])];
        }

        // Exporters ask whether a length is −1, which none is.
        return node.OpType == "Equal" && In(node, 0) is LengthsValue lengths && TryKnown(In(node, 1)) is { Single: -1 }
            ? [new KnownValue([lengths.Items.Length], null, [.. lengths.Items.Select(item => item?.Number == -1 ? 1L : 0L)])]
            : throw graph.Fail(node, "What a layer gives is compared, which cannot be read here");
    }

    private ImportValue[] Where(NodeProto node)
    {
        KnownValue condition = KnownIn(node, 0, "condition");
        if (condition.Integers is { } all && all.Distinct().Count() == 1)
        {
            return [In(node, all[0] != 0 ? 1 : 2)];
        }

        if (In(node, 1) is LengthsValue or KnownValue { Integers: not null }
            && In(node, 2) is LengthsValue or KnownValue { Integers: not null }
            && condition.Integers is { } choose && condition.Dims.Length == 1)
        {
            Take(node, 8L * choose.Length);
            Length?[] then = Listed(In(node, 1), choose.Length);
            Length?[] otherwise = Listed(In(node, 2), choose.Length);
            return [new LengthsValue([.. choose.Select((chosen, i) => chosen != 0 ? then[i] : otherwise[i])], IsScalar: false)];
        }

        // Scores that are hidden by a mask: where it says so they become a large number below zero.
        for (int side = 1; side <= 2; side++)
        {
            if (In(node, side) is View { Source: ProductSource product } view
                && TryKnown(In(node, 3 - side)) is { Single: <= -1e4 })
            {
                bool keeps = side == 1;
                float[] mask = [.. condition.Integers!.Select(value => value != 0 == keeps ? 0f : -1e9f)];
                return [view with { Source = product.Masked(node, new KnownValue(condition.Dims, mask, null), graph) }];
            }
        }

        throw graph.Fail(node, "Where of what layers give cannot be read here");
    }

    private static Length?[] Listed(ImportValue value, int count)
    {
        Length?[] items = value is LengthsValue lengths ? lengths.Items
            : [.. ((KnownValue)value).Integers!.Select(number => (Length?)Length.Of(number))];
        return items.Length == 1 ? [.. Enumerable.Repeat(items[0], count)] : items;
    }

    private ImportValue[] Range(NodeProto node)
    {
        (double first, double end, double step) = (Number(0), Number(1), Number(2));
        double count = step == 0 ? 0 : Math.Ceiling((end - first) / step);
        if (count is not (>= 0 and <= 1 << 20))
        {
            throw graph.Fail(node, "The range is too long");
        }

        Take(node, (long)count);
        return [new KnownValue([(long)count], null,
            [.. Enumerable.Range(0, (int)count).Select(i => (long)(first + (i * step)))])];

        double Number(int index) =>
            KnownIn(node, index, "range").Single ?? throw graph.Fail(node, "A range is of single numbers");
    }

    private ImportValue[] Trilu(NodeProto node)
    {
        KnownValue known = Counted(node, KnownIn(node, 0, "matrix"));
        if (known.Dims.Length < 2)
        {
            throw graph.Fail(node, $"The matrix has {known.Dims.Length} axes, and not two or more");
        }

        long diagonal = Has(node, 1) ? (long)(KnownIn(node, 1, "diagonal").Single ?? 0) : 0;
        bool upper = node.Int("upper", 1) != 0;
        long columns = known.Dims[^1];
        long rows = known.Dims[^2];
        float[] values = known.AsFloats();
        float[] cut = [.. values.Select((value, i) =>
        {
            long ahead = (i % columns) - (i / columns % rows);
            return (upper ? ahead >= diagonal : ahead <= diagonal) ? value : 0;
        })];
        return known.Integers is null ? [known with { Floats = cut }]
            : [known with { Integers = [.. cut.Select(value => (long)value)] }];
    }

    private ImportValue[] ReduceProd(NodeProto node)
    {
        Length product = LengthsOf(node, 0).Aggregate(Length.Of(1), (all, item) =>
            all.Times(item ?? throw graph.Fail(node, "A length is not known")));
        return [new LengthsValue([product], node.Int("keepdims", 1) == 0)];
    }
}
