namespace Recurrent.Numerics;

/// <summary>C = start + A·B with A in panels.</summary>
internal static unsafe class PanelProduct<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    // A panel of this depth leaves room in a 48K first-level cache for the columns of B it meets.
    private const int DepthBlock = 256;

    // So many values of B, 128 KB, stay in a second-level cache of 512 KB, beside what is written, while all panels of A pass.
    private const int BlockSize = 128 * DepthBlock;

    // Of a shallow B no more columns are taken at a time.
    private const int WidestBlock = 512;

    /// <summary>C = start + A·B.</summary>
    /// <param name="a">Panels of <paramref name="rows"/> × <paramref name="depth"/>.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="depth">Columns of A.</param>
    /// <param name="b">Column after column, <paramref name="strideB"/> apart.</param>
    /// <param name="strideB">Distance of the columns of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">Column after column, <paramref name="strideC"/> apart.</param>
    /// <param name="strideC">Distance of the columns of C.</param>
    /// <param name="start">What the sums start from.</param>
    public static void Run(
        Real* a, int rows, int depth, Real* b, nint strideB, int columns, Real* c, nint strideC, ProductStart start)
    {
        if (columns == 1)
        {
            VectorProduct<TLane, TVector>.Run(a, rows, depth, b, c, start);
            return;
        }

        int columnBlock = ColumnBlock(depth);
        for (int column = 0; column < columns; column += columnBlock)
        {
            int columnsHere = Math.Min(columnBlock, columns - column);
            for (int k = 0; k < depth; k += DepthBlock)
            {
                RunBlock(
                    a, rows, depth, k, Math.Min(DepthBlock, depth - k), b + (column * strideB) + k, strideB, columnsHere,
                    c + (column * strideC), strideC, k == 0 ? start.At(0, column) : new(c + (column * strideC), strideC));
            }
        }
    }

    // Whole tiles: a tile has up to eight columns.
    private static int ColumnBlock(int depth) => Math.Min(WidestBlock, BlockSize / Math.Clamp(depth, 1, DepthBlock) / 8 * 8);

    private static void RunBlock(
        Real* a, int rows, int depth, int k, int depthHere, Real* b, nint strideB, int columns, Real* c, nint strideC,
            ProductStart start)
    {
        int vectorsLeft = Panels.Padded(rows, TLane.Count) / TLane.Count;
        for (int row = 0; row < rows;)
        {
            int vectors = Panels.NextVectors(vectorsLeft);
            int height = vectors * TLane.Count;
            int lastCount = Math.Min(TLane.Count, rows - row - height + TLane.Count);
            Real* panel = a + ((nint)row * depth) + ((nint)k * height);
            for (int column = 0; column < columns;)
            {
                int width = Panels.NextColumns(columns - column, vectors);
                TileShapes<TLane, TVector>.Run(
                    vectors, width, panel, b + (column * strideB), c + row + (column * strideC), depthHere, 1, strideB, strideC,
                    lastCount, start.At(row, column));
                column += width;
            }

            row += height;
            vectorsLeft -= vectors;
        }
    }
}
