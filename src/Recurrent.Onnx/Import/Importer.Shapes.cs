using Recurrent.Onnx.Export;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Operators that move values, and arithmetic on shapes.</content>
internal sealed partial class Importer
{
    private ImportValue[] Same(NodeProto node) => [In(node, 0)];

    private ImportValue[] Shape(NodeProto node) => In(node, 0) switch
    {
        View view => [new LengthsValue([.. view.Dims.Select(dim => (Length?)Length.Of(dim))], IsScalar: false)],
        KnownValue known => [new KnownValue([known.Dims.Length], null, known.Dims)],
        FilledValue filled => [new LengthsValue(filled.Dims, IsScalar: false)],
        LengthsValue lengths =>
            [new KnownValue([lengths.IsScalar ? 0 : 1], null, lengths.IsScalar ? [] : [lengths.Items.Length])],
        _ => throw graph.Fail(node, "Nothing is known of its shape"),
    };

    private ImportValue[] ConstantOfShape(NodeProto node)
    {
        KnownValue? value = node.Find("value")?.T is { } tensor ? ImportGraph.Known(tensor, $"graph.node '{node.Name}'.value")
            : null;
        Length?[] dims = LengthsOf(node, 0);
        double number = value?.Single ?? 0;

        // Lists of numbers that shapes are computed of, and masks, are short.
        if (dims.All(dim => dim?.Number is >= 0 and <= 1 << 16)
            && dims.Aggregate(1.0, (all, dim) => all * dim!.Value.Factor) <= 1 << 20)
        {
            long[] shape = [.. dims.Select(dim => dim!.Value.Factor)];
            int count = (int)shape.Aggregate(1L, (all, length) => all * length);
            Take(node, count);
            return value?.Integers is not null
                ? [new KnownValue(shape, null, [.. Enumerable.Repeat((long)number, count)])]
                : [new KnownValue(shape, [.. Enumerable.Repeat((float)number, count)], null)];
        }

        return [new FilledValue(number, dims)];
    }

    private ImportValue[] Expand(NodeProto node)
    {
        Length?[] dims = LengthsOf(node, 1);
        switch (In(node, 0))
        {
            case View view:
                // As it is, or with axes of length 1 more.
                bool fits = view.Dims.Length >= dims.Length
                    && dims.Select((dim, i) => (dim, own: view.Dims[i + view.Dims.Length - dims.Length]))
                    .All(pair => pair.dim is { Open.Length: 0, Factor: 1 or -1 }
                        || (pair.dim is { } length && Length.Of(pair.own).Is(length)));
                return fits ? [view]
                    : throw graph.Fail(node, "What a layer gives is repeated along an axis, which cannot be read here");
            case KnownValue { Single: { } number }:
                return [new FilledValue(number, dims)];
            case KnownValue known when known.AsFloats() is var all && all.Length > 0 && all.All(value => value == all[0]):
                return [new FilledValue(all[0], dims)];
            case FilledValue filled:
                return [filled with { Dims = dims }];
            case KnownValue known:
                // A learned state that is the same for all samples: its own shape is enough, as far as it is one for all.
                return [known];
            default:
                throw graph.Fail(node, "What is repeated is not known");
        }
    }

    private ImportValue[] Transpose(NodeProto node)
    {
        ImportValue value = In(node, 0);
        int rank = RankOf(value);
        long[] perm = node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, rank).Select(i => (long)i)))
        {
            throw graph.Fail(node, $"perm ({string.Join(", ", perm)}) must name each of the {rank} axes once");
        }

        return value switch
        {
            View view => [view with { Dims = [.. perm.Select(axis => view.Dims[axis])] }],
            FilledValue filled => [filled with { Dims = [.. perm.Select(axis => filled.Dims[axis])] }],
            KnownValue known => [Folding.Transposed(known, perm, count => Take(node, count))],
            _ => throw graph.Fail(node, "It has no axes that could be exchanged"),
        };
    }

    private ImportValue[] Squeeze(NodeProto node)
    {
        ImportValue value = In(node, 0);
        if (value is LengthsValue list)
        {
            return list.Items.Length == 1 ? [list with { IsScalar = true }] : [list];
        }

        int rank = RankOf(value);
        long[] axes = Has(node, 1) ? IntegersIn(node, 1, "axes") : node.Ints("axes")
            ?? [.. Enumerable.Range(0, rank).Where(i => value is View view ? view.Dims[i].Length == 0
                : value is KnownValue known && known.Dims[i] == 1).Select(i => (long)i)];
        int[] gone = [.. axes.Select(axis => AxisOf(node, axis, rank))];
        int[] kept = [.. Enumerable.Range(0, rank).Except(gone)];
        switch (value)
        {
            case View view:
                var dims = new List<Atom[]>(kept.Select(i => view.Dims[i]));
                foreach (int axis in gone)
                {
                    // A feature alone is kept by its source: it goes with a neighbour.
                    Atom[] leaves = view.Dim(axis);
                    if (leaves.Any(leaf => leaf.Length != 1))
                    {
                        throw graph.Fail(node, $"Axis {axis} has not length 1");
                    }

                    if (leaves.Length > 0 && dims.Count > 0)
                    {
                        int place = Math.Clamp(kept.Count(i => i < axis) - 1, 0, dims.Count - 1);
                        dims[place] = [.. dims[place], .. leaves];
                    }
                }

                return [view with { Dims = [.. dims] }];
            case KnownValue known:
                return [known with { Dims = [.. kept.Select(i => known.Dims[i])] }];
            default:
                var filled = (FilledValue)value;
                return [filled with { Dims = [.. kept.Select(i => filled.Dims[i])] }];
        }
    }

    private ImportValue[] Unsqueeze(NodeProto node)
    {
        ImportValue value = In(node, 0);
        long[] axes = Has(node, 1) ? IntegersIn(node, 1, "axes") : node.Ints("axes") ?? throw graph.Fail(node, "It says no axes");
        if (value is LengthsValue { IsScalar: true } scalar && axes is [0 or -1])
        {
            return [scalar with { IsScalar = false }];
        }

        int rank = RankOf(value) + axes.Length;
        if (rank > 16)
        {
            throw graph.Fail(node, "It would have more than 16 axes");
        }

        int[] added = [.. axes.Select(axis => AxisOf(node, axis, rank)).Order()];
        return value switch
        {
            View view => [view with { Dims = Inserted(view.Dims, added, []) }],
            KnownValue known => [known with { Dims = Inserted(known.Dims, added, 1L) }],
            FilledValue filled => [filled with { Dims = Inserted(filled.Dims, added, Length.Of(1)) }],
            _ => throw graph.Fail(node, "It has no axes to add to"),
        };
    }

    private static T[] Inserted<T>(T[] items, int[] places, T item)
    {
        var list = new List<T>(items);
        foreach (int place in places)
        {
            list.Insert(Math.Min(place, list.Count), item);
        }

        return [.. list];
    }

    private ImportValue[] Reshape(NodeProto node)
    {
        ImportValue value = In(node, 0);
        if (value is LengthsValue lengths)
        {
            return [lengths with { IsScalar = TryKnown(In(node, 1))?.Count == 0 }];
        }

        Length?[] target = LengthsOf(node, 1);
        if (node.Int("allowzero", 0) == 0)
        {
            target = [.. target.Select((length, i) => length is { Open.Length: 0, Factor: 0 } ? i < RankOf(value)
                ? LengthAt(value, i)
                : throw graph.Fail(node, $"There is no axis {i} to be kept") : length)];
        }

        return value switch
        {
            View view => [Regrouped(view, target, node)],
            FilledValue filled => [filled with { Dims = target }],
            KnownValue known =>
                [known with { Dims = Folding.Shape(known, target) ?? throw graph.Fail(node, "The shape does not fit") }],
            _ => throw graph.Fail(node, "It cannot have another shape"),
        };
    }

    // Where axes are cut in other parts, each sample becomes one vector first.
    private View Regrouped(View view, Length?[] target, NodeProto node)
    {
        try
        {
            return view with { Dims = Regroup(view, target, node) };
        }
        catch (Serialization.ModelFormatException) when (view.Dims.Length > 1 && view.Dim(0) is [var samples] && samples == batch
            && view.Leaves.Skip(1).All(leaf => leaf.Length is not null))
        {
            Atom[] leaves = [.. view.Leaves.Skip(1)];
            Layers.Symbol symbol = As(view, [leaves], node);
            var flat = new Atom((int)Length.Of(leaves).Number!.Value, "values");
            var own = new View(new LayerSource(symbol, [flat]), [[batch], [flat]]);
            return own with { Dims = Regroup(own, target, node) };
        }
    }

    private ImportValue[] Flatten(NodeProto node)
    {
        View view = ViewIn(node, 0);
        int axis = (int)node.Int("axis", 1);
        axis = axis == view.Dims.Length ? axis : AxisOf(node, axis, view.Dims.Length);
        return [view
            with { Dims = [[.. view.Dims[..axis].SelectMany(dim => dim)], [.. view.Dims[axis..].SelectMany(dim => dim)]] }];
    }

    private ImportValue[] Cast(NodeProto node)
    {
        ImportValue value = In(node, 0);
        var type = (ElementType)node.Int("to", 1);
        bool isWhole = type is not (ElementType.Float or ElementType.Double or ElementType.Half);
        return value switch
        {
            KnownValue known => isWhole == (known.Integers is not null) ? [known]
                : isWhole ? [new KnownValue(known.Dims, null, [.. Counted(node, known).Floats!.Select(v => (long)v)])]
                : [new KnownValue(known.Dims, Counted(node, known).AsFloats(), null)],
            View view when isWhole
                && !IsIds(view) => throw graph.Fail(node, "What a layer gives is rounded, which cannot be read here"),
            _ => [value],
        };
    }

    // Ids come as floats, and are looked up as whole numbers.
    private static bool IsIds(View view) => view.Source is LayerSource { Symbol.Layer: Layers.Input };

    private static int RankOf(ImportValue value) => value switch
    {
        View view => view.Dims.Length,
        KnownValue known => known.Dims.Length,
        FilledValue filled => filled.Dims.Length,
        LengthsValue lengths => lengths.IsScalar ? 0 : 1,
        _ => 0,
    };

    private static Length? LengthAt(ImportValue value, int axis) => value switch
    {
        View view => Length.Of(view.Dims[axis]),
        KnownValue known => Length.Of(known.Dims[axis]),
        FilledValue filled => filled.Dims[axis],
        _ => null,
    };

    private Length?[] LengthsOf(NodeProto node, int index) => In(node, index) switch
    {
        KnownValue { Integers: { } numbers } => numbers.Length <= 16 ? [.. numbers.Select(number => (Length?)Length.Of(number))]
            : throw graph.Fail(node, "A shape has 16 axes at most"),
        LengthsValue lengths => lengths.Items,
        _ => throw graph.Fail(node, $"The shape (input {index}) is not known"),
    };
}
