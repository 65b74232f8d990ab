using System.Buffers.Binary;
using Recurrent.Audio;
using Recurrent.Random;

namespace Recurrent.Tests.Audio;

/// <summary>WAV files, read, written and broken.</summary>
[TestFixture]
public sealed class SoundTests
{
    private static readonly float[] Some = [0, 0.5f, -0.5f, -1, 0.25f, 0.125f];

    [Test]
    public void What_is_written_is_read_back(
        [Values] WaveEncoding encoding, [Values(1, 2, 3)] int channels)
    {
        var sound = new Sound(new NDArray([6 / channels, channels], Some), 22050);
        Sound again = Read(Bytes(sound, encoding));
        Assert.That(again.SamplingRate, Is.EqualTo(22050));
        Assert.That(again.Samples.Shape, Is.EqualTo(sound.Samples.Shape));
        Assert.That(again.Samples.Values, Is.EqualTo(Some));
        Assert.That(Bytes(again, encoding), Is.EqualTo(Bytes(sound, encoding)));
    }

    [Test]
    public void A_file_of_16_bits_is_byte_by_byte_what_it_should_be()
    {
        byte[] bytes = Bytes(new(new NDArray([2], [1, -1]), 8000), WaveEncoding.Pcm16);
        byte[] expected =
        [
            .. "RIFF"u8, 40, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0,
            .. "data"u8, 4, 0, 0, 0, 0xFF, 0x7F, 0x00, 0x80,
        ];
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [Test]
    public void Bits_between_and_chunks_between_are_read()
    {
        byte[] file =
        [
            .. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8, .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0,
            .. "fmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0, 0, 0, 0, 2, 0, 12, 0,
            .. "data"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x40, 0x00, 0xC0,
        ];
        Assert.That(Read(file).Samples.Values, Is.EqualTo(new[] { 0.5f, -0.5f }));
    }

    [Test]
    public void Files_go_to_the_disk_and_back()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-sound-{Environment.ProcessId}.wav");
        var sound = new Sound(new NDArray([3, 2], Some), 16000);
        sound.Write(path, WaveEncoding.Float32);
        Sound again = Sound.Read(path, 16000);
        Assert.That(() => Sound.Read(path, 8000), Throws.TypeOf<WaveFormatException>().With.Message.EqualTo(
            $"WAV file '{Path.GetFileName(path)}', byte 24: it has 16000 samples a second, but 8000 are expected. Read it "
                + $"without "
            + "samplingRate, and call Resample(8000)."));
        File.Delete(path);
        Assert.That(again.Samples.Values, Is.EqualTo(Some));
        Assert.That(again.Mono().Values, Is.EqualTo(new[] { 0.25f, -0.75f, 0.1875f }));
        Assert.That(again.Channel(1).Values, Is.EqualTo(new[] { 0.5f, -1, 0.125f }));
        Assert.That(again.Duration.TotalSeconds, Is.EqualTo(3 / 16000.0).Within(1e-6));
    }

    [TestCase(8000, 16000)]
    [TestCase(16000, 8000)]
    [TestCase(44100, 16000)]
    public void A_tone_at_another_rate_is_the_same_tone(int from, int to)
    {
        float[] tone = [.. Enumerable.Range(0, from / 4).Select(n => MathF.Sin(2 * MathF.PI * 440 * n / from))];
        Sound other = new Sound(tone, from).Resample(to);
        Assert.That(other.Length, Is.EqualTo(to / 4));
        for (int n = to / 50; n < (to / 4) - (to / 50); n++)
        {
            Assert.That(other.Samples.Values[n], Is.EqualTo(Math.Sin(2 * Math.PI * 440 * n / to)).Within(2e-3));
        }
    }

    [Test]
    public void What_a_lower_rate_cannot_hold_is_filtered_out()
    {
        float[] tone = [.. Enumerable.Range(0, 4000).Select(n => MathF.Sin(2 * MathF.PI * 6000 * n / 16000))];
        Assert.That(new Sound(tone, 16000).Resample(8000).Samples.Values[200..^200], Is.All.EqualTo(0).Within(2e-3));
    }

    [Test]
    public void Frames_overlap_and_are_weighed()
    {
        NDArray signal = new float[] { 1, 2, 3, 4, 5 };
        Assert.That(Sound.Frames(signal, 3, 2).Values, Is.EqualTo(new float[] { 1, 2, 3, 3, 4, 5 }));
        Assert.That(Sound.Frames(signal, 2, 3, padEnd: true, window: [1, 10]).Values, Is.EqualTo(new float[] { 1, 20, 4, 50 }));
        Assert.That(() => Sound.Frames(signal, 6, 1), Throws.ArgumentException.With.Message.StartsWith(
            "Frames: signal has 5 samples, fewer than a frame of 6: set padEnd: true."));
    }

    public static IEnumerable<TestCaseData> Broken
    {
        get
        {
            byte[] good = Bytes(new(new NDArray([4], [0, 0.5f, 0, -0.5f]), 8000), WaveEncoding.Pcm16);
            yield return Case("empty", [], 0, "it has 0 bytes, fewer than the 12 of a header.");
            yield return Case("text", [.. "hello, I am no sound"u8], 0, "it does not begin with RIFF, so it is no WAV file.");
            yield return Case("FLAC", [.. "fLaC and a lot more"u8], 0,
                "it does not begin with RIFF, so it is no WAV file. It looks like a FLAC file: convert it to WAV.");
            yield return Case("MP3", [0xFF, 0xFB, .. "0123456789"u8], 0,
                "it does not begin with RIFF, so it is no WAV file. It looks like an MP3 file: convert it to WAV.");
            yield return Case("RIFX", With(good, 0, [.. "RIFX"u8]), 0, "it is a RIFX file");
            yield return Case("AVI", With(good, 8, [.. "AVI "u8]), 8, "the file is RIFF, but not WAVE: it holds something else");
            yield return Case("no data", good[..36], 36, "the file ends without a chunk 'data': it has no samples.");
            yield return Case("no format", With(good, 12, [.. "junk"u8]), 36, "the chunk 'data' comes before the chunk 'fmt '");
            yield return Case("cut off", good[..48], 40, "the chunk 'data' says that it has 8 bytes, but only 4 follow.");
            yield return Case("long format", With(good, 16, [200, 0, 0, 0]), 16, "the chunk 'fmt ' says that it has 200 bytes, "
                + "but only");
            yield return Case("short format", [.. good[..12], .. "fmt "u8, 8, 0, 0, 0, 1, 0, 1, 0, 64, 31, 0, 0], 16,
                "the chunk 'fmt ' has 8 bytes, fewer than 16.");
            yield return Case("ADPCM", With(good, 20, [17, 0]), 20, "samples are of the format 17 (ADPCM), which is not read.");
            byte[] extensible = Bytes(new(new NDArray([2], [0, 0.5f]), 8000), WaveEncoding.Pcm24);
            yield return Case("another GUID", With(extensible, 46, [1, 2, 3]), 44,
                "samples are of the format 02010001-0003-0010-8000-00aa00389b71, which is not read.");
            yield return Case("no channels", With(good, 22, [0, 0]), 22,
                "the chunk 'fmt ' says that there are 0 channels: 1 to 1024.");
            yield return Case("many channels", With(good, 22, [255, 255]), 22,
                "the chunk 'fmt ' says that there are 65535 channels: 1 to 1024.");
            yield return Case("no rate", With(good, 24, [0, 0, 0, 0]), 24, "the chunk 'fmt ' says that a second has 0 samples");
            yield return Case("block", With(good, 32, [3, 0]), 32, "a sample of 1 channels and 16 bits takes 2 bytes, but the "
                + "chunk 'fmt ' says 3.");
            yield return Case("bits", With(good, 34, [64, 0]), 34, "the chunk 'fmt ' says that a sample has 64 bits: whole "
                + "numbers have 1 to 32");
            yield return Case("nothing in it", [.. With(good, 40, [0, 0, 0, 0])[..44]], 40, "the chunk 'data' has 0 bytes, no "
                + "whole sample: the file holds no sound.");
            yield return Case("half a sample", With(good, 40, [7, 0, 0, 0]), 40, "the chunk 'data' has 7 bytes, which are no "
                + "whole number");
            byte[] floats = Bytes(new(new NDArray([2], [0, 0.5f]), 8000), WaveEncoding.Float32);
            BinaryPrimitives.WriteSingleLittleEndian(floats.AsSpan(^4), float.NaN);
            yield return Case("NaN", floats, floats.Length - 4, "sample 1 of channel 0 is NaN, no finite number.");

            static TestCaseData Case(string name, byte[] file, int offset, string message) =>
                new TestCaseData(file, offset, message).SetName($"Broken: {name}");
        }
    }

    [TestCaseSource(nameof(Broken))]
    public void A_broken_file_is_refused_with_its_place(byte[] file, int offset, string message) => Assert.That(
        () => Read(file), Throws.TypeOf<WaveFormatException>().With.Message.StartsWith($"WAV stream, byte {offset}: {message}")
            .And.Property("Offset").EqualTo(offset));

    [Test]
    public void Whatever_the_bytes_it_is_a_sound_or_that_exception()
    {
        var random = new SeededRandom(5);
        byte[][] files = [.. Enum.GetValues<WaveEncoding>().Select(
            encoding => Bytes(new(new NDArray([2, 3], Some), 8000), encoding))];
        for (int i = 0; i < 20000; i++)
        {
            byte[] file = [.. files[i % files.Length]];
            for (int k = 0; k < 1 + (i % 4); k++)
            {
                file[(int)(random.NextUniform(0, 1) * file.Length)] = (byte)(random.NextUniform(0, 1) * 256);
            }

            file = file[..(i % 5 == 0 ? (int)(random.NextUniform(0, 1) * file.Length) : file.Length)];
            try
            {
                Assert.That(Read(file).Samples.Values, Is.All.Matches<float>(float.IsFinite));
            }
            catch (WaveFormatException)
            {
            }
        }
    }

    [Test]
    public void What_no_file_can_hold_is_refused()
    {
        var loud = new Sound(new NDArray([2, 2], [0, 0, 0, 1.5f]), 8000);
        Assert.That(() => Bytes(loud, WaveEncoding.Pcm16), Throws.ArgumentException.With.Message.StartsWith(
            "Sample 1 of channel 1 is 1.5, beyond -1 and 1. Make the sound softer, set clip: true, or write floating-point "
                + "numbers."));
        Assert.That(Read(Bytes(loud, WaveEncoding.Float64)).Samples.Values[3], Is.EqualTo(1.5f));
        using var stream = new MemoryStream();
        loud.Write(stream, WaveEncoding.Pcm32, clip: true);
        Assert.That(Read(stream.ToArray()).Samples.Values[3], Is.EqualTo(1).Within(1e-6));
        Assert.That(() => new Sound(new NDArray(2, 2, 2), 0), Throws.ArgumentException.With.Message.StartsWith(
            "Sound: samplingRate must be at least 1, but is 0; samples must have the shape (samples, channels) or (samples), "
                + "but have "
            + "(2, 2, 2)."));
    }

    private static byte[] With(byte[] file, int at, byte[] bytes)
    {
        byte[] changed = [.. file];
        bytes.CopyTo(changed, at);
        return changed;
    }

    private static Sound Read(byte[] bytes) => Sound.Read(new MemoryStream(bytes));

    private static byte[] Bytes(Sound sound, WaveEncoding encoding)
    {
        using var stream = new MemoryStream();
        sound.Write(stream, encoding);
        return stream.ToArray();
    }
}
