using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>C += A·Bᵀ, summed over many columns.</summary>
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

    // With B copied, a panel may as well come from the second-level cache: C, which is too large for it, is touched half as often.
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

    /// <summary>C += A·Bᵀ.</summary>
    /// <param name="a">Column after column, <paramref name="strideA"/> apart.</param>
    /// <param name="strideA">Distance of the columns of A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">Column after column, <paramref name="strideB"/> apart.</param>
    /// <param name="strideB">Distance of the columns of B.</param>
    /// <param name="columns">Rows of B, columns of C.</param>
    /// <param name="depth">Columns of A and B.</param>
    /// <param name="c">Column after column, <paramref name="strideC"/> apart.</param>
    /// <param name="strideC">Distance of the columns of C.</param>
    public static void Run(
        Real* a, nint strideA, int rows, Real* b, nint strideB, int columns, int depth, Real* c, nint strideC)
    {
        AlignedBuffer panel = scratch ??= new(Panels.MostVectors * TLane.Count * DeepBlock);
        AlignedBuffer? copy = rows > (LeastPanels - 1) * Panels.MostVectors * TLane.Count ? Tiles(Math.Min(columns, ColumnBlock)) : null;
        int depthBlock = copy is null ? ShallowBlock : DeepBlock;
        for (int column = 0; column < columns; column += ColumnBlock)
        {
            int columnsHere = Math.Min(ColumnBlock, columns - column);
            for (int k = 0; k < depth; k += depthBlock)
            {
                int depthHere = Math.Min(depthBlock, depth - k);
                Real* blockOfB = b + (k * strideB) + column;
                if (copy is not null)
                {
                    CopyTiles(blockOfB, strideB, columnsHere, depthHere, copy.Start);
                }

                RunBlock(
                    a + (k * strideA), strideA, rows, blockOfB, strideB, columnsHere, depthHere, c + (column * strideC), strideC,
                    panel.Start, copy is null ? null : copy.Start);
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
    private static void CopyTiles(Real* b, nint strideB, int columns, int depth, Real* target)
    {
        for (int column = 0; column < columns;)
        {
            int width = Panels.NextColumns(columns - column);
            Real* from = b + column;
            for (int k = 0; k < depth; k++)
            {
                int j = 0;
                for (; j <= width - TLane.Count; j += TLane.Count)
                {
                    TLane.Store(target + j, TLane.Load(from + j));
                }

                if (j < width)
                {
                    TLane.StorePart(target + j, TLane.LoadPart(from + j, width - j), width - j);
                }

                from += strideB;
                target += width;
            }

            column += width;
        }
    }

    private static void RunBlock(
        Real* a, nint strideA, int rows, Real* b, nint strideB, int columns, int depth, Real* c, nint strideC, Real* panel, Real* copy)
    {
        int vectorsLeft = Panels.Padded(rows, TLane.Count) / TLane.Count;
        for (int row = 0; row < rows;)
        {
            int vectors = Panels.NextVectors(vectorsLeft);
            int height = vectors * TLane.Count;
            int lastCount = Math.Min(TLane.Count, rows - row - height + TLane.Count);
            PanelPacking<TLane, TVector>.Copy(a + row, strideA, vectors, lastCount, depth, panel);
            for (int column = 0; column < columns;)
            {
                int width = Panels.NextColumns(columns - column);
                Real* tile = copy == null ? b + column : copy + ((nint)column * depth);
                TileShapes<TLane, TVector>.Run(
                    vectors, width, panel, tile, c + row + (column * strideC), depth, copy == null ? strideB : width, 1, strideC,
                    lastCount, new(c + row + (column * strideC), strideC));
                column += width;
            }

            row += height;
            vectorsLeft -= vectors;
        }
    }
}
