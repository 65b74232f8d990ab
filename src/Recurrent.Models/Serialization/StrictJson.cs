using System.Globalization;
namespace Recurrent.Serialization;

/// <summary>
/// JSON as RFC 8259 has it and nothing else, on its way to the reader of tokens, which takes much that is none (comments,
/// <c>010</c>, <c>'x'</c>, commas at the end). The numbers of arrays in base64 are taken out as they pass, so that no text is
/// ever as long as they.
/// </summary>
/// <remarks>
/// The bytes go on as they are up to the first that no JSON has there, and then end: the reader of tokens knows by then where in
/// the document that is, and <see cref="Problem"/> says what is wrong. In place of a text of numbers goes
/// <see cref="Placeholder"/>, which no document can have.
/// </remarks>
internal sealed partial class StrictJson : Stream
{
    /// <summary>What stands in place of numbers that were taken out: a token that is not JSON.</summary>
    public const string Placeholder = "undefined";

    private const int BlockSize = 1 << 16;

    private readonly Stream inner;
    private readonly long limit;
    private readonly byte[] block = new byte[BlockSize];

    // An empty array of numbers grows by its placeholder, and what stands around it is longer than that.
    private readonly byte[] output = new byte[2 * BlockSize];
    private int outputStart;
    private int outputEnd;
    private long total;
    private long line = 1;
    private long lineStart;
    private long position;
    private bool ended;

    private long blockStart;
    private long blockEnd;

    /// <summary>Reads a stream of UTF-8, with or without a byte order mark.</summary>
    /// <param name="inner">The stream; it stays open.</param>
    /// <param name="limit">Most bytes.</param>
    public StrictJson(Stream inner, long limit)
    {
        this.inner = inner;
        this.limit = limit;
        blockStart = inner.CanSeek ? inner.Position : 0;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What is wrong, without its path; null where nothing is as far as was read.</summary>
    public string? Problem { get; private set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (outputStart == outputEnd && !ended && Problem is null)
        {
            outputStart = outputEnd = 0;
            Fill();
        }

        int count = Math.Min(buffer.Length, outputEnd - outputStart);
        output.AsSpan(outputStart, count).CopyTo(buffer);
        outputStart += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Fill()
    {
        int count = inner.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> bytes = block.AsSpan(0, count);
        if (total == 0)
        {
            if (FileKinds.Recognize(bytes) is { } other)
            {
                Problem = other;
                return;
            }

            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            {
                bytes = bytes[3..];
            }
        }

        total += count;
        if (total > limit)
        {
            Problem = TooLong();
            return;
        }

        blockEnd = blockStart + count;
        Pass(bytes);
        blockStart = blockEnd;
        if (skipped)
        {
            // Numbers were read past the end of the block.
            skipped = false;
            return;
        }

        if (count < block.Length && Problem is null)
        {
            ended = true;
            if (expect == Expect.Digits && IsWhole(number))
            {
                EndValue();
            }

            if (expect != Expect.End)
            {
                Problem = Wrong("the document ends too early");
            }
        }
    }

    /// <summary>Takes bytes over into the output up to the first that is wrong.</summary>
    private void Pass(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        while (i < bytes.Length && Problem is null)
        {
            int before = i;
            switch (expect)
            {
                case Expect.NumberText when IsLarge(bytes[i..]) && TryLiftWhole(blockEnd - (bytes.Length - i)):
                    return;
                case Expect.NumberText:
                    i += Lift(bytes[i..]);
                    break;
                case Expect.Text or Expect.KeyText:
                    i += PassText(bytes[i..]);
                    break;
                default:
                    byte next = bytes[i];
                    if (Step(next))
                    {
                        i++;
                        if (expect != Expect.NumberText)
                        {
                            output[outputEnd++] = next;
                        }
                    }

                    break;
            }

            position += i - before;
        }
    }

    private string TooLong() => string.Create(CultureInfo.InvariantCulture,
        $"The document is longer than {limit} bytes. If you trust it, raise "
        + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxLength)}.");
}
