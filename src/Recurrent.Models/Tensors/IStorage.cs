namespace Recurrent.Tensors;

/// <summary>A run of bytes that tensors are views of.</summary>
internal interface IStorage
{
    /// <summary>Its length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads some of it. Several threads may do so at once.</summary>
    /// <param name="offset">Where in the run they begin; they lie within it.</param>
    /// <param name="target">Receives the bytes.</param>
    /// <exception cref="Serialization.ModelFormatException">There are fewer than the file said.</exception>
    void Read(long offset, Span<byte> target);
}
