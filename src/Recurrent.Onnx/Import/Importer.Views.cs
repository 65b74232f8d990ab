using System.Globalization;
using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Axes in other orders.</content>
internal sealed partial class Importer
{
    /// <summary>What a value is with its axes in an order, each group one axis of a sample; that of the batch aside.</summary>
    private Symbol As(View view, Atom[][] wanted, NodeProto node)
    {
        Atom[][] own = [.. view.Source.Axes.Select(axis => axis.Leaves.ToArray())];
        Atom[][] target = [.. wanted.Select(group => View.LeavesOf(group).ToArray())];
        Symbol symbol = view.Source.Symbol;
        if (own.Length == target.Length && own.Zip(target).All(pair => Same(pair.First, pair.Second)))
        {
            return symbol;
        }

        string key = string.Join('|', target.Select(group => string.Join(',', group.Select(atom =>
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(atom).ToString(CultureInfo.InvariantCulture)))));
        if (arranged.TryGetValue((symbol, key), out Symbol? known))
        {
            return known;
        }

        Symbol given = symbol;
        Atom[] leaves = [.. own.SelectMany(group => group)];
        Atom[] order = [.. target.SelectMany(group => group)];
        if (leaves.Length != order.Length || leaves.Except(order).Any())
        {
            throw graph.Fail(node, $"Its axes ({string.Join(", ", leaves.AsEnumerable())}) cannot be brought into the order "
                + $"({string.Join(", ", order.AsEnumerable())})");
        }

        if (!Same(leaves, order))
        {
            // Axes that stay together move together.
            List<Atom[]> blocks = Blocks(leaves, order);
            if (blocks.Count != own.Length || !blocks.Zip(own).All(pair => Same(pair.First, pair.Second)))
            {
                given = Reshaped(given, [.. blocks], node);
            }

            int[] dims = [.. Enumerable.Range(0,
                blocks.Count).OrderBy(i => Array.IndexOf(order, blocks[i][0])).Select(i => i + 1)];
            given = Call(node, new Permute(dims, name: NameOf(string.Empty, "permute")), given);
            own = [.. dims.Select(i => blocks[i - 1])];
        }

        given = own.Length == target.Length && own.Zip(target).All(pair => Same(pair.First, pair.Second))
            ? given : Reshaped(given, target, node);
        arranged[(symbol, key)] = given;
        return given;
    }

    private static List<Atom[]> Blocks(Atom[] leaves, Atom[] order)
    {
        var blocks = new List<List<Atom>>();
        foreach (Atom leaf in leaves)
        {
            int place = Array.IndexOf(order, leaf);
            if (blocks.Count > 0 && place > 0 && ReferenceEquals(order[place - 1], blocks[^1][^1]))
            {
                blocks[^1].Add(leaf);
            }
            else
            {
                blocks.Add([leaf]);
            }
        }

        return [.. blocks.Select(block => block.ToArray())];
    }

    private Symbol Reshaped(Symbol symbol, Atom[][] target, NodeProto node)
    {
        var shape = new int[target.Length];
        for (int i = 0; i < target.Length; i++)
        {
            shape[i] = Length.Of(target[i]) is { Number: { } number } ? checked((int)number) : -1;
        }

        if (shape.Count(length => length == -1) > 1)
        {
            throw graph.Fail(node, "Two axes are open where one alone can follow from the others");
        }

        return Call(node, new Reshape(shape.Length == 0 ? [1] : shape, name: NameOf(string.Empty, "reshape")), symbol);
    }

    private static bool Same(Atom[] a, Atom[] b) => a.Length == b.Length
        && a.Zip(b).All(pair => ReferenceEquals(pair.First, pair.Second));

    /// <summary>The axes of all dimensions but some, each by itself; that of the batch aside.</summary>
    private Atom[][] Others(View view, params Atom[] without) =>
        [.. view.Leaves.Where(leaf => leaf != batch && !without.Contains(leaf)).Select(leaf => new[] { leaf })];

    /// <summary>A shape that a graph asks for, of the axes that are there.</summary>
    private Atom[][] Regroup(View view, Length?[] target, NodeProto node)
    {
        var left = new LinkedList<Atom>(view.Leaves);
        var groups = new Atom[target.Length][];
        int rest = Array.FindIndex(target, length => length is null or { Open.Length: 0, Factor: -1 });
        for (int i = 0; i < (rest < 0 ? target.Length : rest); i++)
        {
            groups[i] = TakeFront(left, target[i]!.Value, node);
        }

        if (rest >= 0)
        {
            for (int i = target.Length - 1; i > rest; i--)
            {
                groups[i] = TakeBack(left, target[i] ?? throw graph.Fail(node, "Two lengths of the shape are not known"), node);
            }

            groups[rest] = [.. left];
        }
        else if (left.Count > 0)
        {
            // Axes of length 1 that are left belong to the last dimension.
            if (left.Any(leaf => leaf.Length != 1) || target.Length == 0)
            {
                throw graph.Fail(node, "The shape that it asks for has fewer places than there are values");
            }

            groups[^1] = [.. groups[^1], .. left];
        }

        return groups;
    }

    private Atom[] TakeFront(LinkedList<Atom> left, Length wanted, NodeProto node) =>
        TakeFrom(left, wanted, node, list => list.First, (list, leaf) => list.AddFirst(leaf), fromFront: true);

    private Atom[] TakeBack(LinkedList<Atom> left, Length wanted, NodeProto node) =>
        [.. TakeFrom(left, wanted, node, list => list.Last, (list, leaf) => list.AddLast(leaf), fromFront: false).Reverse()];

    private Atom[] TakeFrom(LinkedList<Atom> left, Length wanted, NodeProto node,
        Func<LinkedList<Atom>, LinkedListNode<Atom>?> next, Action<LinkedList<Atom>, Atom> put, bool fromFront)
    {
        var taken = new List<Atom>();
        long factor = wanted.Factor;
        List<Atom> open = [.. wanted.Open];
        if (factor < 1)
        {
            throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture, $"No axis has {factor} places"));
        }

        if (factor == 1 && open.Count == 0 && next(left)?.Value.Length == 1)
        {
            taken.Add(next(left)!.Value);
            left.Remove(next(left)!);
            return [.. taken];
        }

        while (factor > 1 || open.Count > 0)
        {
            Atom leaf = next(left)?.Value ?? throw graph.Fail(node,
                "The shape that it asks for has more places than there are values");
            left.Remove(next(left)!);
            if (leaf.Length is not int length)
            {
                if (!open.Remove(leaf))
                {
                    if (open.Count > 0 || factor == 1)
                    {
                        throw graph.Fail(node, $"The shape that it asks for does not follow from the axis {leaf}");
                    }

                    // An exporter has written the length that the axis had when it traced the model.
                    if (leaf != batch)
                    {
                        leaf.Fix(checked((int)factor));
                        throw graph.Fail(node,
                            $"The axis {leaf} is open, but the graph asks for {factor} places there. Export the model "
                            + "with that axis fixed, or without the number in a view or reshape");
                    }

                    factor = 1;
                }

                taken.Add(leaf);
            }
            else if (factor % length == 0)
            {
                factor /= length;
                taken.Add(leaf);
            }
            else if (factor > 1 && length % factor == 0)
            {
                leaf.Split((int)(fromFront ? factor : length / factor));
                Atom[] parts = [.. leaf.Leaves];
                taken.Add(fromFront ? parts[0] : parts[1]);
                put(left, fromFront ? parts[1] : parts[0]);
                factor = 1;
            }
            else
            {
                throw graph.Fail(node, string.Create(CultureInfo.InvariantCulture,
                    $"The shape that it asks for cuts the axis {leaf} in parts of {factor}"));
            }
        }

        return [.. taken];
    }
}
