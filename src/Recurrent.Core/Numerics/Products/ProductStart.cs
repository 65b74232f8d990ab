namespace Recurrent.Numerics;

/// <summary>What the sums of a product start from: zero, the block that they are added to, or one column for all of them, a
/// bias.</summary>
/// <param name="first">The value for element (0, 0); null for zero.</param>
/// <param name="stride">Distance of the columns; 0 where all start from the same one.</param>
internal readonly unsafe struct ProductStart(Real* first, nint stride)
{
    /// <summary>Whether all sums start from zero.</summary>
    public bool IsZero => first == null;

    /// <summary>Where a column starts from.</summary>
    public Real* Column(nint column) => first + (column * stride);

    /// <summary>The start of the part of the product that begins at a row and a column.</summary>
    public ProductStart At(nint row, nint column) => IsZero ? this : new(first + row + (column * stride), stride);
}
