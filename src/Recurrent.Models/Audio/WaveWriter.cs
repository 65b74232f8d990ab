using System.Buffers.Binary;
using System.Globalization;

namespace Recurrent.Audio;

/// <summary>Writes WAV files: plain PCM of up to two channels and 16 bits, WAVE_FORMAT_EXTENSIBLE beyond.</summary>
internal static class WaveWriter
{
    public static byte[] Write(Sound sound, WaveEncoding encoding, bool clip)
    {
        (int width, bool isFloat) = encoding switch
        {
            WaveEncoding.Pcm8 => (1, false),
            WaveEncoding.Pcm16 => (2, false),
            WaveEncoding.Pcm24 => (3, false),
            WaveEncoding.Pcm32 => (4, false),
            WaveEncoding.Float32 => (4, true),
            WaveEncoding.Float64 => (8, true),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "There is no such encoding."),
        };
        bool extensible = sound.Channels > 2 || (!isFloat && width > 2);
        long data = (long)sound.Samples.Size * width;
        int format = extensible ? 40 : isFloat ? 18 : 16;
        long size = 12 + 8 + format + (isFloat ? 12 : 0) + 8 + data + (data & 1);
        if (size > Array.MaxLength)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The file would have {size} bytes, more "
                + $"than fit. Write the sound in parts, or in fewer bits."), nameof(sound));
        }

        byte[] bytes = new byte[size];
        Span<byte> at = bytes;
        Chunk(ref at, "RIFF"u8, (uint)(size - 8));
        Text(ref at, "WAVE"u8);
        Chunk(ref at, "fmt "u8, (uint)format);
        Word(ref at, extensible ? 0xFFFE : isFloat ? 3 : 1);
        Word(ref at, sound.Channels);
        Long(ref at, (uint)sound.SamplingRate);
        Long(ref at, (uint)Math.Min(uint.MaxValue, (long)sound.SamplingRate * sound.Channels * width));
        Word(ref at, sound.Channels * width);
        Word(ref at, width * 8);
        if (format > 16)
        {
            Word(ref at, format - 18);
        }

        if (extensible)
        {
            Word(ref at, width * 8);
            Long(ref at, 0); // No channel has a place that is named.
            Word(ref at, isFloat ? 3 : 1);
            Text(ref at, [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }

        if (isFloat)
        {
            Chunk(ref at, "fact"u8, 4);
            Long(ref at, (uint)sound.Length);
        }

        Chunk(ref at, "data"u8, (uint)data);
        for (int i = 0; i < sound.Samples.Size; i++)
        {
            Sample(at[(i * width)..], Checked(sound, i, clip || isFloat, clip), width, isFloat);
        }

        return bytes;
    }

    private static double Checked(Sound sound, int index, bool takesAny, bool clip)
    {
        double value = sound.Samples.Values[index];
        if (Math.Abs(value) > 1 && !takesAny)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Sample {index / sound.Channels} of channel {index % sound.Channels} is {value}, beyond -1 and 1. Make "
                    + $"the sound softer, set clip: true, or write floating-point numbers."), nameof(sound));
        }

        return clip ? Math.Clamp(value, -1, 1) : value;
    }

    private static void Sample(Span<byte> bytes, double value, int width, bool isFloat)
    {
        if (isFloat)
        {
            if (width == 4)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
            }
            else
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            }

            return;
        }

        // 1 itself is one more than the largest number.
        long most = 1L << ((8 * width) - 1);
        long whole = Math.Clamp((long)Math.Round(value * most), -most, most - 1);
        whole += width == 1 ? 128 : 0;
        for (int i = 0; i < width; i++)
        {
            bytes[i] = (byte)(whole >> (8 * i));
        }
    }

    private static void Chunk(ref Span<byte> at, ReadOnlySpan<byte> name, uint size)
    {
        Text(ref at, name);
        Long(ref at, size);
    }

    private static void Text(ref Span<byte> at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(at);
        at = at[text.Length..];
    }

    private static void Word(ref Span<byte> at, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)value);
        at = at[2..];
    }

    private static void Long(ref Span<byte> at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at, value);
        at = at[4..];
    }
}
