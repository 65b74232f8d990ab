using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>Bytes that stand in a row in a file.</summary>
/// <param name="bytes">The bytes.</param>
internal sealed class FileStorage(ByteSource bytes) : IStorage
{
    /// <inheritdoc/>
    public long Length => bytes.Length;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> target) => bytes.Read(offset, target);
}
