using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of a <see cref="PositionLayer"/> remembers.</summary>
public sealed class PositionPass : Pass
{
    /// <summary>The most positions that are counted: up to here a state holds every number.</summary>
    internal const int MostPositions = 1 << 24;

    // For each sample the steps of padding before its data, and its positions before and after the last forward pass.
    private readonly int[] begins;
    private readonly int[] first;
    private readonly int[] next;
    private DenseMatrix? table;
    private DenseMatrix? columnTable;
    private int tableStart = -1;
    private bool isCommon;

    internal PositionPass(PositionLayer layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(options.InputShape, options.BatchSize);
        begins = new int[options.BatchSize];
        first = new int[options.BatchSize];
        next = new int[options.BatchSize];
    }

    internal delegate void FillColumn(int position, Span<Real> column);

    internal SequenceBatch Output { get; }

    /// <summary>The output's columns.</summary>
    internal ColumnBlock Columns => Output.Values;

    /// <summary>The position of the step that comes next, of the sequence that has the most.</summary>
    internal int LastPosition => next.Max();

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        Array.Clear(first);
        Array.Clear(next);
    }

    /// <summary>Goes on from positions, which are whole numbers.</summary>
    internal void SetPositions(ReadOnlySpan<Real> positions)
    {
        for (int sample = 0; sample < first.Length; sample++)
        {
            first[sample] = (int)positions[sample];
            next[sample] = first[sample];
        }
    }

    /// <summary>The positions of the steps that come next.</summary>
    internal void GetPositions(Span<Real> positions)
    {
        for (int sample = 0; sample < next.Length; sample++)
        {
            positions[sample] = next[sample];
        }
    }

    /// <summary>Takes an input: finds at which step each sample begins, and copies it to the output.</summary>
    internal void Take(SequenceBatch input)
    {
        isCommon = true;
        for (int sample = 0; sample < begins.Length; sample++)
        {
            first[sample] = Options.Continuing ? next[sample] : first[sample];
            begins[sample] = input.Padding is { IsBehind: false } padding ? padding.Counts[sample] : 0;
            next[sample] = first[sample] + input.Steps - (input.Padding?.Counts[sample] ?? 0);
            isCommon &= first[sample] == first[0];
        }

        input.Values.Values.CopyTo(Output.Values.Values, 0);
        Output.Mask = input.Mask;
    }

    /// <summary>The position of a column; below 0 where it stands before its sequence.</summary>
    internal int PositionOf(int column)
    {
        int step = Math.DivRem(column, Options.BatchSize, out int sample) - begins[sample];
        return step < 0 ? -1 : first[sample] + step;
    }

    /// <summary>
    /// What is the same for all columns of a position: one column for each step, or where samples differ, for each column.
    /// </summary>
    internal ColumnBlock Table(FillColumn fill)
    {
        if (!isCommon)
        {
            columnTable ??= new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount);
            ColumnBlock all = columnTable;
            for (int column = 0; column < all.ColumnCount; column++)
            {
                fill(Math.Max(0, PositionOf(column)), all.Column(column));
            }

            return all;
        }

        table ??= new DenseMatrix(Output.Values.RowCount, Output.Steps);
        if (tableStart != first[0])
        {
            tableStart = first[0];
            ColumnBlock steps = table;
            for (int step = 0; step < steps.ColumnCount; step++)
            {
                fill(tableStart + step, steps.Column(step));
            }
        }

        return table;
    }

    /// <summary>The column of <see cref="Table"/> that belongs to a column with a position.</summary>
    internal int TableColumn(int column) => isCommon ? PositionOf(column) - tableStart : column;
}
