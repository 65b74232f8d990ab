using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of a layer of positions remembers.</summary>
public sealed class PositionPass : Pass
{
    private readonly int[] begins;
    private int stepsBefore;

    internal PositionPass(PositionLayer layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(options.InputShape, options.BatchSize);
        begins = new int[options.BatchSize];
    }

    internal SequenceBatch Output { get; }

    /// <summary>What the layer has computed once for the positions of such a batch; it fills it in itself.</summary>
    internal DenseMatrix? Table { get; set; }

    /// <summary>The position of the first column of <see cref="Table"/>.</summary>
    internal int TableStart { get; set; } = -1;

    /// <summary>The position of the first step of the batch.</summary>
    internal int First { get; private set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        stepsBefore = 0;
    }

    /// <summary>Finds where each sample begins, and copies the input to the output.</summary>
    internal void Take(SequenceBatch input)
    {
        First = stepsBefore;
        stepsBefore = Options.Continuing ? checked(stepsBefore + input.Steps) : 0;
        for (int sample = 0; sample < begins.Length; sample++)
        {
            begins[sample] = input.Padding is { IsBehind: false } padding ? padding.Counts[sample] : 0;
        }

        input.Values.Values.CopyTo(Output.Values.Values, 0);
        Output.Mask = input.Mask;
    }

    /// <summary>The position of a column among those of the batch, 0 being that of <see cref="First"/>; below 0 where the column
    /// is padding.</summary>
    internal int PositionOf(int column) => (column / Options.BatchSize) - begins[column % Options.BatchSize];

    /// <summary>The columns of the output.</summary>
    internal ColumnBlock Columns => Output.Values;
}
