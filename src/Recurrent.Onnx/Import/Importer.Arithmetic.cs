using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Sums and products entry by entry, of known numbers and of what layers give.</content>
internal sealed partial class Importer
{
    private ImportValue[] Arithmetic(NodeProto node)
    {
        (ImportValue a, ImportValue b) = (In(node, 0), In(node, 1));
        if (a is View || b is View)
        {
            return [WithLayers(node, a, b)];
        }

        if (TryKnown(a) is { } x && TryKnown(b) is { } y)
        {
            return [Folding.Combined(x, y, (p, q) => Compute(node, p, q), (p, q) => Compute(node, p, q),
                count => Take(node, count))
                ?? throw graph.Fail(node, "The shapes of its inputs do not go together")];
        }

        if (a is FilledValue or KnownValue && b is FilledValue or KnownValue && (a is FilledValue || b is FilledValue))
        {
            FilledValue filled = a as FilledValue ?? (FilledValue)b;
            double? other = a is FilledValue && b is FilledValue two ? two.Number : ((a as KnownValue) ?? (KnownValue)b).Single;
            return other is { } number
                ? [filled with { Number = a is FilledValue ? Compute(node, filled.Number, number)
                    : Compute(node, number, filled.Number) }]
                : throw graph.Fail(node, "Numbers of an open shape are computed with, which cannot be read here");
        }

        return [OfLengths(node, Items(a), Items(b), RankOf(a) == 0 && RankOf(b) == 0)];

        Length?[] Items(ImportValue value) => value switch
        {
            LengthsValue lengths => lengths.Items,
            KnownValue { Integers: { } numbers } => [.. numbers.Select(number => (Length?)Length.Of(number))],
            KnownValue { Floats: { } numbers } =>
                [.. numbers.Select(number => number == (long)number ? (Length?)Length.Of((long)number) : null)],
            _ => throw graph.Fail(node, "It computes with what is not known"),
        };
    }

    private LengthsValue OfLengths(NodeProto node, Length?[] a, Length?[] b, bool isScalar)
    {
        var items = new Length?[Math.Max(a.Length, b.Length)];
        for (int i = 0; i < items.Length; i++)
        {
            Length? x = a[a.Length == 1 ? 0 : Math.Min(i, a.Length - 1)];
            Length? y = b[b.Length == 1 ? 0 : Math.Min(i, b.Length - 1)];
            items[i] = (x, y, node.OpType) switch
            {
                ({ } p, { } q, "Mul") => p.Times(q),
                ({ } p, { } q, "Div") => p.Over(q),
                ({ } p, { } q, _) when p.Number is { } one && q.Number is { } other => Length.Of(Compute(node, one, other)),
                ({ } p, { Open.Length: 0, Factor: 0 }, "Add" or "Sub") => p,
                ({ Open.Length: 0, Factor: 0 }, { } q, "Add") => q,
                _ => null,
            };
        }

        return new(items, isScalar);
    }

    private double Compute(NodeProto node, double a, double b) => node.OpType switch
    {
        "Add" => a + b,
        "Sub" => a - b,
        "Mul" => a * b,
        "Div" => a / b,
        "Pow" => Math.Pow(a, b),
        "Max" => Math.Max(a, b),
        "Min" => Math.Min(a, b),
        _ => throw graph.Fail(node, $"'{node.OpType}' of known numbers cannot be read here"),
    };

    private long Compute(NodeProto node, long a, long b) => node.OpType switch
    {
        "Add" => checked(a + b),
        "Sub" => checked(a - b),
        "Mul" => checked(a * b),
        "Div" when b != 0 => a / b,
        "Max" => Math.Max(a, b),
        "Min" => Math.Min(a, b),
        "Mod" when b != 0 => ((a % b) + b) % b,
        _ => throw graph.Fail(node, $"'{node.OpType}' of known numbers cannot be read here"),
    };

    private View WithLayers(NodeProto node, ImportValue a, ImportValue b)
    {
        if (a is View x && b is View y)
        {
            return Merged(node, x, y);
        }

        View view = a as View ?? (View)b;
        bool isFirst = a is View;
        float[]? numbers = (isFirst ? b : a) switch
        {
            KnownValue known => Aligned(view, known),
            FilledValue filled => [(float)filled.Number],
            LengthsValue lengths when TryKnown(lengths) is { } known => Aligned(view, known),
            _ => null,
        };
        if (numbers is null)
        {
            return (isFirst ? b : a) is KnownValue table && node.OpType == "Add" ? PlusTable(node, view, table)
                : throw graph.Fail(node, "What it is combined with is neither one number nor one for each feature");
        }

        switch (node.OpType)
        {
            case "Add":
                return Shifted(node, view, numbers);
            case "Sub":
                return isFirst ? Shifted(node, view, [.. numbers.Select(value => -value)])
                    : Shifted(node, Scaled(node, view, [-1]), numbers);
            case "Mul":
                return Scaled(node, view, numbers);
            case "Div" when isFirst:
                return Scaled(node, view, [.. numbers.Select(value => 1 / value)]);
            case "Max" when numbers is [0]:
                return Activated(node, view, "relu");
            default:
                throw graph.Fail(node, $"'{node.OpType}' with known numbers cannot be read here");
        }
    }

    /// <summary>Known numbers that are one, or one for each feature; null where they are neither.</summary>
    private static float[]? Aligned(View view, KnownValue known)
    {
        float[] all = known.AsFloats();
        if (all.Length == 1)
        {
            return all;
        }

        // Along the dimensions of the features, and along no other.
        long[] own = [.. known.Dims.SkipWhile(length => length == 1)];
        Atom[] feature = [.. view.Source.Axes[^1].Leaves];
        for (int first = 0; first + 1 <= own.Length; first++)
        {
            int count = own.Length - first;
            int last = view.Dims.Length;
            while (own.Length > 1 && count > 1 && own[^1] == 1)
            {
                own = own[..^1];
                count--;
                last--;
            }

            if (count > last || own[..first].Any(length => length != 1))
            {
                continue;
            }

            Atom[][] dims = view.Dims[(last - count)..last];
            return Same([.. dims.SelectMany(View.LeavesOf)], feature)
                && dims.Zip(own[first..]).All(pair => Length.Of(pair.First).Number == pair.Second) ? all : null;
        }

        return null;
    }

    private View Shifted(NodeProto node, View view, float[] numbers) => view.Source switch
    {
        ProductSource product when numbers is [0] => view with { Source = product },
        AffineSource { IsMade: false } affine => view with { Source = affine.Plus(numbers) },
        NormSource { IsMade: false, Shift: null } norm when numbers.Length > 1 => view with { Source = norm.Plus(numbers) },
        _ => view with
        {
            Source = new LayerSource(Call(node, numbers.Length == 1 ? new Rescaling(1, numbers[0], NameOf(node))
            : new Rescaling([1], [.. numbers.Select(value => (double)value)], NameOf(node)), view.Source.Symbol),
                view.Source.Axes)
        },
    };

    private View Scaled(NodeProto node, View view, float[] numbers) => view.Source switch
    {
        ProductSource product when numbers.Length == 1 => view with { Source = product.Times(numbers[0]) },
        AffineSource { IsMade: false } affine => view with { Source = Scaled(node, affine, numbers) },
        NormSource { IsMade: false, Gain: null, Shift: null } norm when numbers.Length > 1 =>
            view with { Source = norm.Times(numbers) },
        _ => view with
        {
            Source = new LayerSource(Call(node, numbers.Length == 1 ? new Rescaling(numbers[0], 0, NameOf(node))
            : new Rescaling([.. numbers.Select(value => (double)value)], [0], NameOf(node)), view.Source.Symbol),
                view.Source.Axes)
        },
    };

    private AffineSource Scaled(NodeProto node, AffineSource affine, float[] numbers)
    {
        Take(node, affine.Kernel.Length);
        return affine.Scaled(numbers);
    }

    // A trained vector for each position.
    private View PlusTable(NodeProto node, View view, KnownValue table)
    {
        if (view.Source is ProductSource product)
        {
            return view with { Source = product.Masked(node, table, graph) };
        }

        long[] dims = [.. table.Dims.SkipWhile(length => length == 1)];
        int time = view.Dims.Length - 2;
        if (dims.Length == 2 && time >= 0 && view.Dim(time) is [var steps] && steps != batch && table.Floats is not null
            && Length.Of(view.Dims[^1]).Number == dims[1] && steps.Length == dims[0])
        {
            Atom[] features = view.Dim(view.Dims.Length - 1);
            Symbol symbol = As(view, [[steps], features], node);
            var layer = new PositionalEmbedding((int)dims[0], "zeros", name: NameOf(node));
            symbol = Call(node, layer, [new NDArray([(int)dims[0], (int)dims[1]], table.Floats)], symbol);
            Atom whole = features.Length == 1 ? features[0] : Joined(features);
            return view with { Source = new LayerSource(symbol, [steps, whole]) };
        }

        throw graph.Fail(node, "The numbers that are added are neither one for each feature nor one for each step and feature");
    }

    private View Merged(NodeProto node, View x, View y)
    {
        int rank = Math.Max(x.Dims.Length, y.Dims.Length);
        Atom[][] a = [.. Enumerable.Repeat(Array.Empty<Atom>(), rank - x.Dims.Length), .. x.Dims];
        Atom[][] b = [.. Enumerable.Repeat(Array.Empty<Atom>(), rank - y.Dims.Length), .. y.Dims];
        var own = new Dictionary<Atom, Atom>(ReferenceEqualityComparer.Instance);
        var dims = new Atom[rank][];
        for (int i = 0; i < rank; i++)
        {
            bool emptyA = View.LeavesOf(a[i]).All(leaf => leaf.Length == 1) && a[i].Length <= b[i].Length
                && Length.Of(b[i]) is not { Number: 1 };
            bool emptyB = View.LeavesOf(b[i]).All(leaf => leaf.Length == 1) && Length.Of(a[i]) is not { Number: 1 };
            dims[i] = emptyA ? b[i] : a[i];
            if (emptyA || emptyB)
            {
                continue;
            }

            (Atom[] first, Atom[] second) = Aligned(node, a[i], b[i]);
            for (int j = 0; j < first.Length; j++)
            {
                own[first[j]] = second[j];
            }
        }

        // One of them has all axes; the other may lack those that stand first.
        bool swapped = View.LeavesOf(dims.SelectMany(dim => dim)).Except(View.LeavesOf(x.Dims.SelectMany(dim => dim))).Any();
        View whole = swapped ? y : x;
        View part = swapped ? x : y;
        Dictionary<Atom, Atom> map = swapped ? own.ToDictionary(pair => pair.Value, pair => pair.Key) : own;
        Atom[] order = [.. whole.Source.Axes.SelectMany(axis => axis.Leaves)];
        Atom[][] groups = [.. whole.Source.Axes.Select(axis => axis.Leaves.ToArray())];
        Atom[][] others = [.. groups.Select(group =>
            group.Where(map.ContainsKey).Select(leaf => map[leaf]).ToArray()).Where(group => group.Length > 0)];
        int missing = order.Count(leaf => !map.ContainsKey(leaf));
        if (order.Take(missing).Any(map.ContainsKey))
        {
            throw graph.Fail(node, "One of its inputs is repeated along an axis behind others, which cannot be read here");
        }

        Symbol one = As(whole, groups, node);
        Symbol other = As(part, others.Length == 0 ? [[]] : others, node);
        Symbol[] symbols = swapped ? [other, one] : [one, other];
        string name = NameOf(node);
        Layer layer = node.OpType switch
        {
            "Add" or "Sum" => new Add(name),
            "Mul" => new Multiply(name),
            "Sub" => new Subtract(name),
            "Max" => new Maximum(name),
            "Min" => new Minimum(name),
            "Mean" => new Average(name),
            _ => throw graph.Fail(node, $"'{node.OpType}' of what two layers give cannot be read here"),
        };
        Atom[][] given = swapped ? [.. dims.Select(dim =>
            View.LeavesOf(dim).Select(leaf => map.FirstOrDefault(pair => pair.Value == leaf).Key ?? leaf).ToArray())] : dims;
        return new(new LayerSource(Call(node, layer, symbols), whole.Source.Axes), given);
    }

    private ImportValue[] Several(NodeProto node)
    {
        ImportValue value = In(node, 0);
        for (int i = 1; i < node.Input.Count; i++)
        {
            value = value is View || In(node, i) is View ? WithLayers(node, value, In(node, i))
                : throw graph.Fail(node, "Its inputs are known");
        }

        return node.OpType == "Mean" && node.Input.Count > 2
            ? throw graph.Fail(node, "The mean of more than two values cannot be read here") : [value];
    }
}
