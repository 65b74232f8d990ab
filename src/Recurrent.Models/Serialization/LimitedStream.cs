namespace Recurrent.Serialization;

/// <summary>A stream that is read only up to a number of bytes.</summary>
internal sealed class LimitedStream(Stream inner, long limit) : Stream
{
    private long total;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        total += count;
        RefuseNull(buffer[..count].Contains((byte)0));
        return total <= limit
            ? count
            : throw new ModelFormatException(FormattableString.Invariant(
                $"The document is longer than {limit} bytes. If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxLength)}."));
    }

    /// <summary>Refuses the character that no JSON has, and that the reader of tokens would pass over.</summary>
    public static void RefuseNull(bool found)
    {
        if (found)
        {
            throw new ModelFormatException("The document is not text: it has the character 0.");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
