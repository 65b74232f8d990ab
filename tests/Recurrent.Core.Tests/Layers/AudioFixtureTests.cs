using System.Text.Json;
using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>Layers of sound beside Keras's, and beside librosa's formulas in NumPy and SciPy (tests/fixtures/audio).</summary>
[TestFixture]
public sealed class AudioFixtureTests
{
    private static readonly JsonElement All = JsonDocument.Parse(File.ReadAllBytes(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures", "audio", "audio.json"))).RootElement;

    [Test]
    public void Mel_spectrograms_are_Keras_s()
    {
        foreach ((JsonElement options, NDArray expected) in Entries("keras_mel"))
        {
            var layer = new MelSpectrogram(
                Int(options, "fft_length") ?? 2048,
                Int(options, "sequence_stride") ?? 512,
                Int(options, "sequence_length"),
                Window(options),
                Int(options, "sampling_rate") ?? 16000,
                Int(options, "num_mel_bins") ?? 128,
                Double(options, "min_freq") ?? 20,
                Double(options, "max_freq"),
                !options.TryGetProperty("power_to_db", out JsonElement db) || db.GetBoolean(),
                Double(options, "top_db") ?? 80,
                Double(options, "mag_exp") ?? 2,
                Double(options, "min_power") ?? 1e-10,
                Double(options, "ref_power") ?? 1);
            Same(layer.Call(Signal), expected, 2e-4, options);
        }
    }

    [Test]
    public void Spectrograms_by_convolution_are_Keras_s()
    {
        foreach ((JsonElement options, NDArray expected) in Entries("keras_stft"))
        {
            bool first = Text(options, "data_format") == "channels_first";
            string mode = Text(options, "mode") ?? "log";
            var layer = new STFTSpectrogram(
                mode,
                Int(options, "frame_length") ?? 256,
                Int(options, "frame_step"),
                Int(options, "fft_length"),
                Window(options),
                options.TryGetProperty("periodic", out JsonElement periodic) && periodic.GetBoolean(),
                options.TryGetProperty("scaling", out JsonElement scaling) ? scaling.GetString() : "density",
                Text(options, "padding") ?? "valid",
                options.TryGetProperty("expand_dims", out JsonElement expand) && expand.GetBoolean(),
                Text(options, "data_format"));
            NDArray x = first ? new NDArray(2, 100) : new NDArray(100, 2);
            (NDArray one, NDArray other) = (Signal, Array(All.GetProperty("other")));
            for (int n = 0; n < 100; n++)
            {
                x.Values[first ? n : 2 * n] = one.Values[n];
                x.Values[first ? 100 + n : (2 * n) + 1] = other.Values[n];
            }

            NDArray found = layer.Call(x);
            if (mode == "angle")
            {
                // π and −π are one angle, and rounding decides which.
                for (int i = 0; i < found.Size; i++)
                {
                    found.Values[i] = expected.Values[i] + (Real)Math.IEEERemainder(
                        found.Values[i] - expected.Values[i], 2 * Math.PI);
                }
            }

            Same(found, expected, mode == "angle" ? 2e-3 : 2e-5, options);
        }
    }

    [Test]
    public void Mel_spectrograms_are_librosa_s()
    {
        foreach ((JsonElement options, NDArray expected) in Entries("librosa_mel"))
        {
            var layer = new MelSpectrogram(
                Int(options, "fft_length")!.Value,
                Int(options, "stride")!.Value,
                Int(options, "length"),
                Text(options, "window")!,
                Int(options, "rate")!.Value,
                Int(options, "bands")!.Value,
                Double(options, "low")!.Value,
                Double(options, "high"),
                options.GetProperty("db").GetBoolean(),
                Double(options, "top_db"),
                Double(options, "mag_exp")!.Value,
                1e-10,
                Double(options, "ref")!.Value,
                Text(options, "kind")!,
                Text(options, "norm")!,
                Text(options, "pad_mode")!);
            Same(layer.Call(Signal), expected, 2e-4, options);
        }
    }

    [Test]
    public void Cosine_transforms_are_SciPy_s()
    {
        foreach ((JsonElement entry, NDArray expected) in Entries("mfcc"))
        {
            var layer = new MFCC(Int(entry, "num_mfcc")!.Value, Text(entry, "norm")!, Double(entry, "lifter")!.Value);
            Same(layer.Call(Array(entry.GetProperty("input"))), expected, 2e-5, entry);
        }
    }

    [Test]
    public void Changes_are_SciPy_s_derivatives()
    {
        foreach ((JsonElement entry, NDArray expected) in Entries("deltas"))
        {
            var layer = new Deltas(Int(entry, "width")!.Value, Int(entry, "order")!.Value);
            Same(layer.Call(Array(entry.GetProperty("input"))), expected, 1e-4, entry);
        }
    }

    [Test]
    public void Windows_are_SciPy_s()
    {
        foreach (JsonElement entry in All.GetProperty("windows").EnumerateArray())
        {
            AudioWindow window = Text(entry, "name")!;
            JsonElement expected = entry.GetProperty("values").GetProperty("data");
            Assert.That(
                window.Of(expected.GetArrayLength(), entry.GetProperty("periodic").GetBoolean()),
                Is.EqualTo(expected.EnumerateArray().Select(value => value.GetDouble())).Within(1e-6), entry.ToString());
        }
    }

    private static NDArray Signal => Array(All.GetProperty("signal"));

    private static IEnumerable<(JsonElement Options, NDArray Expected)> Entries(string name) =>
        All.GetProperty(name).EnumerateArray().Select(entry => (
            entry.TryGetProperty("options", out JsonElement options) ? options : entry, Array(entry.GetProperty("output"))));

    private static NDArray Array(JsonElement array) => new(
        [.. array.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
        [.. array.GetProperty("data").EnumerateArray().Select(value => (Real)value.GetDouble())]);

    private static void Same(NDArray found, NDArray expected, double tolerance, JsonElement options)
    {
        Assert.That(found.Shape, Is.EqualTo(expected.Shape), options.ToString());
        double most = Math.Max(1, expected.Values.Max(Math.Abs));
        Assert.That(found.Values, Is.EqualTo(expected.Values).Within(tolerance * most), options.ToString());
    }

    private static AudioWindow? Window(JsonElement options) => !options.TryGetProperty("window", out JsonElement window) ? "hann"
        : window.GetString() ?? "none";

    private static string? Text(JsonElement options, string name) =>
        options.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static int? Int(JsonElement options, string name) =>
        options.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    private static double? Double(JsonElement options, string name) =>
        options.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
