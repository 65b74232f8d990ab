using System.Buffers.Binary;
using System.Globalization;

namespace Recurrent.Audio;

/// <summary>Reads WAV files as if they came from an enemy: every size is held against the bytes that there are.</summary>
internal ref struct WaveReader
{
    private const int Pcm = 1;
    private const int IeeeFloat = 3;
    private const int Extensible = 0xFFFE;

    /// <summary>From this size on a program did not know how much would follow, because it wrote to a pipe.</summary>
    private const uint Unknown = 0x7FFFF000;

    private readonly ReadOnlySpan<byte> bytes;
    private readonly string source;
    private int tag;
    private int channels;
    private int rate;
    private int bits;
    private int width;

    private WaveReader(ReadOnlySpan<byte> bytes, string source)
    {
        this.bytes = bytes;
        this.source = source;
    }

    public static Sound Read(ReadOnlySpan<byte> bytes, string source, int? samplingRate) =>
        new WaveReader(bytes, source).Read(samplingRate);

    private Sound Read(int? samplingRate)
    {
        if (bytes.Length < 12)
        {
            throw Fail(0, string.Create(CultureInfo.InvariantCulture, $"it has {bytes.Length} bytes, fewer than the 12 of a "
                + $"header."));
        }

        if (!bytes[..4].SequenceEqual("RIFF"u8))
        {
            throw Fail(0, bytes[..4].SequenceEqual("RIFX"u8) ? "it is a RIFX file, of numbers in the other order, which is not "
                + "read."
                : bytes[..4].SequenceEqual("RF64"u8) || bytes[..4].SequenceEqual("BW64"u8)
                    ? "it is an RF64 file, of more than 4 GiB, which is not read."
                    : $"it does not begin with RIFF, so it is no WAV file.{Other()}");
        }

        if (!bytes.Slice(8, 4).SequenceEqual("WAVE"u8))
        {
            throw Fail(8, "the file is RIFF, but not WAVE.");
        }

        int at = 12;
        while (at + 8 <= bytes.Length)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            int body = at + 8;
            long left = bytes.Length - body;
            bool isData = bytes.Slice(at, 4).SequenceEqual("data"u8);
            if (isData && size >= Unknown)
            {
                size = (uint)left;
            }

            if (size > left)
            {
                throw Fail(at + 4, string.Create(CultureInfo.InvariantCulture, $"the chunk '{Name(at)}' says that it has {size} "
                    + $"bytes, but only {left} follow. The file is cut off, or "
                        + $"broken."));
            }

            if (isData)
            {
                return Data(body, (int)size, samplingRate);
            }

            if (bytes.Slice(at, 4).SequenceEqual("fmt "u8))
            {
                Format(body, (int)size);
            }

            // Chunks begin at even places.
            long next = body + (long)size + (size & 1);
            at = (int)Math.Min(next, bytes.Length);
        }

        throw Fail(at, channels == 0 ? "the file ends without a chunk 'fmt ' and without one 'data'."
            : "the file ends without a chunk 'data': it has no samples.");
    }

    private void Format(int body, int size)
    {
        if (channels != 0)
        {
            throw Fail(body - 8, "there is a second chunk 'fmt '.");
        }

        if (size < 16)
        {
            throw Fail(body - 4, string.Create(CultureInfo.InvariantCulture, $"the chunk 'fmt ' has {size} bytes, fewer than "
                + $"16."));
        }

        tag = Word(body);
        int claimed = Word(body + 2);
        uint claimedRate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(body + 4)..]);
        int block = Word(body + 12);
        bits = Word(body + 14);
        if (tag == Extensible)
        {
            if (size < 40)
            {
                throw Fail(body - 4, string.Create(CultureInfo.InvariantCulture, $"the format is WAVE_FORMAT_EXTENSIBLE, but "
                    + $"the chunk 'fmt ' has {size} bytes, fewer than 40."));
            }

            ReadOnlySpan<byte> rest = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
            tag = bytes.Slice(body + 26, 14).SequenceEqual(rest) ? Word(body + 24) : -1;
        }

        if (tag is not (Pcm or IeeeFloat))
        {
            string what = tag switch
            {
                2 or 17 => " (ADPCM)",
                6 => " (A-law)",
                7 => " (mu-law)",
                85 => " (MP3)",
                _ => string.Empty,
            };
            string which = tag < 0 ? "that WAVE_FORMAT_EXTENSIBLE names by a GUID"
                : string.Create(CultureInfo.InvariantCulture, $"{tag}{what}");
            throw Fail(body, $"samples are of the format {which}, which is not read. Convert the file to PCM or to "
                + "floating-point numbers.");
        }

        if (claimed is 0 or > Sound.MostChannels)
        {
            throw Fail(body + 2, string.Create(CultureInfo.InvariantCulture, $"it says that it has {claimed} channels: 1 to "
                + $"{Sound.MostChannels}."));
        }

        if (claimedRate is 0 or > int.MaxValue)
        {
            throw Fail(body + 4, string.Create(CultureInfo.InvariantCulture, $"it says that a second has {claimedRate} "
                + $"samples."));
        }

        if (tag == Pcm ? bits is < 1 or > 32 : bits is not (32 or 64))
        {
            throw Fail(body + 14, string.Create(CultureInfo.InvariantCulture, $"a sample has {bits} bits: whole numbers have 1 "
                + $"to 32, floating-point numbers 32 or 64."));
        }

        width = (bits + 7) / 8;
        if (block != claimed * width)
        {
            throw Fail(body + 12, string.Create(CultureInfo.InvariantCulture, $"a sample of {claimed} channels and {bits} bits "
                + $"takes {claimed * width} bytes, but the header says {block}."));
        }

        channels = claimed;
        rate = (int)claimedRate;
    }

    private readonly Sound Data(int body, int size, int? samplingRate)
    {
        if (channels == 0)
        {
            throw Fail(body - 8, "the chunk 'data' comes before the chunk 'fmt ', which says what is in it.");
        }

        if (samplingRate is { } wanted && wanted != rate)
        {
            throw Fail(24, string.Create(CultureInfo.InvariantCulture, $"it has {rate} samples a second, but {wanted} are "
                + $"expected. Read it without samplingRate, and call "
                    + $"Resample({wanted})."));
        }

        int block = channels * width;
        int length = size / block;
        if (length == 0)
        {
            throw Fail(body - 4, string.Create(CultureInfo.InvariantCulture, $"the chunk 'data' has {size} bytes, no whole "
                + $"sample."));
        }

        if (size % block != 0)
        {
            throw Fail(body - 4, string.Create(CultureInfo.InvariantCulture, $"the chunk 'data' has {size} bytes, which are no "
                + $"whole number of samples of {block} bytes. The file is cut "
                    + $"off."));
        }

        var samples = new NDArray(length, channels);
        for (int i = 0; i < samples.Values.Length; i++)
        {
            double value = Sample(bytes.Slice(body + (i * width), width));
            samples.Values[i] = double.IsFinite(value) && Math.Abs(value) <= float.MaxValue ? (Real)value
                : throw Fail(body + (i * width), string.Create(CultureInfo.InvariantCulture, $"sample {i / channels} of channel "
                + $"{i % channels} is {value}, no finite number."));
        }

        return new(samples, rate);
    }

    private readonly double Sample(ReadOnlySpan<byte> sample) => (tag, width) switch
    {
        (IeeeFloat, 4) => BinaryPrimitives.ReadSingleLittleEndian(sample),
        (IeeeFloat, _) => BinaryPrimitives.ReadDoubleLittleEndian(sample),
        (_, 1) => (sample[0] - 128) / 128.0,
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(sample) / 32768.0,
        (_, 3) => ((sample[0] << 8) | (sample[1] << 16) | (sample[2] << 24)) / 2147483648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(sample) / 2147483648.0,
    };

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

    private readonly string Name(int at)
    {
        char[] name = new char[4];
        for (int i = 0; i < 4; i++)
        {
            name[i] = bytes[at + i] is >= 32 and < 127 ? (char)bytes[at + i] : '?';
        }

        return new(name);
    }

    private readonly WaveFormatException Fail(long offset, string problem) => new(source, offset, problem);
}
