using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace Recurrent.Serialization;

/// <summary>Bytes that can be read at any place, by several threads at once.</summary>
internal abstract class ByteSource
{
    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Why bytes could not be read that are there, as an error of the disk; null where that has not happened.</summary>
    public virtual IOException? Failure { get; private set; }

    /// <summary>What a stream holds from its beginning on; null where it can be read only one byte after another.</summary>
    /// <param name="stream">The stream, which stays open as long as this is used.</param>
    public static ByteSource? Of(Stream stream) => stream switch
    {
        // What derives from these may read something else than what lies there.
        FileStream { CanSeek: true } file when file.GetType() == typeof(FileStream) =>
            new FileBytes(file.SafeFileHandle, file.Length),
        MemoryStream memory when memory.GetType() == typeof(MemoryStream)
            && memory.TryGetBuffer(out ArraySegment<byte> bytes) => new MemoryBytes(bytes),
        BytesStream own => own.Source,
        _ => null,
    };

    /// <summary>Bytes in memory.</summary>
    public static ByteSource Of(byte[] bytes) => new MemoryBytes(bytes);

    /// <summary>Reads bytes.</summary>
    /// <param name="offset">Where they begin.</param>
    /// <param name="target">Receives them.</param>
    /// <exception cref="ModelFormatException">There are fewer.</exception>
    public void Read(long offset, Span<byte> target)
    {
        if (offset < 0 || target.Length > Length - offset || !TryReadOrFail(offset, target))
        {
            throw new ModelFormatException("The file ends early. Was it cut off while it was written or copied?");
        }
    }

    /// <summary>Reads something by a library that takes any exception for one of the content, or makes another one of it: an
    /// error of the disk stays what it is.</summary>
    /// <param name="read">Reads from these bytes.</param>
    /// <exception cref="IOException">The bytes cannot be read.</exception>
    public T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception) when (Failure is not null)
        {
            ExceptionDispatchInfo.Throw(Failure);
            throw;
        }
    }

    /// <summary>A part of the bytes.</summary>
    public ByteSource Part(long offset, long length) => offset >= 0 && length >= 0 && length <= Length - offset
        ? new PartBytes(this, offset, length)
        : throw new ModelFormatException("The file ends early. Was it cut off while it was written or copied?");

    /// <summary>Reads bytes that lie within the length, if they are there.</summary>
    protected abstract bool TryRead(long offset, Span<byte> target);

    private bool TryReadOrFail(long offset, Span<byte> target)
    {
        try
        {
            return TryRead(offset, target);
        }
        catch (IOException exception)
        {
            Failure ??= exception;
            throw;
        }
    }

    private sealed class FileBytes(SafeFileHandle handle, long length) : ByteSource
    {
        public override long Length => length;

        protected override bool TryRead(long offset, Span<byte> target)
        {
            while (target.Length > 0)
            {
                int read = RandomAccess.Read(handle, target, offset);
                if (read == 0)
                {
                    return false;
                }

                offset += read;
                target = target[read..];
            }

            return true;
        }
    }

    private sealed class MemoryBytes(ArraySegment<byte> bytes) : ByteSource
    {
        public override long Length => bytes.Count;

        protected override bool TryRead(long offset, Span<byte> target)
        {
            bytes.AsSpan((int)offset, target.Length).CopyTo(target);
            return true;
        }
    }

    private sealed class PartBytes(ByteSource whole, long start, long length) : ByteSource
    {
        public override long Length => length;

        public override IOException? Failure => whole.Failure;

        protected override bool TryRead(long offset, Span<byte> target) => whole.TryReadOrFail(start + offset, target);
    }
}
