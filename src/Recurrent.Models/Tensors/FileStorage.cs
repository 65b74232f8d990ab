using Recurrent.Serialization;

namespace Recurrent.Tensors;

/// <summary>Bytes that stand in a row in a stream.</summary>
/// <param name="stream">The stream, which can seek.</param>
/// <param name="start">Where in it they begin.</param>
/// <param name="length">How many they are.</param>
internal sealed class FileStorage(Stream stream, long start, long length) : IStorage
{
    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> target)
    {
        stream.Position = start + offset;
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new ModelFormatException("The file ends early. Was it cut off while it was written or copied?");
        }
    }
}
