using System.Globalization;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Products, sums and activations.</content>
internal sealed partial class Importer
{
    private ImportValue[] MatMul(NodeProto node)
    {
        (ImportValue a, ImportValue b) = (In(node, 0), In(node, 1));
        return (a, b) switch
        {
            (View x, KnownValue { Floats: not null } w) => [Product(node, x, Matrix(node, w))],
            (View x, View y) => [Compared(node, x, y)],
            _ => throw graph.Fail(node, "What stands on the left must come of a layer, and known numbers on the right be floats"),
        };
    }

    private ImportValue[] Gemm(NodeProto node)
    {
        View x = ViewIn(node, 0);
        KnownValue w = KnownIn(node, 1, "weights");
        if (node.Int("transA", 0) != 0 || x.Dims.Length != 2)
        {
            throw graph.Fail(node, "What comes of a layer is transposed, or has not two axes");
        }

        if (w.Dims.Length != 2)
        {
            throw graph.Fail(node, $"The weights have {w.Dims.Length} axes, and not two");
        }

        if (node.Int("transB", 0) != 0)
        {
            w = Folding.Transposed(w, [1, 0], count => Take(node, count));
        }

        View product = Product(node, x, Matrix(node, w));
        var source = (AffineSource)product.Source;
        if (node.Float("alpha", 1) is var alpha and not 1)
        {
            Take(node, source.Kernel.Length);
            source = source.Scaled([(float)alpha]);
        }

        if (Has(node, 2))
        {
            KnownValue c = KnownIn(node, 2, "bias");
            float beta = (float)node.Float("beta", 1);
            float[] bias = [.. c.AsFloats().Select(value => value * beta)];
            source = bias.Length == source.Units || bias.Length == 1 ? source.Plus(bias)
                : throw graph.Fail(node, "The bias is no list of as many numbers as there are outputs");
        }

        return [product with { Source = source }];
    }

    private KnownValue Matrix(NodeProto node, KnownValue w)
    {
        // Axes of length 1 in front count for nothing.
        long[] dims = [.. w.Dims];
        while (dims.Length > 2 && dims[0] == 1)
        {
            dims = dims[1..];
        }

        return dims.Length == 2 && dims[0] > 0 && dims[1] > 0 ? w with { Dims = dims }
            : throw graph.Fail(node, $"The weights have the shape ({string.Join(", ", w.Dims)}), and a matrix is needed");
    }

    private View Product(NodeProto node, View x, KnownValue w)
    {
        Atom[] features = x.Dim(x.Dims.Length - 1);
        if (Length.Of(features).Number != w.Dims[0])
        {
            throw features.Contains(batch) ? new RestartException(features[0])
                : graph.Fail(node, string.Create(CultureInfo.InvariantCulture,
                $"The weights have {w.Dims[0]} rows, and the last axis has another number of places "
                + $"({string.Join(" · ", features.AsEnumerable())})"));
        }

        Atom[] lead = Lead(x, features);
        var output = new Atom((int)w.Dims[1], "units");
        var source = new AffineSource(x, lead, w.Floats ?? throw graph.Fail(node, "The weights are no floats"), null, output,
            (own, activation) => MakeDense(node, own, activation));
        return new(source, [.. x.Dims[..^1], [output]]);
    }

    /// <summary>The axes but those of features, in the order in which they stand in the source.</summary>
    private Atom[] Lead(View x, Atom[] features)
    {
        HashSet<Atom> own = [.. x.Leaves.Where(leaf => leaf != batch && !features.Contains(leaf))];
        return [.. x.Source.Axes.SelectMany(axis => axis.Leaves).Where(own.Contains)];
    }

    private Symbol MakeDense(NodeProto node, AffineSource own, ActivationFunction? activation)
    {
        if (own.Input.Source is ContextSource context && activation is null && Attended(node, own, context) is { } attended)
        {
            return attended;
        }

        Symbol symbol = As(own.Input, [.. own.Lead.Select(atom => new[] { atom }), own.Input.Dim(own.Input.Dims.Length - 1)],
            node);
        var layer = new Dense(own.Units, activation, own.Bias is not null, "zeros", name: NameOf(node));
        var kernel = new NDArray([own.Inputs, own.Units], own.Kernel);
        return Call(node, layer, own.Bias is null ? [kernel] : [kernel, own.Bias], symbol);
    }

    /// <summary>Some places of an axis of features.</summary>
    private View Selected(NodeProto node, View view, Atom leaf, int[] places, Atom[][] dims, Atom? part = null)
    {
        Atom feature = view.Source.Axes[^1];
        Atom[] leaves = [.. feature.Leaves];
        if (!leaves.Contains(leaf))
        {
            // Another axis is brought to the end.
            Symbol moved = As(view, [.. Others(view, leaf), [leaf]], node);
            view = view with { Source = new LayerSource(moved, [.. Others(view, leaf).SelectMany(group => group), leaf]) };
            (feature, leaves) = (leaf, [leaf]);
        }

        int at = Array.IndexOf(leaves, leaf);
        int inner = leaves[(at + 1)..].Aggregate(1, (all, other) => checked(all * other.Length!.Value));
        int length = leaf.Length!.Value;
        int outer = leaves[..at].Aggregate(1, (all, other) => checked(all * other.Length!.Value));
        Take(node, checked((long)outer * inner * places.Length));
        int[] columns = [.. Enumerable.Range(0, outer).SelectMany(o => places.SelectMany(place => Enumerable.Range(0, inner)
            .Select(i => (((o * length) + place) * inner) + i)))];
        Atom[] rest = [.. leaves[..at], .. part is null ? Array.Empty<Atom>() : [part], .. leaves[(at + 1)..]];
        Atom output = rest.Length == 1 ? rest[0] : rest.Length == 0 ? new Atom(1, "feature") : Joined(rest);
        Atom[][] given = rest.Length > 0 ? dims : dims.Length == 0 ? [[output]] : [.. dims[..^1], [.. dims[^1], output]];
        if (view.Source is AffineSource affine)
        {
            Take(node, (long)affine.Inputs * columns.Length);
            return new(affine.Columns(columns, output), given);
        }

        int size = feature.Length!.Value;
        Take(node, (long)size * columns.Length);
        Source whole = view.Source;
        return new(new PartSource([.. whole.Axes.SkipLast(1), output], whole, columns,
            activation => Choose(node, whole, columns, size, activation)),
            given);
    }

    // A product with ones chooses features.
    private Symbol Choose(NodeProto node, Source whole, int[] columns, int size, ActivationFunction? activation)
    {
        var kernel = new float[size * columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            kernel[(columns[i] * columns.Length) + i] = 1;
        }

        var layer = new Dense(columns.Length, activation, false, "zeros",
            name: NameOf(string.Empty, "select"))
        { Trainable = false };
        return Call(node, layer, [new NDArray([size, columns.Length], kernel)], whole.Symbol);
    }
}
