using Recurrent.Layers;
using Recurrent.Onnx.Format;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Import;

/// <summary>The product of what two layers give: scores of attention, or a layer Dot.</summary>
internal sealed class ProductSource(
    View left, View right, (Atom Left, Atom Right)[] lead, Atom[] rows, Atom[] columns, Atom[] summed, Atom[] summedRight,
        float factor,
    bool isCausal, Func<ProductSource, Symbol> make) : Source
{
    private Symbol? symbol;

    /// <inheritdoc/>
    public override IReadOnlyList<Atom> Axes => [.. lead.Select(pair => pair.Left), .. rows, .. columns];

    /// <inheritdoc/>
    public override Symbol Symbol => symbol ??= make(this);

    /// <summary>What stands on the left.</summary>
    public View Left => left;

    /// <summary>What stands on the right.</summary>
    public View Right => right;

    /// <summary>Axes of heads, in both.</summary>
    public (Atom Left, Atom Right)[] Lead => lead;

    /// <summary>The axes that the left one alone has.</summary>
    public Atom[] Rows => rows;

    /// <summary>The axes that stand for those that the right one alone has.</summary>
    public Atom[] Columns => columns;

    /// <summary>What is summed over, in the left one.</summary>
    public Atom[] Summed => summed;

    /// <summary>The same in the right one.</summary>
    public Atom[] SummedRight => summedRight;

    /// <summary>What products are multiplied by.</summary>
    public float Factor => factor;

    /// <summary>Whether what lies ahead is hidden.</summary>
    public bool IsCausal => isCausal;

    /// <summary>Times a number.</summary>
    public ProductSource Times(float number) =>
        new(left, right, lead, rows, columns, summed, summedRight, factor * number, isCausal, make);

    /// <summary>With a mask that hides what lies ahead.</summary>
    /// <exception cref="ModelFormatException">It is another mask.</exception>
    public ProductSource Masked(NodeProto node, KnownValue mask, ImportGraph graph)
    {
        long[] dims = [.. mask.Dims.SkipWhile(length => length == 1)];
        float[] values = mask.AsFloats();
        if (dims is [var one, var other] && one == other)
        {
            bool fits = true;
            for (int i = 0; i < values.Length; i++)
            {
                bool ahead = i % other > i / other;
                fits &= ahead ? values[i] <= -1e4f : values[i] == 0;
            }

            if (fits)
            {
                return new(left, right, lead, rows, columns, summed, summedRight, factor, true, make);
            }
        }

        throw graph.Fail(node, "The mask of scores is not the one that hides what lies ahead");
    }

    /// <summary>The weights of attention.</summary>
    public WeightsSource Softmax(NodeProto node, Atom[] along, ImportGraph graph)
    {
        bool ofColumns = along.Length > 0 && along.AsEnumerable().SequenceEqual(View.LeavesOf(columns));
        bool ofRows = along.Length > 0 && along.AsEnumerable().SequenceEqual(View.LeavesOf(rows));
        return ofColumns || ofRows ? new(this, ofColumns)
            : throw graph.Fail(node, "The softmax goes over other axes than the keys");
    }
}

/// <summary>Weights of attention: a softmax of products.</summary>
internal sealed class WeightsSource(ProductSource product, bool keysAreColumns) : Source
{
    /// <inheritdoc/>
    public override IReadOnlyList<Atom> Axes => product.Axes;

    /// <summary>The scores.</summary>
    public ProductSource Product => product;

    /// <summary>Whether the keys stand on the right of the product.</summary>
    public bool KeysAreColumns => keysAreColumns;

    /// <summary>The axes of the keys among those of the weights.</summary>
    public Atom[] Keys => keysAreColumns ? product.Columns : product.Rows;

    /// <summary>The axes of the queries.</summary>
    public Atom[] Queries => keysAreColumns ? product.Rows : product.Columns;

    /// <inheritdoc/>
    public override Symbol Symbol => throw new NotSupportedException("The weights of attention are read by themselves");
}

/// <summary>What attention gives: means of values.</summary>
internal sealed class ContextSource(
    WeightsSource weights, View values, (Atom Weight, Atom Value)[] lead, Atom[] steps, Atom[] width, Func<ContextSource,
        Symbol> make) : Source
{
    private Symbol? symbol;

    // Heads are joined.
    private readonly Atom? joined = lead.Length == 0 ? null : Importer.Joined([.. lead.Select(pair => pair.Weight), .. width]);

    /// <inheritdoc/>
    public override IReadOnlyList<Atom> Axes => joined is null ? [.. weights.Queries, .. width] : [.. weights.Queries, joined];

    /// <inheritdoc/>
    public override Symbol Symbol => symbol ??= make(this);

    /// <summary>The weights.</summary>
    public WeightsSource Weights => weights;

    /// <summary>The values.</summary>
    public View Values => values;

    /// <summary>Axes of heads, in weights and values.</summary>
    public (Atom Weight, Atom Value)[] Lead => lead;

    /// <summary>The axes of the keys in the values.</summary>
    public Atom[] Steps => steps;

    /// <summary>The axes of the features of a value.</summary>
    public Atom[] Width => width;
}
