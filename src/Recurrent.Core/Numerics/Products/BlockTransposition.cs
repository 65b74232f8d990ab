namespace Recurrent.Numerics;

/// <summary>A matrix, row by row, becomes its transpose: tile by tile, so that what is scattered stays in the cache.</summary>
internal static unsafe class BlockTransposition
{
    private const int Tile = 64;

    /// <summary>Writes <c>to[column · toStride + row] = from[row · fromStride + column]</c>.</summary>
    /// <param name="from">The matrix.</param>
    /// <param name="fromStride">How far apart its rows begin.</param>
    /// <param name="rows">Number of its rows.</param>
    /// <param name="columns">Number of its columns.</param>
    /// <param name="to">Receives the transpose.</param>
    /// <param name="toStride">How far apart the rows of the transpose begin.</param>
    public static void Run(ReadOnlySpan<Real> from, int fromStride, int rows, int columns, Span<Real> to, int toStride)
    {
        if (rows <= 0 || columns <= 0)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(((long)(rows - 1) * fromStride) + columns, from.Length, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(((long)(columns - 1) * toStride) + rows, to.Length, nameof(columns));
        fixed (Real* a = from)
        fixed (Real* b = to)
        {
            for (int top = 0; top < rows; top += Tile)
            {
                for (int left = 0; left < columns; left += Tile)
                {
                    Transposition.Run(a + ((nint)top * fromStride) + left, fromStride, Math.Min(Tile, rows - top),
                        Math.Min(Tile, columns - left), b + ((nint)left * toStride) + top, toStride);
                }
            }
        }
    }
}
