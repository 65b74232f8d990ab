namespace Recurrent.Tensors;

/// <summary>Orders of axes.</summary>
internal static class Transposition
{
    // Tiles that stay in the cache with what they become.
    private const int Tile = 32;

    /// <summary>A matrix of rows and columns, row by row, as one of columns and rows.</summary>
    public static Real[] Of(Real[] values, int rows, int columns)
    {
        var turned = new Real[values.Length];
        for (int top = 0; top < rows; top += Tile)
        {
            int bottom = Math.Min(top + Tile, rows);
            for (int left = 0; left < columns; left += Tile)
            {
                int right = Math.Min(left + Tile, columns);
                for (int column = left; column < right; column++)
                {
                    for (int row = top; row < bottom; row++)
                    {
                        turned[column * rows + row] = values[row * columns + column];
                    }
                }
            }
        }

        return turned;
    }

    /// <summary>Three axes with the first and the last in each other's place.</summary>
    public static Real[] Ends(Real[] values, int first, int middle, int last)
    {
        var turned = new Real[values.Length];
        for (int i = 0; i < first; i++)
        {
            for (int j = 0; j < middle; j++)
            {
                for (int k = 0; k < last; k++)
                {
                    turned[(k * middle + j) * first + i] = values[(i * middle + j) * last + k];
                }
            }
        }

        return turned;
    }

    /// <summary>Blocks of equal length in another order.</summary>
    /// <param name="values">The blocks, one after another.</param>
    /// <param name="order">For each place the number of the block that comes there.</param>
    public static Real[] Blocks(Real[] values, params ReadOnlySpan<int> order)
    {
        var moved = new Real[values.Length];
        int size = values.Length / order.Length;
        for (int i = 0; i < order.Length; i++)
        {
            values.AsSpan(order[i] * size, size).CopyTo(moved.AsSpan(i * size));
        }

        return moved;
    }
}
