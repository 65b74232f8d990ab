using System.Buffers.Binary;

namespace Recurrent.Audio;

/// <summary>
/// Reads WAV files as if they came from an enemy: every size is held against the bytes that there are. A file consists of
/// chunks, each a name of four letters, a size, and as many bytes.
/// </summary>
internal ref partial struct WaveReader
{
    /// <summary>From this size on a program did not know how much would follow, because it wrote to a pipe.</summary>
    private const uint Unknown = 0x7FFFF000;

    private const string Repair = "Fetch it again, or let sox or ffmpeg write it anew.";

    private readonly ReadOnlySpan<byte> bytes;
    private readonly string source;

    /// <summary>The size of the samples in a file whose chunks may have more than 32 bits can count; −1 in others.</summary>
    private long wideSize = -1;

    /// <summary>The first chunk behind which none begins, so that its size is wrong; −1 while there is none.</summary>
    private int suspect = -1;

    private int tag;
    private int channels;
    private int rate;
    private int rateAt;
    private int width;

    /// <summary>Bytes of a sample of all channels.</summary>
    private int block;

    private WaveReader(ReadOnlySpan<byte> bytes, string source)
    {
        this.bytes = bytes;
        this.source = source;
    }

    public static Sound Read(ReadOnlySpan<byte> bytes, string source, int? samplingRate) =>
        new WaveReader(bytes, source).Read(samplingRate);

    private Sound Read(int? samplingRate)
    {
        RequireWave();
        int before = -1;
        int at = 12;
        while (at + 8 <= bytes.Length)
        {
            suspect = suspect < 0 && before >= 0 && !IsName(at) ? before : suspect;
            int body = at + 8;
            long size = SizeOf(at);
            bool isData = Is(at, "data"u8);
            if (isData && IsOpen(at, size))
            {
                RequireFormat(at);
                int left = bytes.Length - body;
                return Samples(body, left - (left % block), samplingRate);
            }

            RequireThere(at, size);
            if (isData)
            {
                RequireFormat(at);
                return Samples(body, (int)size, samplingRate);
            }

            if (Is(at, "fmt "u8))
            {
                ReadFormat(body, (int)size);
            }
            else if (Is(at, "ds64"u8))
            {
                ReadWideSizes(body, (int)size);
            }

            before = at;
            at = (int)Math.Min(Behind(body + size, size), bytes.Length);
        }

        throw suspect >= 0 ? WrongSize() : Fail(at, channels == 0
            ? $"the file ends without a chunk 'fmt ' and without one 'data'. {Repair}"
            : $"the file ends without a chunk 'data': it has no samples. {Repair}");
    }

    private readonly void RequireWave()
    {
        if (bytes.Length < 12)
        {
            throw Fail(0, FormattableString.Invariant($"it has {bytes.Length} bytes, fewer than the 12 of a header."));
        }

        if (Is(0, "RIFX"u8))
        {
            throw Fail(0, "it is a RIFX file, of numbers in the other order, which is not read. Let sox or ffmpeg make a RIFF "
                + "file of it.");
        }

        if (!Is(0, "RIFF"u8) && !IsWide)
        {
            throw Fail(0, $"it does not begin with RIFF, so it is no WAV file.{Other()}");
        }

        if (!Is(8, "WAVE"u8))
        {
            throw Fail(8, "the file is RIFF, but not WAVE: it holds something else than sound, or is broken.");
        }
    }

    /// <summary>Whether the samples are whatever follows: a program that writes to a pipe leaves 0 or a large number.</summary>
    private readonly bool IsOpen(int at, long size)
    {
        // Where the header was filled in afterwards, 0 bytes are what there is.
        uint file = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        bool isLeft = file >= Unknown || file <= at;
        return (size >= Unknown && wideSize < 0) || (size == 0 && isLeft && bytes.Length > at + 8);
    }

    /// <summary>
    /// Where the next chunk begins: at an even place. Some programs leave out the byte that fills an odd chunk, which is 0, as no
    /// name begins; so does the next name begin where that byte should be.
    /// </summary>
    private readonly long Behind(long end, long size) =>
        (size & 1) == 0 || (IsName(end) && !IsUsual(end + 1)) ? end : end + 1;

    private readonly void RequireThere(int at, long size)
    {
        long left = bytes.Length - at - 8;
        if (size <= left)
        {
            return;
        }

        throw suspect >= 0 ? WrongSize() : Fail(at + 4, FormattableString.Invariant(
            $"the chunk '{Name(at)}' says that it has {size} bytes, but only {left} follow. The file is cut off, or broken. ")
            + Repair);
    }

    private readonly void RequireFormat(int at)
    {
        if (channels == 0)
        {
            throw Fail(at, $"the chunk 'data' comes before the chunk 'fmt ', which says what is in it. {Repair}");
        }
    }

    /// <summary>The sizes of RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088), which count in 64 bits.</summary>
    private void ReadWideSizes(int body, int size)
    {
        if (!IsWide)
        {
            return;
        }

        if (size < 28)
        {
            throw Fail(body - 4, FormattableString.Invariant($"the chunk 'ds64' has {size} bytes, fewer than 28. {Repair}"));
        }

        ulong wide = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(body + 8)..]);
        wideSize = wide is 0 or ulong.MaxValue ? -1 : (long)Math.Min(wide, long.MaxValue);
    }

    private readonly long SizeOf(int at)
    {
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
        return size == uint.MaxValue && wideSize >= 0 && Is(at, "data"u8) ? wideSize : size;
    }

    private readonly bool IsWide => Is(0, "RF64"u8) || Is(0, "BW64"u8);

    private readonly bool Is(long at, ReadOnlySpan<byte> name) =>
        at + 4 <= bytes.Length && bytes.Slice((int)at, 4).SequenceEqual(name);

    private readonly bool IsUsual(long at) => Is(at, "data"u8) || Is(at, "fmt "u8) || Is(at, "fact"u8) || Is(at, "LIST"u8);

    private readonly bool IsName(long at)
    {
        if (at + 4 > bytes.Length)
        {
            return false;
        }

        foreach (byte letter in bytes.Slice((int)at, 4))
        {
            if (letter is < 32 or >= 127)
            {
                return false;
            }
        }

        return true;
    }

    private readonly string Name(int at)
    {
        char[] name = new char[4];
        for (int i = 0; i < 4; i++)
        {
            name[i] = bytes[at + i] is >= 32 and < 127 ? (char)bytes[at + i] : '?';
        }

        return new(name);
    }

    /// <summary>What other kind of sound it is, and what to do.</summary>
    private readonly string Other()
    {
        string? kind = bytes.StartsWith("fLaC"u8) ? "a FLAC" : bytes.StartsWith("OggS"u8) ? "an Ogg"
            : bytes.StartsWith("ID3"u8) || (bytes[0] == 0xFF && bytes[1] >= 0xE0) ? "an MP3"
            : bytes.StartsWith("FORM"u8) ? "an AIFF"
            : bytes[4..].StartsWith("ftyp"u8) ? "an MP4" : bytes.StartsWith(".snd"u8) ? "an AU" : null;
        return kind is null ? string.Empty : $" It looks like {kind} file: convert it to WAV.";
    }

    private readonly int Word(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private readonly WaveFormatException WrongSize() => Fail(suspect + 4, FormattableString.Invariant(
        $"the chunk '{Name(suspect)}' says that it has {SizeOf(suspect)} bytes, but no name of a chunk stands behind them. ")
        + $"The file is broken. {Repair}");

    private readonly WaveFormatException Fail(long offset, string problem) => new(source, offset, problem);
}
