namespace Recurrent.Numerics;

/// <summary>C += A·Bᵀ, summed over many columns.</summary>
/// <remarks>
/// Columns are taken in blocks. Of each block, A is copied, panel by panel, into the layout of <see cref="Panels"/>: a panel
/// is read once per tile, and in place its values would straddle cache lines and, where the height of A is a power of two,
/// all compete for the same few lines. B is read in place, a few adjacent values per column.
/// </remarks>
internal static unsafe class OuterProduct<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    private const int DepthBlock = 128;

    // One per thread and for ever: packing must neither allocate nor wait for another thread.
    [ThreadStatic]
    private static AlignedBuffer? scratch;

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
        AlignedBuffer buffer = scratch ??= new(Panels.MostVectors * TLane.Count * DepthBlock);
        for (int k = 0; k < depth; k += DepthBlock)
        {
            RunBlock(
                a + (k * strideA), strideA, rows, b + (k * strideB), strideB, columns, Math.Min(DepthBlock, depth - k), c, strideC,
                buffer.Start);
        }

        buffer.KeepAlive();
    }

    private static void RunBlock(
        Real* a, nint strideA, int rows, Real* b, nint strideB, int columns, int depth, Real* c, nint strideC, Real* panel)
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
                TileShapes<TLane, TVector>.Run(
                    vectors, width, panel, b + column, c + row + (column * strideC), depth, strideB, 1, strideC, lastCount, true);
                column += width;
            }

            row += height;
            vectorsLeft -= vectors;
        }
    }
}
