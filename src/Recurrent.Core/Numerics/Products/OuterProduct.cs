using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>C += A·Bᵀ, summed over many columns, for two B at a time: the gradients of W and U share the panels of dZ.</summary>
/// <remarks>
/// Columns are taken in blocks. Of each block, A is copied, panel by panel, into the layout of <see cref="Panels"/>: a panel
/// is read once per tile, and in place its values would straddle cache lines and, where the height of A is a power of two,
/// all compete for the same few lines. The same is true of B, a few adjacent values per column, so it is copied tile by tile
/// where there are enough panels to make up for that.
/// </remarks>
internal static unsafe class OuterProduct<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    // A panel of this depth leaves room in the first-level cache for the columns of B it meets in place.
    private const int ShallowBlock = 128;

    // With B copied, a panel may as well come from the second-level cache: C, which is too large for it, is touched half as
    // often.
    private const int DeepBlock = 256;

    // So many rows of B, a block deep, stay in the second-level cache while all panels of A pass.
    private const int ColumnBlock = 512;

    // A copy of B that fewer panels read is not worth it.
    private const int LeastPanels = 6;

    // One per thread and for ever: packing must neither allocate nor wait for another thread.
    [ThreadStatic]
    private static AlignedBuffer? scratch;
    [ThreadStatic]
    private static AlignedBuffer? tiles;

    /// <summary>C += A·Bᵀ for each of two B, the second of which may be empty.</summary>
    /// <param name="a">Column after column, <paramref name="strideA"/> apart.</param>
    /// <param name="strideA">Distance of the columns of A.</param>
    /// <param name="rows">Rows of A and of each C.</param>
    /// <param name="depth">Columns of A and of each B.</param>
    /// <param name="first">The first B and its C.</param>
    /// <param name="second">The second, or the default.</param>
    public static void Run(Real* a, nint strideA, int rows, int depth, OuterFactor first, OuterFactor second)
    {
        // Columns of C, those of the second behind those of the first.
        int columns = first.Columns + second.Columns;
        AlignedBuffer panel = scratch ??= new(Panels.MostVectors * TLane.Count * DeepBlock);
        AlignedBuffer? copy = rows > (LeastPanels - 1) * Panels.MostVectors * TLane.Count ? Tiles(Math.Min(columns, ColumnBlock))
            : null;
        int depthBlock = copy is null ? ShallowBlock : DeepBlock;
        for (int column = 0; column < columns; column += ColumnBlock)
        {
            OuterFactor left = first.Part(column, ColumnBlock);
            OuterFactor right = second.Part(column - first.Columns, ColumnBlock);
            for (int k = 0; k < depth; k += depthBlock)
            {
                int depthHere = Math.Min(depthBlock, depth - k);
                OuterFactor leftHere = left.Block(k, depthHere);
                OuterFactor rightHere = right.Block(k, depthHere);
                if (copy is not null)
                {
                    leftHere = CopyTiles(leftHere, depthHere - leftHere.Zeros, copy.Start);
                    rightHere = CopyTiles(
                        rightHere, depthHere - rightHere.Zeros, copy.Start + ((nint)left.Columns * depthHere));
                }

                RunBlock(a + (k * strideA), strideA, rows, depthHere, leftHere, rightHere, panel.Start);
            }
        }

        panel.KeepAlive();
        copy?.KeepAlive();
    }

    private static AlignedBuffer Tiles(int columns)
    {
        int size = columns * DeepBlock;
        return tiles is { } enough && enough.Length >= size ? enough : tiles = new(size);
    }

    /// <summary>Copies B so that what a tile reads stands side by side, for one k after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static OuterFactor CopyTiles(OuterFactor factor, int depth, Real* target)
    {
        Real* to = target;
        for (int column = 0; column < factor.Columns;)
        {
            int width = Panels.NextColumns(factor.Columns - column);
            Real* from = factor.B + column;
            for (int k = 0; k < depth; k++)
            {
                int j = 0;
                for (; j <= width - TLane.Count; j += TLane.Count)
                {
                    TLane.Store(to + j, TLane.Load(from + j));
                }

                if (j < width)
                {
                    TLane.StorePart(to + j, TLane.LoadPart(from + j, width - j), width - j);
                }

                from += factor.StrideB;
                to += width;
            }

            column += width;
        }

        return factor.InTiles(target);
    }

    private static void RunBlock(Real* a, nint strideA, int rows, int depth, OuterFactor first, OuterFactor second, Real* panel)
    {
        int vectorsLeft = Panels.Padded(rows, TLane.Count) / TLane.Count;
        for (int row = 0; row < rows;)
        {
            int vectors = Panels.NextVectors(vectorsLeft);
            int height = vectors * TLane.Count;
            int lastCount = Math.Min(TLane.Count, rows - row - height + TLane.Count);
            PanelPacking<TLane, TVector>.Copy(a + row, strideA, vectors, lastCount, depth, panel);
            RunPanel(panel + (first.Zeros * height), vectors, lastCount, row, depth - first.Zeros, first);
            RunPanel(panel + (second.Zeros * height), vectors, lastCount, row, depth - second.Zeros, second);
            row += height;
            vectorsLeft -= vectors;
        }
    }

    private static void RunPanel(Real* panel, int vectors, int lastCount, int row, int depth, OuterFactor factor)
    {
        for (int column = 0; column < factor.Columns;)
        {
            int width = Panels.NextColumns(factor.Columns - column, factor.IsInTiles ? Panels.MostVectors : vectors);
            Real* b = factor.IsInTiles ? factor.B + ((nint)column * depth) : factor.B + column;
            Real* c = factor.C + row + (column * factor.StrideC);
            TileShapes<TLane, TVector>.Run(
                vectors, width, panel, b, c, depth, factor.IsInTiles ? width : factor.StrideB, 1, factor.StrideC, lastCount,
                new(c, factor.StrideC));
            column += width;
        }
    }
}
