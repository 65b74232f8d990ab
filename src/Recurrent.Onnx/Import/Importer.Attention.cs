using Recurrent.Layers;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Import;

/// <content>Products of what layers give: attention spelled out in operators.</content>
internal sealed partial class Importer
{
    private View Compared(NodeProto node, View left, View right)
    {
        int rank = left.Dims.Length;
        if (rank != right.Dims.Length || rank < 2)
        {
            throw graph.Fail(node, "A product of values of different numbers of axes cannot be read here");
        }

        var lead = new List<(Atom Left, Atom Right)>();
        for (int i = 0; i < rank - 2; i++)
        {
            (Atom[] a, Atom[] b) = Aligned(node, left.Dims[i], right.Dims[i]);
            lead.AddRange(a.Zip(b).Where(pair => pair.First != batch));
        }

        (Atom[] summed, Atom[] over) = Aligned(node, left.Dims[^1], right.Dims[^2]);
        Atom[] rows = left.Dim(rank - 2);
        Atom[] own = right.Dim(rank - 1);
        if (left.Source is WeightsSource weights && summed.AsEnumerable().SequenceEqual(View.LeavesOf(weights.Keys)))
        {
            var context = new ContextSource(weights, right, [.. lead], over, own, source => SingleHead(node, source));
            return new(context, [.. left.Dims[..^1], own]);
        }

        // An axis of the right one that the left one has too is another one in the result.
        Atom[] columns = [.. own.Select(atom => atom.Copy())];
        var product = new ProductSource(left, right, [.. lead], rows, columns, summed, over, 1, false,
            source => Dotted(node, source));
        return new(product, [.. left.Dims[..^1], columns]);
    }

    private Symbol Dotted(NodeProto node, ProductSource product)
    {
        if (product.Lead.Length > 0 || product.IsCausal)
        {
            throw graph.Fail(node, "The product of what two layers give is read by more than a softmax, and has heads");
        }

        Symbol left = As(product.Left, [product.Rows, product.Summed], node);
        Symbol right = As(product.Right, [product.Right.Dim(product.Right.Dims.Length - 1), product.SummedRight], node);
        Symbol symbol = Call(node, new Dot((-1, -1), name: NameOf(node)), left, right);
        symbol = product.Factor == 1 ? symbol
            : Call(node, new Rescaling(product.Factor, 0, NameOf(string.Empty, "scale")), symbol);
        Atom[][] groups = [.. ((Atom[][])[product.Rows, product.Columns]).Where(group => group.Length > 0)];
        return groups.Length == 2 && groups.All(group => group.Length == 1) ? symbol
            : Reshaped(symbol, [.. product.Axes.Select(atom => new[] { atom })], node);
    }

    /// <summary>Attention that has no heads, or heads that nothing joins.</summary>
    private Symbol SingleHead(NodeProto node, ContextSource context)
    {
        WeightsSource weights = context.Weights;
        ProductSource product = weights.Product;
        if (product.Lead.Length > 0)
        {
            // What joins the heads changes nothing.
            int size = checked((int)Length.Of([.. context.Lead.Select(pair => pair.Weight), .. context.Width]).Number!.Value);
            Take(node, (long)size * size);
            var kernel = new float[size * size];
            for (int i = 0; i < size; i++)
            {
                kernel[(i * size) + i] = 1;
            }

            return Headed(node, context, kernel, null, size)
                ?? throw graph.Fail(node,
                    "Attention of heads cannot be read here, unless keys, values and queries are parted alike");
        }

        (View query, Atom[] queryWidth) = weights.KeysAreColumns ? (product.Left, product.Summed)
            : (product.Right, product.SummedRight);
        (View key, Atom[] keyWidth) = weights.KeysAreColumns ? (product.Right, product.SummedRight)
            : (product.Left, product.Summed);
        Atom[] queries = weights.KeysAreColumns ? product.Rows : product.Right.Dim(product.Right.Dims.Length - 1);
        Atom[] keys = weights.KeysAreColumns ? product.Right.Dim(product.Right.Dims.Length - 1) : product.Rows;
        Symbol q = As(query, [queries, queryWidth], node);
        Symbol k = As(key, [keys, keyWidth], node);
        Symbol v = As(context.Values, [context.Steps, context.Width], node);
        bool scales = product.Factor != 1;
        var layer = new Attention(useScale: scales, useCausalMask: product.IsCausal, name: NameOf(node));
        Symbol[] inputs = ReferenceEquals(k, v) ? [q, v] : [q, v, k];
        Symbol given = scales ? Call(node, layer, [new NDArray([], [product.Factor])], inputs) : Call(node, layer, inputs);
        return queries.Length == 1 && context.Width.Length == 1 ? given
            : Reshaped(given, [.. context.Axes.Select(atom => new[] { atom })], node);
    }

    /// <summary>Attention of several heads with the product that joins them; null where it is none.</summary>
    private Symbol? Attended(NodeProto node, AffineSource output, ContextSource context)
    {
        Atom[] joined = output.Input.Dim(output.Input.Dims.Length - 1);
        Atom[] expected = [.. View.LeavesOf(context.Lead.Select(pair => pair.Weight)), .. View.LeavesOf(context.Width)];
        return context.Lead.Length == 0 || !Same(joined, expected) ? null
            : Headed(node, context, output.Kernel, output.Bias, output.Units);
    }

    private Symbol? Headed(NodeProto node, ContextSource context, float[] kernel, float[]? bias, int units)
    {
        WeightsSource weights = context.Weights;
        ProductSource product = weights.Product;
        Atom[] columns = product.Right.Dim(product.Right.Dims.Length - 1);
        Side left = new(product.Left, product.Rows, [.. product.Lead.Select(pair => pair.Left)], product.Summed);
        Side right = new(product.Right, columns, [.. product.Lead.Select(pair => pair.Right)], product.SummedRight);
        (Side query, Side key) = weights.KeysAreColumns ? (left, right) : (right, left);
        if (query.Time.Length != 1 || key.Time.Length != 1 || context.Steps.Length != 1)
        {
            return null;
        }

        int heads = product.Lead.Aggregate(1, (all, pair) => all * pair.Left.Length!.Value);
        int width = checked((int)Length.Of(product.Summed).Number!.Value);
        int valueWidth = checked((int)Length.Of(context.Width).Number!.Value);
        Side value = new(context.Values, context.Steps, [.. context.Lead.Select(pair => pair.Value)], context.Width);
        (Symbol q, NDArray qKernel, NDArray qBias) = Projected(node, query, heads, width, product.Factor * MathF.Sqrt(width));
        (Symbol k, NDArray kKernel, NDArray kBias) = Projected(node, key, heads, width, 1);
        (Symbol v, NDArray vKernel, NDArray vBias) = Projected(node, value, heads, valueWidth, 1);
        var layer = new MultiHeadAttention(heads, width, valueWidth, outputShape: units, kernelInitializer: "zeros",
            useCausalMask: product.IsCausal, name: NameOf(node));
        NDArray[] own =
        [
            qKernel, qBias, kKernel, kBias, vKernel, vBias,
            new NDArray([heads, valueWidth, units], kernel), new NDArray([units], bias ?? new float[units]),
        ];
        Symbol[] inputs = ReferenceEquals(k, v) ? [q, v] : [q, v, k];
        return Call(node, layer, own, inputs);
    }

    /// <summary>What a projection onto heads reads, with its weights and its bias.</summary>
    private (Symbol Input, NDArray Kernel, NDArray Bias) Projected(NodeProto node, Side side, int count, int size, float factor)
    {
        Atom[] features = [.. View.LeavesOf(side.Heads), .. View.LeavesOf(side.Width)];
        if (side.View.Source is AffineSource affine && Same([.. affine.Output.Leaves], features)
            && Same([.. View.LeavesOf(affine.Lead)], [.. View.LeavesOf(side.Time)]))
        {
            Symbol input = As(affine.Input, [side.Time, affine.Input.Dim(affine.Input.Dims.Length - 1)], node);
            AffineSource scaled = factor == 1 ? affine : affine.Scaled([factor]);
            return (input, new NDArray([affine.Inputs, count, size], scaled.Kernel),
                new NDArray([count, size], scaled.Bias ?? new float[count * size]));
        }

        int all = checked(count * size);
        Take(node, (long)all * all);
        var kernel = new float[all * all];
        for (int i = 0; i < all; i++)
        {
            kernel[(i * all) + i] = factor;
        }

        return (As(side.View, [side.Time, features], node), new NDArray([all, count, size], kernel), new NDArray([count, size]));
    }

    /// <summary>Queries, keys or values: axes of time, heads and features of a head.</summary>
    private sealed record Side(View View, Atom[] Time, Atom[] Heads, Atom[] Width);

    /// <summary>A sum of products by an equation.</summary>
    private ImportValue[] Einsum(NodeProto node)
    {
        string equation = node.Text("equation", string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] inputs = sides[0].Split(',');
        if (sides.Length != 2 || inputs.Length != 2 || equation.Contains('.', StringComparison.Ordinal)
            || sides.Concat(inputs).Any(side => side.Distinct().Count() != side.Length
                && !side.Contains(',', StringComparison.Ordinal)))
        {
            throw graph.Fail(node, $"The equation '{Readable(equation)}' is not of two inputs, each letter once in each");
        }

        (string a, string b, string output) = (inputs[0], inputs[1], sides[1]);
        View left = ViewIn(node, 0);
        string summed = string.Concat(a.Where(letter => Has(b, letter) && !Has(output, letter)));
        if (left.Dims.Length != a.Length || output.Any(letter => !Has(a, letter) && !Has(b, letter)) || summed.Length == 0
            || a.Any(letter => !Has(output, letter) && !Has(summed, letter)))
        {
            throw graph.Fail(node, $"The equation '{Readable(equation)}' cannot be read here");
        }

        if (In(node, 1) is View right)
        {
            string lead = string.Concat(a.Where(letter => Has(b, letter) && Has(output, letter)));
            string rows = string.Concat(a.Where(letter => !Has(b, letter)));
            string columns = string.Concat(b.Where(letter => !Has(a, letter)));
            if (right.Dims.Length != b.Length || b.Any(letter => !Has(output, letter) && !Has(summed, letter)))
            {
                throw graph.Fail(node, $"The equation '{Readable(equation)}' cannot be read here");
            }

            View product = Compared(node,
                new(left.Source, [.. Placed(left, a, lead), Joined(left, a, rows), Joined(left, a, summed)]),
                new(right.Source, [.. Placed(right, b, lead), Joined(right, b, summed), Joined(right, b, columns)]));
            var dims = new Dictionary<char, Atom[]>();
            for (int i = 0; i < lead.Length; i++)
            {
                dims[lead[i]] = product.Dims[i];
            }

            Parted(dims, left, a, rows, product.Dims[lead.Length]);
            Parted(dims, right, b, columns, product.Dims[lead.Length + 1]);
            return [product with { Dims = [.. output.Select(letter => dims[letter])] }];
        }

        KnownValue w = KnownIn(node, 1, "weights");
        string own = string.Concat(b.Where(letter => !Has(summed, letter)));
        if (w.Dims.Length != b.Length || own.Any(a.Contains))
        {
            throw graph.Fail(node, $"The equation '{Readable(equation)}' cannot be read here");
        }

        KnownValue turned = Folding.Transposed(w,
            [.. (summed + own).Select(letter => (long)b.IndexOf(letter, StringComparison.Ordinal))],
            count => Take(node, count));
        long inner = summed.Aggregate(1L, (all, letter) => all * w.Dims[b.IndexOf(letter, StringComparison.Ordinal)]);
        string rest = string.Concat(a.Where(letter => !Has(summed, letter)));
        View x = new(left.Source, [.. Placed(left, a, rest), Joined(left, a, summed)]);
        View y = Product(node, x, turned with { Dims = [inner, inner == 0 ? 0 : turned.Count / inner] });
        Length?[] target = [.. own.Select(letter => (Length?)Length.Of(w.Dims[b.IndexOf(letter, StringComparison.Ordinal)]))];
        Atom[][] parts = Regroup(new(y.Source, [y.Dims[^1]]), target, node);
        return [y with
        {
            Dims = [.. output.Select(letter => Has(own, letter) ? parts[own.IndexOf(letter, StringComparison.Ordinal)]
                : y.Dims[rest.IndexOf(letter, StringComparison.Ordinal)])],
        }];
    }

    private static Atom[][] Placed(View view, string letters, string wanted) =>
        [.. wanted.Select(letter => view.Dims[letters.IndexOf(letter, StringComparison.Ordinal)])];

    private static Atom[] Joined(View view, string letters, string wanted) =>
        [.. Placed(view, letters, wanted).SelectMany(dim => dim)];

    private static void Parted(Dictionary<char, Atom[]> dims, View view, string letters, string own, Atom[] given)
    {
        int next = 0;
        Atom[] leaves = [.. View.LeavesOf(given)];
        foreach (char letter in own)
        {
            int count = view.Dim(letters.IndexOf(letter, StringComparison.Ordinal)).Length;
            dims[letter] = leaves[next..(next + count)];
            next += count;
        }
    }

    private static bool Has(string letters, char letter) => letters.Contains(letter, StringComparison.Ordinal);
}
