using System.Globalization;
using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Operators that take parts, and put parts together.</content>
internal sealed partial class Importer
{
    private ImportValue[] Gather(NodeProto node)
    {
        ImportValue data = In(node, 0);
        if (data is KnownValue { Floats: { } table, Dims.Length: 2 } known && In(node, 1) is View ids)
        {
            return [Embedded(node, known, table, ids)];
        }

        KnownValue index = KnownIn(node, 1, "indices");
        long[] places = index.Integers ?? throw graph.Fail(node, "The indices are no whole numbers");
        int axis = AxisOf(node, node.Int("axis", 0), RankOf(data));
        switch (data)
        {
            case LengthsValue lengths:
                return [new LengthsValue([.. places.Select(place => lengths.Items[AxisOf(node, place, lengths.Items.Length)])],
                    index.Dims.Length == 0)];
            case KnownValue own:
                return [Picked(node, own, axis, places, index.Dims)];
            case FilledValue filled:
                return [filled with { Dims = [.. filled.Dims[..axis], .. index.Dims.Select(length => (Length?)Length.Of(length)),
                    .. filled.Dims[(axis + 1)..]] }];
            case View view when places.Length == 1:
                View part = At(node, view, axis, places[0]);
                return [index.Dims.Length == 0 ? part : part with { Dims = Inserted(part.Dims, [axis], []) }];
            case View view when view.Dim(axis) is [var leaf] && leaf.Length is int length:
                return [Chosen(node, view, axis, [.. places.Select(place => AxisOf(node, place, length))])];
            default:
                throw graph.Fail(node, "Several places of an open axis are taken, which cannot be read here");
        }
    }

    private KnownValue Picked(NodeProto node, KnownValue own, int axis, long[] places, long[] shape)
    {
        long[] dims = [.. own.Dims[..axis], places.Length, .. own.Dims[(axis + 1)..]];
        long count = dims.Aggregate(1L, (all, length) => checked(all * length));
        Take(node, count);
        long inner = own.Dims[(axis + 1)..].Aggregate(1L, (all, length) => all * length);
        long row = inner * own.Dims[axis];
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            (long outer, long rest) = Math.DivRem(i, inner * places.Length);
            long place = AxisOf(node, places[rest / inner], checked((int)own.Dims[axis]));
            order[i] = (int)((outer * row) + (place * inner) + (rest % inner));
        }

        return Folding.Picked(own, [.. own.Dims[..axis], .. shape, .. own.Dims[(axis + 1)..]], order);
    }

    private View Embedded(NodeProto node, KnownValue known, float[] table, View ids)
    {
        Atom[][] axes = Others(ids);
        Symbol symbol = As(ids, axes.Length == 0 ? [[]] : axes, node);
        var layer = new Embedding((int)known.Dims[0], (int)known.Dims[1], "zeros", name: NameOf(node));
        Symbol given = Call(node, layer, [new NDArray([(int)known.Dims[0], (int)known.Dims[1]], table)], symbol);
        var features = new Atom((int)known.Dims[1], "embedding");
        if (axes.Length == 0)
        {
            given = Call(node, new Reshape([(int)known.Dims[1]], name: NameOf(string.Empty, "reshape")), given);
        }

        return new(new LayerSource(given, [.. axes.SelectMany(group => group), features]), [.. ids.Dims, [features]]);
    }

    /// <summary>What stands at one place of an axis.</summary>
    private View At(NodeProto node, View view, int axis, long place)
    {
        Atom[][] rest = [.. view.Dims[..axis], .. view.Dims[(axis + 1)..]];
        Atom[] leaves = view.Dim(axis);
        if (leaves.Length == 0
            || (leaves.Length == 1 && leaves[0].Length == 1 && leaves[0] != batch && view.Source.Axes.Count > 1))
        {
            _ = AxisOf(node, place, 1);
            return leaves.Length == 0 ? view with { Dims = rest } : Dropped(node, view, leaves[0], rest);
        }

        if (leaves is not [var leaf])
        {
            throw graph.Fail(node, "A place of two joined axes is taken, which cannot be read here");
        }

        if (view.Source is LastStepSource last && leaf == last.Time)
        {
            return place == -1 ? new(last.Last, rest) : throw last.AllSteps;
        }

        bool isFeature = view.Source.Axes[^1].Leaves.Contains(leaf);
        if (isFeature && leaf.Length is int length)
        {
            return Selected(node, view, leaf, [AxisOf(node, place, length)], rest);
        }

        if (place == -1 && view.Source is LayerSource { Last: { } own } && view.Source.Axes[0] == leaf)
        {
            return new(own, rest);
        }

        if (leaf == batch)
        {
            throw graph.Fail(node, "One sample of the batch is taken, which cannot be read here");
        }

        // A recurrence that forgets at once gives what it read last.
        bool isLast = place == -1 || place == leaf.Length - 1;
        View from = isLast || place == 0 ? view : Cut(node, view, axis, place, 1);
        Atom time = from.Dim(axis)[0];
        Atom[] features = [.. from.Leaves.Where(other => other != batch && other != time)];
        Symbol sequence = As(from, [[time], features], node);
        Atom whole = features.Length == 1 ? features[0] : features.Length == 0 ? new Atom(1, "feature") : Joined(features);
        Atom[][] dims = features.Length > 0 ? rest : rest.Length == 0 ? [[whole]] : [.. rest[..^1], [.. rest[^1], whole]];
        return new(new LayerSource(OneStep(node, sequence, isLast), [whole]), dims);
    }

    private Symbol OneStep(NodeProto node, Symbol sequence, bool isLast)
    {
        int size = sequence.Shape.Features;
        Take(node, (long)size * size);
        var kernel = new float[size * size];
        for (int i = 0; i < size; i++)
        {
            kernel[(i * size) + i] = 1;
        }

        var layer = new IndRNN(
            size, new() { Activation = "linear", UseBias = false, KernelInitializer = "zeros" }, goBackwards: !isLast,
            name: NameOf(string.Empty, isLast ? "last_step" : "first_step"), trainable: false);
        return Call(node, layer, [new NDArray([size, size], kernel), new NDArray([size])], sequence);
    }

    private View Dropped(NodeProto node, View view, Atom leaf, Atom[][] rest)
    {
        Atom[] kept = [.. view.Source.Axes.SelectMany(axis => axis.Leaves).Where(other => other != leaf)];
        Symbol symbol = As(view, [.. kept.Select(other => new[] { other })], node, leaf);
        return new(new LayerSource(symbol, kept), rest);
    }

    // An axis of length 1 less.
    private Symbol As(View view, Atom[][] kept, NodeProto node, Atom gone) =>
        Reshaped(As(view, [.. kept, [gone]], node), kept, node);

    private ImportValue[] Slice(NodeProto node)
    {
        ImportValue data = In(node, 0);
        long[] starts = Has(node, 1) ? Bounds(node, 1, data) : node.Ints("starts") ?? [];
        long[] ends = Has(node, 2) ? Bounds(node, 2, data) : node.Ints("ends") ?? [];
        long[] axes = Has(node, 3) ? IntegersIn(node, 3, "axes")
            : node.Ints("axes") ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = Has(node, 4) ? IntegersIn(node, 4, "steps") : [.. starts.Select(_ => 1L)];
        if (starts.Length != ends.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw graph.Fail(node, "Starts, ends, axes and steps must be as many");
        }

        for (int i = 0; i < starts.Length; i++)
        {
            int axis = AxisOf(node, axes[i], data is LengthsValue ? 1 : RankOf(data));
            data = Sliced(node, data, axis, starts[i], ends[i], steps[i]);
        }

        return [data];
    }

    // The end of an axis may be given as its own length.
    private long[] Bounds(NodeProto node, int index, ImportValue data)
    {
        if (In(node, index) is LengthsValue lengths && TryKnown(lengths) is null)
        {
            return [.. lengths.Items.Select(item => item?.Number ?? (data is View view && item is { } open
                && view.Dims.Any(dim => Length.Of(dim).Is(open)) ? long.MaxValue
                : throw graph.Fail(node, $"A bound (input {index}) is not known")))];
        }

        return IntegersIn(node, index, "bounds");
    }

    private ImportValue Sliced(NodeProto node, ImportValue data, int axis, long start, long end, long step)
    {
        long? length = data is LengthsValue list ? list.Items.Length : LengthAt(data, axis)?.Number;
        if (step != 1 && !(step == -1 && data is KnownValue))
        {
            throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture, $"Steps of {step} cannot be read here"));
        }

        if (length is { } known)
        {
            long first = Math.Clamp(start < 0 ? start + known : start, 0, step < 0 ? known - 1 : known);
            long last = Math.Clamp(end < 0 ? end <= -known - 1 ? -1 : end + known : end, step < 0 ? -1 : 0, known);
            long count = Math.Max(0, step < 0 ? first - last : last - first);
            if (first == 0 && count == known && step == 1)
            {
                return data;
            }

            switch (data)
            {
                case LengthsValue lengths:
                    return lengths with { Items = lengths.Items[(int)first..(int)(first + count)] };
                case KnownValue own:
                    Take(node, count);
                    return Picked(node, own, axis, [.. Enumerable.Range(0, (int)count).Select(i => first + (step * i))], [count]);
                case FilledValue filled:
                    return filled with { Dims = [.. filled.Dims[..axis], Length.Of(count), .. filled.Dims[(axis + 1)..]] };
                case View view when count > 0:
                    return count == 1 && view.Source is LastStepSource && first == known - 1
                        ? Kept(At(node, view, axis, -1), axis) : Cut(node, view, axis, first, count);
            }

            throw graph.Fail(node, "Nothing would be left of the axis");
        }

        if (start == 0 && end >= int.MaxValue)
        {
            return data;
        }

        if (data is not View open || open.Dim(axis) is not [var leaf])
        {
            throw graph.Fail(node, "A part of an open axis is taken of what is not known");
        }

        if (start == -1 && end >= int.MaxValue)
        {
            return Kept(At(node, open, axis, -1), axis);
        }

        if (leaf == batch || start < 0 || (end >= 0 && end < int.MaxValue && end - start != 1))
        {
            throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture,
                $"The part from {start} to {end} of an axis of open length cannot be read here"));
        }

        return end >= 0 && end - start == 1
            ? Kept(At(node, start == 0 ? open : Cropped(node, open, axis, (int)start, 0), axis, 0), axis)
            : Cropped(node, open, axis, (int)start, end >= int.MaxValue ? 0 : checked((int)-end));
    }

    private static View Kept(View view, int axis) => view with { Dims = Inserted(view.Dims, [axis], []) };

    /// <summary>Some places of an axis, one behind the other.</summary>
    private View Cut(NodeProto node, View view, int axis, long first, long count)
    {
        if (view.Dim(axis) is not [var leaf] || leaf.Length is not int length)
        {
            throw graph.Fail(node, "A part of joined axes is taken, which cannot be read here");
        }

        Take(node, count);
        return leaf != batch && !view.Source.Axes[^1].Leaves.Contains(leaf)
            ? Cropped(node, view, axis, (int)first, (int)(length - first - count))
            : Chosen(node, view, axis, [.. Enumerable.Range((int)first, (int)count)]);
    }

    private View Chosen(NodeProto node, View view, int axis, int[] places)
    {
        Atom leaf = view.Dim(axis)[0];
        var atom = new Atom(places.Length, "part");
        View part = Selected(node, view, leaf, places, [.. view.Dims[..axis], [atom], .. view.Dims[(axis + 1)..]], atom);
        return part;
    }

    private View Cropped(NodeProto node, View view, int axis, int front, int back)
    {
        Atom time = view.Dim(axis)[0];
        Atom[] features = [.. view.Leaves.Where(other => other != batch && other != time)];
        Symbol symbol = As(view, [[time], features], node);
        symbol = Call(node, new Cropping1D((front, back), name: NameOf(string.Empty, "cropping")), symbol);
        var atom = new Atom(time.Length - front - back, "time");
        Atom whole = features.Length == 1 ? features[0] : features.Length == 0 ? new Atom(1, "feature") : Joined(features);
        Atom[] group = features.Length == 0 ? [atom, whole] : [atom];
        return new(new LayerSource(symbol, [atom, whole]), [.. view.Dims[..axis], group, .. view.Dims[(axis + 1)..]]);
    }

    private ImportValue[] Split(NodeProto node)
    {
        ImportValue data = In(node, 0);
        int axis = AxisOf(node, node.Int("axis", 0), RankOf(data));
        long length = LengthAt(data, axis)?.Number ?? throw graph.Fail(node,
            "An axis of open length is split, which cannot be read here");
        int count = node.Output.Count;
        long[] sizes = Has(node, 1) ? IntegersIn(node, 1, "sizes") : node.Ints("split")
            ?? [.. Enumerable.Range(0,
                count).Select(i => Math.Min((length + count - 1) / count, length - (i * ((length + count - 1) / count))))];
        long first = 0;
        var parts = new List<ImportValue>();
        foreach (long size in sizes)
        {
            parts.Add(Sliced(node, data, axis, first, checked(first + size), 1));
            first += size;
        }

        return [.. parts];
    }
}
