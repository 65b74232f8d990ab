namespace Recurrent.Numerics;

/// <summary>A stretch of one of several arrays: what threads share out where every element is worked on alone.</summary>
/// <param name="Array">Index of the array.</param>
/// <param name="Start">Index of the first element.</param>
/// <param name="Length">Number of elements.</param>
internal readonly record struct Piece(int Array, int Start, int Length)
{
    // Small enough that the parameters of a small layer are shared evenly, large enough that taking a piece costs next to
    // nothing.
    private const int MostElements = 2048;

    /// <summary>Cuts arrays into pieces, always in the same way for the same lengths.</summary>
    /// <param name="lengths">The lengths of the arrays.</param>
    public static Piece[] Cut(IEnumerable<int> lengths)
    {
        var pieces = new List<Piece>();
        foreach ((int array, int length) in lengths.Index())
        {
            for (int start = 0; start < length; start += MostElements)
            {
                pieces.Add(new(array, start, Math.Min(MostElements, length - start)));
            }
        }

        return [.. pieces];
    }

    /// <summary>The elements of the piece.</summary>
    /// <param name="arrays">The arrays.</param>
    public Span<Real> Of(IReadOnlyList<DenseMatrix> arrays) => arrays[Array].Values.AsSpan(Start, Length);
}
