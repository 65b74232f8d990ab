using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>Orders of axes.</summary>
internal static class Transposition
{
    /// <summary>A matrix of rows and columns, row by row, as one of columns and rows.</summary>
    public static Real[] Of(Real[] values, int rows, int columns)
    {
        Real[] turned = LargeArrays.Create(values.Length);
        LargeArrays.Turn(() => values, rows, columns, turned, 0, rows);
        return turned;
    }

    /// <summary>Three axes with the first and the last in each other's place.</summary>
    public static Real[] Ends(Real[] values, int first, int middle, int last)
    {
        Real[] turned = LargeArrays.Create(values.Length);
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
        Real[] moved = LargeArrays.Create(values.Length);
        int size = values.Length / order.Length;
        for (int i = 0; i < order.Length; i++)
        {
            values.AsSpan(order[i] * size, size).CopyTo(moved.AsSpan(i * size));
        }

        return moved;
    }
}
