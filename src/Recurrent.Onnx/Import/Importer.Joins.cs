using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Operators that put values together, and which axes go together.</content>
internal sealed partial class Importer
{
    private ImportValue[] Concat(NodeProto node)
    {
        ImportValue[] parts = [.. Enumerable.Range(0, node.Input.Count).Select(i => In(node, i))];
        if (parts.All(part => part is KnownValue))
        {
            return [Concatenated(node, [.. parts.Cast<KnownValue>()])];
        }

        if (parts.All(part => part is LengthsValue or KnownValue { Integers: not null, Dims.Length: <= 1 }))
        {
            return [new LengthsValue([.. parts.SelectMany(part => part is LengthsValue lengths ? lengths.Items
                : [.. ((KnownValue)part).Integers!.Select(number => (Length?)Length.Of(number))])], IsScalar: false)];
        }

        if (parts.All(part => part is FilledValue)
            && parts.Cast<FilledValue>().Select(part => part.Number).Distinct().Count() == 1)
        {
            return [parts[0]];
        }

        View[] views = [.. parts.Select((_, i) => ViewIn(node, i))];
        if (Whole(views) is { } whole)
        {
            return [whole];
        }

        int axis = AxisOf(node, node.Int("axis", 0), views[0].Dims.Length);
        return [Concatenated(node, views, axis)];
    }

    // Parts that were one before, in their order.
    private static View? Whole(View[] views)
    {
        if (views[0].Source is not PartSource first
            || !views.All(view => view.Source is PartSource part && ReferenceEquals(part.Whole, first.Whole)))
        {
            return null;
        }

        int[] columns = [.. views.SelectMany(view => ((PartSource)view.Source).Columns)];
        Atom feature = first.Whole.Axes[^1];
        Atom[] own = [.. first.Axes[^1].Leaves];
        int at = Array.FindLastIndex(views[0].Dims, dim => View.LeavesOf(dim).SequenceEqual(own));
        return at >= 0 && columns.AsSpan().SequenceEqual([.. Enumerable.Range(0, feature.Length!.Value)])
            ? new(first.Whole, [.. views[0].Dims[..at], [feature], .. views[0].Dims[(at + 1)..]]) : null;
    }

    private View Concatenated(NodeProto node, View[] views, int axis)
    {
        View first = views[0];
        if (views.Length == 1)
        {
            return first;
        }

        // The others' axes are the first one's; along the axis itself each has its own.
        Atom[] order = [.. Ordered(first, axis)];
        var symbols = new List<Symbol>();
        long? total = 0;
        foreach (View view in views)
        {
            Dictionary<Atom, Atom> own = Matched(node, first, view, axis);
            Atom[] along = view.Dim(axis);
            symbols.Add(As(view, [.. order.Select(atom => new[] { own[atom] }), along], node));
            total += Length.Of(along).Number;
        }

        Symbol symbol = Call(node, new Concatenate(-1, name: NameOf(node)), [.. symbols]);
        var atom = new Atom((int?)total, "joined");
        return new(new LayerSource(symbol, [.. order, atom]), [.. first.Dims[..axis], [atom], .. first.Dims[(axis + 1)..]]);
    }

    private IEnumerable<Atom> Ordered(View view, int axis)
    {
        HashSet<Atom> without = [.. view.Dim(axis), batch];
        return view.Source.Axes.SelectMany(atom => atom.Leaves).Where(leaf => !without.Contains(leaf));
    }

    /// <summary>Which axis of one value goes with which of another, dimension by dimension.</summary>
    private Dictionary<Atom, Atom> Matched(NodeProto node, View first, View other, int except = -1)
    {
        var own = new Dictionary<Atom, Atom>(ReferenceEqualityComparer.Instance);
        if (first.Dims.Length != other.Dims.Length)
        {
            throw graph.Fail(node, "Its inputs have not as many axes");
        }

        for (int i = 0; i < first.Dims.Length; i++)
        {
            if (i == except)
            {
                continue;
            }

            (Atom[] a, Atom[] b) = Aligned(node, first.Dims[i], other.Dims[i]);
            for (int j = 0; j < a.Length; j++)
            {
                own[a[j]] = b[j];
            }
        }

        return own;
    }

    /// <summary>The axes of two dimensions, pair by pair, parted where one of them is.</summary>
    private (Atom[] First, Atom[] Second) Aligned(NodeProto node, Atom[] first, Atom[] second)
    {
        for (int attempt = 0; attempt < 16; attempt++)
        {
            Atom[] a = [.. View.LeavesOf(first)];
            Atom[] b = [.. View.LeavesOf(second)];
            int wrong = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => !ReferenceEquals(a[i], b[i])
                && a[i].Length is int one && b[i].Length is int two && one != two, -1);
            if (wrong < 0)
            {
                return a.Length == b.Length && a.Zip(b).All(pair => (pair.First == batch) == (pair.Second == batch)) ? (a, b)
                    : a.Concat(b).Any(leaf => leaf == batch) ? throw Restart(a, b, node)
                    : throw graph.Fail(node, "The axes of its inputs do not go together");
            }

            (int x, int y) = (a[wrong].Length!.Value, b[wrong].Length!.Value);
            if (x > y && x % y == 0)
            {
                a[wrong].Split(y);
            }
            else if (y > x && y % x == 0)
            {
                b[wrong].Split(x);
            }
            else
            {
                break;
            }
        }

        throw graph.Fail(node, "The axes of its inputs do not go together");
    }

    // Where one has the samples and the other has not, that other's is the axis of samples.
    private Exception Restart(Atom[] a, Atom[] b, NodeProto node) =>
        a.Zip(b).FirstOrDefault(pair => (pair.First == batch) != (pair.Second == batch)) is { First: not null } pair
            ? new RestartException(pair.First == batch ? pair.Second : pair.First)
            : graph.Fail(node, "The samples of its inputs do not go together");

    private KnownValue Concatenated(NodeProto node, KnownValue[] parts)
    {
        if (parts.All(part => part.Dims.Length <= 1))
        {
            Take(node, parts.Sum(part => (long)part.Count));
            return parts.All(part => part.Integers is not null)
                ? new([parts.Sum(part => (long)part.Count)], null, [.. parts.SelectMany(part => part.Integers!)])
                : new([parts.Sum(part => (long)part.Count)], [.. parts.SelectMany(part => part.AsFloats())], null);
        }

        int axis = AxisOf(node, node.Int("axis", 0), parts[0].Dims.Length);
        if (parts.Any(part => part.Dims.Length != parts[0].Dims.Length
            || part.Dims.Where((length, i) => i != axis && length != parts[0].Dims[i]).Any()))
        {
            throw graph.Fail(node, "Known numbers of shapes that do not go together are joined");
        }

        Take(node, parts.Sum(part => (long)part.Count));
        long outer = parts[0].Dims[..axis].Aggregate(1L, (all, length) => all * length);
        var values = new List<float>();
        float[][] own = [.. parts.Select(part => part.AsFloats())];
        for (int i = 0; i < outer; i++)
        {
            foreach (float[] part in own)
            {
                int row = (int)(part.Length / outer);
                values.AddRange(part.AsSpan(i * row, row));
            }
        }

        long[] dims = [.. parts[0].Dims];
        dims[axis] = parts.Sum(part => part.Dims[axis]);
        return parts.All(part => part.Integers is not null)
            ? new(dims, null, [.. values.Select(value => (long)value)]) : new(dims, [.. values], null);
    }

    /// <summary>One axis that falls into others.</summary>
    internal static Atom Joined(Atom[] parts)
    {
        var whole = new Atom((int?)Length.Of(parts).Number, "features");
        whole.FallInto(parts);
        return whole;
    }
}
