using System.Buffers.Binary;

namespace Recurrent.Audio;

/// <content>What the chunk 'fmt ' says of the samples, and the samples.</content>
internal ref partial struct WaveReader
{
    private const int Pcm = 1;
    private const int IeeeFloat = 3;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Extensible = 0xFFFE;

    private void ReadFormat(int body, int size)
    {
        if (channels != 0)
        {
            throw Fail(body - 8, $"there is a second chunk 'fmt '. {Repair}");
        }

        if (size < 16)
        {
            throw Fail(body - 4, FormattableString.Invariant($"the chunk 'fmt ' has {size} bytes, fewer than 16. {Repair}"));
        }

        tag = TagOf(body, size);
        channels = Word(body + 2);
        if (channels is 0 or > Sound.MostChannels)
        {
            throw Fail(body + 2, FormattableString.Invariant(
                $"the chunk 'fmt ' says that there are {channels} channels: 1 to {Sound.MostChannels}. {Repair}"));
        }

        uint claimedRate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(body + 4)..]);
        if (claimedRate is 0 or > int.MaxValue)
        {
            throw Fail(body + 4, FormattableString.Invariant(
                $"the chunk 'fmt ' says that a second has {claimedRate} samples: 1 to {int.MaxValue}. {Repair}"));
        }

        rate = (int)claimedRate;
        rateAt = body + 4;
        int bits = Word(body + 14);
        RequireBits(body, bits);
        width = (bits + 7) / 8;
        block = Word(body + 12);
        if (block != channels * width)
        {
            throw Fail(body + 12, FormattableString.Invariant(
                $"a sample of {channels} channels and {bits} bits takes {channels * width} bytes, but the chunk 'fmt ' says ")
                + FormattableString.Invariant($"{block}. {Repair}"));
        }
    }

    private readonly int TagOf(int body, int size)
    {
        int code = Word(body);
        if (code == Extensible)
        {
            if (size < 40)
            {
                throw Fail(body - 4, FormattableString.Invariant(
                    $"the format is WAVE_FORMAT_EXTENSIBLE, but the chunk 'fmt ' has {size} bytes, fewer than 40. {Repair}"));
            }

            ReadOnlySpan<byte> rest = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
            code = bytes.Slice(body + 26, 14).SequenceEqual(rest) ? Word(body + 24) : throw Fail(body + 24,
                $"samples are of the format {new Guid(bytes.Slice(body + 24, 16)):D}, which is not read. Convert the file to PCM "
                + "or to floating-point numbers.");
        }

        string kind = code switch
        {
            2 or 17 => " (ADPCM)",
            49 => " (GSM)",
            80 => " (MPEG)",
            85 => " (MP3)",
            _ => string.Empty,
        };
        return code is Pcm or IeeeFloat or ALaw or MuLaw ? code : throw Fail(body, FormattableString.Invariant(
            $"samples are of the format {code}{kind}, which is not read. Convert the file to PCM or to floating-point numbers."));
    }

    private readonly void RequireBits(int body, int bits)
    {
        (bool isRight, string expected) = tag switch
        {
            Pcm => (bits is >= 1 and <= 32, "whole numbers have 1 to 32"),
            IeeeFloat => (bits is 32 or 64, "floating-point numbers have 32 or 64"),
            _ => (bits == 8, "those of A-law and mu-law have 8"),
        };
        if (!isRight)
        {
            throw Fail(body + 14, FormattableString.Invariant(
                $"the chunk 'fmt ' says that a sample has {bits} bits: {expected}. {Repair}"));
        }
    }

    private readonly Sound Samples(int body, int size, int? samplingRate)
    {
        if (samplingRate is { } wanted && wanted != rate)
        {
            throw Fail(rateAt, FormattableString.Invariant(
                $"it has {rate} samples a second, but {wanted} are expected. Read it without samplingRate, and call ")
                + FormattableString.Invariant($"Resample({wanted})."));
        }

        int length = size / block;
        if (length == 0)
        {
            throw Fail(body - 4, FormattableString.Invariant(
                $"the chunk 'data' has {size} bytes, no whole sample: the file holds no sound."));
        }

        if (size % block != 0)
        {
            throw Fail(body - 4, FormattableString.Invariant(
                $"the chunk 'data' has {size} bytes, which are no whole number of samples of {block} bytes. The file is cut ")
                + $"off. {Repair}");
        }

        var samples = new NDArray(length, channels);
        for (int i = 0; i < samples.Values.Length; i++)
        {
            double value = Sample(bytes.Slice(body + (i * width), width));
            samples.Values[i] = double.IsFinite(value) && Math.Abs(value) <= float.MaxValue ? (Real)value
                : throw Fail(body + (i * width), FormattableString.Invariant(
                    $"sample {i / channels} of channel {i % channels} is {value}, no finite number."));
        }

        return new(samples, rate);
    }

    private readonly double Sample(ReadOnlySpan<byte> sample) => (tag, width) switch
    {
        (IeeeFloat, 4) => BinaryPrimitives.ReadSingleLittleEndian(sample),
        (IeeeFloat, _) => BinaryPrimitives.ReadDoubleLittleEndian(sample),
        (ALaw, _) => G711.ALaw(sample[0]),
        (MuLaw, _) => G711.MuLaw(sample[0]),
        (_, 1) => (sample[0] - 128) / 128.0,
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(sample) / 32768.0,
        (_, 3) => ((sample[0] << 8) | (sample[1] << 16) | (sample[2] << 24)) / 2147483648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(sample) / 2147483648.0,
    };
}
