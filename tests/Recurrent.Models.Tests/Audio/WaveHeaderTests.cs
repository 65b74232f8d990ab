using System.Buffers.Binary;
using System.Text;
using Recurrent.Audio;

namespace Recurrent.Tests.Audio;

/// <summary>Headers of WAV files as programs write them: odd chunks, unknown sizes and those of 64 bits, other codes.</summary>
[TestFixture]
public sealed class WaveHeaderTests
{
    private static readonly byte[] Mono16 = Format(1, 16);

    private static readonly byte[] Two = [0x00, 0x40, 0x00, 0xC0];

    private static readonly float[] Halves = [0.5f, -0.5f];

    public static IEnumerable<TestCaseData> Readable
    {
        get
        {
            byte[] odd = [1, 2, 3];
            yield return Case("odd chunk, filled", [.. Chunk("LIST", odd), 0, .. Mono16, .. Chunk("data", Two)]);
            yield return Case("odd chunk, not filled", [.. Chunk("LIST", odd), .. Mono16, .. Chunk("data", Two)]);
            yield return Case("odd chunk before the data, not filled", [.. Mono16, .. Chunk("LIST", odd), .. Chunk("data", Two)]);
            yield return Case("odd chunk, filled with a letter", [.. Mono16, .. Chunk("LIST", odd), 0x41, .. Chunk("data", Two)]);
            yield return Case("two odd chunks, neither filled",
                [.. Mono16, .. Chunk("LIST", odd), .. Chunk("bext", odd), .. Chunk("data", Two)]);

            // One byte further on stands a name too: the size, 100, is the letter d.
            byte[] long100 = [.. Two, .. new byte[96]];
            yield return Case("odd chunk, not filled, a size that is a letter",
                [.. Mono16, .. Chunk("LIST", odd), .. Chunk("data", long100)], [.. Halves, .. new float[48]]);
            yield return Case("zeros between chunks", [.. Mono16, .. new byte[16], .. Chunk("data", Two)]);
            yield return Case("chunks behind the data", [.. Mono16, .. Chunk("data", Two), .. Chunk("LIST", odd)]);
            yield return Case("size of all ones", [.. Mono16, .. "data"u8, 255, 255, 255, 255, .. Two]);
            yield return Case("size as sox leaves it", [.. Mono16, .. "data"u8, 0xDB, 0xFF, 0xFF, 0x7F, .. Two]);
            yield return Case("size never filled in", [.. Mono16, .. "data"u8, 0, 0, 0, 0, .. Two], riff: 0);
            yield return Case("sizes of an empty file", [.. Mono16, .. "data"u8, 0, 0, 0, 0, .. Two], riff: 36);
            yield return Case("a pipe cut within a sample", [.. Mono16, .. "data"u8, 255, 255, 255, 255, .. Two, 7]);
            yield return Case("valid bits below the width", [.. Extensible(1, 16, valid: 12), .. Chunk("data", Two)]);
            yield return Case("24 bits", [.. Format(1, 24), .. Chunk("data", [0, 0, 0x40, 0, 0, 0xC0])]);
            yield return Case("32 bits", [.. Format(1, 32), .. Chunk("data", [0, 0, 0, 0x40, 0, 0, 0, 0xC0])]);
            yield return Case("8 bits", [.. Format(1, 8), .. Chunk("data", [0xC0, 0x40])]);
            yield return Case("float32", [.. Format(3, 32), .. Chunk("data", [0, 0, 0, 0x3F, 0, 0, 0, 0xBF])]);
            yield return Case("float64, extensible", [.. Extensible(3, 64, valid: 64),
                .. Chunk("data", [0, 0, 0, 0, 0, 0, 0xE0, 0x3F, 0, 0, 0, 0, 0, 0, 0xE0, 0xBF])]);

            static TestCaseData Case(string name, byte[] chunks, float[]? expected = null, uint? riff = null) =>
                new TestCaseData(File("RIFF", chunks, riff), expected ?? Halves).SetName($"Read: {name}");
        }
    }

    [TestCaseSource(nameof(Readable))]
    public void Headers_as_programs_write_them_are_read(byte[] file, float[] expected)
    {
        Sound sound = Read(file);
        Assert.That(sound.Samples.Values, Is.EqualTo(expected));
        Assert.That(sound.SamplingRate, Is.EqualTo(8000));
    }

    // The ends and the steps of both codes, as tables of G.711 have them.
    [TestCase(7, new byte[] { 0xFF, 0x7F, 0xFE, 0xF0, 0xEF, 0x80, 0x00 }, new[] { 0, 0, 8, 120, 132, 32124, -32124 })]
    [TestCase(6, new byte[] { 0xD5, 0x55, 0xD4, 0xC5, 0xF5, 0xAA, 0x2A }, new[] { 8, -8, 24, 264, 528, 32256, -32256 })]
    public void Codes_of_telephones_are_read(int tag, byte[] codes, int[] of32768)
    {
        byte[] data = [.. Chunk("data", codes), 0];
        float[] expected = [.. of32768.Select(value => value / 32768f)];
        Assert.That(Read(File("RIFF", [.. Format(tag, 8), .. data])).Samples.Values, Is.EqualTo(expected));
        Assert.That(Read(File("RIFF", [.. Extensible(tag, 8, valid: 8), .. data])).Samples.Values, Is.EqualTo(expected));
    }

    [TestCase("RF64", 4, new byte[] { 1, 2 }, 2)]
    [TestCase("BW64", 4, new byte[] { 1, 2 }, 2)]
    [TestCase("RF64", 0, new byte[0], 2)]
    [TestCase("RF64", -1, new byte[0], 2)]
    public void Files_whose_sizes_have_64_bits_are_read(string kind, long size, byte[] behind, int samples)
    {
        byte[] file = File(kind, [.. Wide(size), .. Mono16, .. "data"u8, 255, 255, 255, 255, .. Two, .. behind], uint.MaxValue);
        Assert.That(Read(file).Samples.Values, Is.EqualTo(Halves[..samples]));
    }

    [Test]
    public void The_chunk_that_is_wrong_is_named()
    {
        // The list says five bytes and has eight: behind five of them stand no letters.
        byte[] list = [.. "LIST"u8, 5, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        Refused(File("RIFF", [.. Mono16, .. list, .. Chunk("data", Two)]), 40,
            "the chunk 'LIST' says that it has 5 bytes, but no name of a chunk stands behind them. The file is broken. Fetch it "
            + "again, or let sox or ffmpeg write it anew.");
        Refused(File("RIFF", [.. Mono16, .. Chunk("data", [])]), 40, "the chunk 'data' has 0 bytes, no whole sample: ");
        Refused(File("RIFF", [.. Mono16, .. Chunk("data", []), .. Chunk("LIST", [1, 2])]), 40, "the chunk 'data' has 0 bytes");
        Refused(File("RF64", [.. Wide(400), .. Mono16, .. "data"u8, 255, 255, 255, 255, .. Two]), 76,
            "the chunk 'data' says that it has 400 bytes, but only 4 follow.");
        Refused(File("RF64", [.. Chunk("ds64", new byte[24]), .. Mono16]), 16, "the chunk 'ds64' has 24 bytes, fewer than 28.");
        Refused(File("RIFF", [.. Format(7, 16), .. Chunk("data", Two)]), 34,
            "the chunk 'fmt ' says that a sample has 16 bits: those of A-law and mu-law have 8.");
        Refused(File("RIFF", [.. Mono16, .. Mono16]), 36, "there is a second chunk 'fmt '.");
        Refused(File("RIFF", [.. Chunk("fmt ", [.. Extensible(1, 16, 16)[8..28]]), .. Chunk("data", Two)]), 16,
            "the format is WAVE_FORMAT_EXTENSIBLE, but the chunk 'fmt ' has 20 bytes, fewer than 40.");
    }

    [Test]
    public void Another_rate_is_named_where_it_stands()
    {
        byte[] file = File("RIFF", [.. Chunk("LIST", [1, 2]), .. Mono16, .. Chunk("data", Two)]);
        Assert.That(() => Sound.Read(new MemoryStream(file), 16000), Throws.TypeOf<WaveFormatException>()
            .With.Message.StartsWith("WAV stream, byte 34: it has 8000 samples a second, but 16000 are expected."));
    }

    private static void Refused(byte[] file, int offset, string message) => Assert.That(
        () => Read(file), Throws.TypeOf<WaveFormatException>().With.Message.StartsWith($"WAV stream, byte {offset}: {message}"));

    private static byte[] File(string kind, byte[] chunks, uint? size = null)
    {
        byte[] file = [.. Encoding.ASCII.GetBytes(kind), 0, 0, 0, 0, .. "WAVE"u8, .. chunks];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), size ?? (uint)(file.Length - 8));
        return file;
    }

    /// <summary>A chunk without the byte that fills an odd one.</summary>
    private static byte[] Chunk(string name, byte[] body) =>
        [.. Encoding.ASCII.GetBytes(name), (byte)body.Length, 0, 0, 0, .. body];

    private static byte[] Format(int tag, int bits) => Chunk("fmt ", Fields(tag, bits));

    private static byte[] Extensible(int tag, int bits, int valid) => Chunk("fmt ",
    [
        .. Fields(0xFFFE, bits), 22, 0, (byte)valid, 0, 0, 0, 0, 0,
        (byte)tag, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71,
    ]);

    private static byte[] Fields(int tag, int bits) =>
        [(byte)tag, (byte)(tag >> 8), 1, 0, 0x40, 0x1F, 0, 0, 0, 0, 0, 0, (byte)(bits / 8), 0, (byte)bits, 0];

    private static byte[] Wide(long size)
    {
        byte[] body = new byte[28];
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), size);
        return Chunk("ds64", body);
    }

    private static Sound Read(byte[] bytes) => Sound.Read(new MemoryStream(bytes));
}
