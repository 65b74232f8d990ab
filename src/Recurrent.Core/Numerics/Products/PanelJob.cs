namespace Recurrent.Numerics;

/// <summary>C = start + A·B with A in panels: by one thread, or cut among several.</summary>
/// <remarks>No element of C is summed in parts, so however the product is cut, its bits are the same.</remarks>
internal readonly unsafe struct PanelJob : IWidthJob
{
    // Handing a part over takes about a microsecond; so many multiply-adds take one to three.
    private const long LeastShared = 1 << 16;

    // With one column memory is the limit, and half as many take as long.
    private const long LeastSharedOfVector = 1 << 15;

    // Fewer columns would leave tiles half empty.
    private const int LeastColumns = 8;

    private static readonly Action<Cut, int> RunPart = static (cut, part) => cut.Run(part);

    private readonly Real* a;
    private readonly int rows;
    private readonly int depth;
    private readonly Real* b;
    private readonly int strideB;
    private readonly int columns;
    private readonly Real* c;
    private readonly int strideC;
    private readonly ProductStart start;

    /// <summary>Describes a product.</summary>
    /// <param name="a">Panels of <paramref name="rows"/> × <paramref name="depth"/>.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="depth">Columns of A.</param>
    /// <param name="b">Column after column, <paramref name="strideB"/> apart.</param>
    /// <param name="strideB">Distance of the columns of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">Column after column, <paramref name="strideC"/> apart.</param>
    /// <param name="strideC">Distance of the columns of C.</param>
    /// <param name="start">What the sums start from.</param>
    public PanelJob(Real* a, int rows, int depth, Real* b, int strideB, int columns, Real* c, int strideC, ProductStart start)
    {
        this.a = a;
        this.rows = rows;
        this.depth = depth;
        this.b = b;
        this.strideB = strideB;
        this.columns = columns;
        this.c = c;
        this.strideC = strideC;
        this.start = start;
    }

    /// <summary>Multiplies, on as many threads as are allowed and worth their while.</summary>
    /// <param name="width">Values in the registers that A is laid out for.</param>
    /// <param name="threads">The most threads, the caller's included.</param>
    public void Run(int width, int threads)
    {
        long least = columns == 1 ? LeastSharedOfVector : LeastShared;
        int parts = threads == 1 ? 1
            : (int)Math.Min(Math.Min(threads, MostParts(width)), (long)rows * depth * columns / least);
        if (parts < 2)
        {
            Widths.Dispatch(this, width);
            return;
        }

        Workers.Run(parts, parts, new Cut(this, width, parts), RunPart);
    }

    /// <inheritdoc/>
    public void Run<TLane, TVector>()
        where TLane : ILane<TVector>
        where TVector : unmanaged =>
        PanelProduct<TLane, TVector>.Run(a, rows, depth, b, strideB, columns, c, strideC, start);

    /// <summary>One column is cut by rows, more are cut by columns.</summary>
    private int MostParts(int width) => columns == 1 ? Panels.Padded(rows, width) / Strip(width) : columns / LeastColumns;

    /// <summary>Rows that a product with one column takes at a time: whole panels, so that the last of them alone is not
    /// full.</summary>
    private static int Strip(int width) => Panels.MostVectors * Panels.MostVectors * width;

    private PanelJob Part(int index, int parts, int width)
    {
        if (columns == 1)
        {
            int strips = Panels.Padded(rows, width) / Strip(width);
            int first = Boundary(strips, index, parts) * Strip(width);
            int end = index == parts - 1 ? rows : Boundary(strips, index + 1, parts) * Strip(width);
            return new(a + ((nint)first * depth), end - first, depth, b, strideB, 1, c + first, strideC, start.At(first, 0));
        }

        int left = Boundary(columns, index, parts);
        int count = Boundary(columns, index + 1, parts) - left;
        return new(a, rows, depth, b + ((nint)left * strideB), strideB, count, c + ((nint)left * strideC), strideC,
            start.At(0, left));
    }

    /// <summary>Where a part begins. Rounded up, so that the caller, who begins at once, has the larger parts.</summary>
    private static int Boundary(int count, int part, int parts) => (int)((((long)count * part) + parts - 1) / parts);

    private readonly struct Cut(PanelJob whole, int width, int parts)
    {
        public void Run(int part) => Widths.Dispatch(whole.Part(part, parts, width), width);
    }
}
