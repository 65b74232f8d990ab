namespace Recurrent.Serialization;

/// <summary>Bytes as a stream to be read, which remembers where it was read last. Small pieces come from a buffer.</summary>
/// <param name="source">The bytes.</param>
internal sealed class BytesStream(ByteSource source) : Stream
{
    private readonly byte[] buffer = new byte[1 << 12];
    private long bufferStart;
    private int buffered;
    private long position;

    /// <summary>The bytes.</summary>
    public ByteSource Source => source;

    /// <summary>Where the last read that gave something began.</summary>
    public long LastRead { get; private set; } = -1;

    /// <summary>Forgets where it was read.</summary>
    public void Forget() => LastRead = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => source.Length;

    public override long Position
    {
        get => position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            position = value;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> target)
    {
        int count = (int)Math.Min(target.Length, Math.Max(0, source.Length - position));
        if (count == 0)
        {
            return 0;
        }

        if (count > buffer.Length)
        {
            source.Read(position, target[..count]);
        }
        else
        {
            if (position < bufferStart || position + count > bufferStart + buffered)
            {
                bufferStart = position;
                buffered = (int)Math.Min(buffer.Length, source.Length - position);
                source.Read(bufferStart, buffer.AsSpan(0, buffered));
            }

            buffer.AsSpan((int)(position - bufferStart), count).CopyTo(target);
        }

        LastRead = position;
        position += count;
        return count;
    }

    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 1 ? one[0] : -1;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => source.Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
