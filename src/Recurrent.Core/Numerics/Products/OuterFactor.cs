namespace Recurrent.Numerics;

/// <summary>The right operand of an <see cref="OuterProduct{TLane, TVector}"/>, Bᵀ, and the result that belongs to it.</summary>
internal readonly unsafe struct OuterFactor
{
    /// <summary>Describes a factor.</summary>
    /// <param name="b">Column after column, <paramref name="strideB"/> apart, or, where that is 0, tile after tile.</param>
    /// <param name="strideB">Distance of the columns of B.</param>
    /// <param name="columns">Rows of B, columns of C.</param>
    /// <param name="c">Column after column, <paramref name="strideC"/> apart.</param>
    /// <param name="strideC">Distance of the columns of C.</param>
    /// <param name="zeros">So many first columns of B hold nothing but zeros.</param>
    public OuterFactor(Real* b, nint strideB, int columns, Real* c, nint strideC, int zeros = 0)
    {
        B = b;
        StrideB = strideB;
        Columns = columns;
        C = c;
        StrideC = strideC;
        Zeros = zeros;
    }

    /// <summary>The right operand.</summary>
    public Real* B { get; }

    /// <summary>Distance of the columns of B.</summary>
    public nint StrideB { get; }

    /// <summary>Whether what a tile reads of B stands side by side, for one k after the other.</summary>
    public bool IsInTiles => StrideB == 0;

    /// <summary>Rows of B, columns of C.</summary>
    public int Columns { get; }

    /// <summary>The result.</summary>
    public Real* C { get; }

    /// <summary>Distance of the columns of C.</summary>
    public nint StrideC { get; }

    /// <summary>So many first columns of B hold nothing but zeros, and are passed over.</summary>
    public int Zeros { get; }

    /// <summary>Some columns of C, with the rows of B that they need.</summary>
    /// <param name="start">The first of them; below 0 where the block begins before this factor.</param>
    /// <param name="count">How many from there on.</param>
    public OuterFactor Part(int start, int count)
    {
        int first = Math.Clamp(start, 0, Columns);
        return new(B + first, StrideB, Math.Clamp(start + count, 0, Columns) - first, C + (first * StrideC), StrideC, Zeros);
    }

    /// <summary>The same with some columns of B, without those that are passed over: they are its <see cref="Zeros"/>.</summary>
    /// <param name="k">The first of the columns.</param>
    /// <param name="depth">How many.</param>
    public OuterFactor Block(int k, int depth)
    {
        int zeros = Math.Clamp(Zeros - k, 0, depth);
        return new(B + ((k + zeros) * StrideB), StrideB, Columns, C, StrideC, zeros);
    }

    /// <summary>The same with B copied into tiles.</summary>
    public OuterFactor InTiles(Real* tiles) => new(tiles, 0, Columns, C, StrideC, Zeros);
}
