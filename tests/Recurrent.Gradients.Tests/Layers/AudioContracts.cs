using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

[TestFixture]
public sealed class MelSpectrogramContract : LayerContract<MelSpectrogramContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("of a power of two", () => new MelSpectrogram(8, 3, samplingRate: 100, numMelBins: 3, minFreq: 1), 17, Weights: 0),
        new("with a shorter window", () => new MelSpectrogram(16, 5, 8, "hamming", 100, 3, 1, 45), 23, Weights: 0),
        new("of another length", () => new MelSpectrogram(6, 2, window: "none", samplingRate: 100, numMelBins: 2), 12,
            Weights: 0),
        new("of power", () => new MelSpectrogram(8, 3, samplingRate: 100, numMelBins: 3, minFreq: 1, powerToDb: false), 17,
            Weights: 0),
        new("of magnitude", () => new MelSpectrogram(8, 3, samplingRate: 100, numMelBins: 3, minFreq: 1, magExp: 1), 17,
            Weights: 0),
        new("cut off", () => new MelSpectrogram(8, 3, samplingRate: 100, numMelBins: 3, minFreq: 1, topDb: 6), 17, Weights: 0),
        new("as librosa's", () => new MelSpectrogram(8, 3, samplingRate: 8000, numMelBins: 2, minFreq: 0, topDb: null,
            filters: "slaney", norm: "slaney", padMode: "constant"), 17, Weights: 0),
        new("by HTK", () => new MelSpectrogram(8, 3, window: new[] { 1.0, 2, 3, 4, 4, 3, 2, 1 }, samplingRate: 8000,
            numMelBins: 2,
            minPower: 1e-3, refPower: 2, filters: "htk"), 17, Weights: 0),
    ];

    [TestCase(16)]
    [TestCase(1024)]
    [TestCase(2048)]
    [TestCase(12)]
    public void It_is_what_its_formulas_say(int fftLength)
    {
        int stride = fftLength / 4;
        int samples = (3 * fftLength) + 5;
        var layer = new MelSpectrogram(fftLength, stride, fftLength - 2, samplingRate: 800, numMelBins: 4, minFreq: 5);
        Real[] x = [.. Enumerable.Range(0, samples).Select(n => (Real)Math.Sin(0.3 * n) + (0.5 * (Real)Math.Cos(1.9 * n)))];
        NDArray y = layer.Call(x);
        Assert.That(y.Shape, Is.EqualTo(new[] { 4, (samples / stride) + 1 }));
        double[,] filters = MelFilters.Table("keras", 4, (fftLength / 2) + 1, fftLength, 800, 5, 400, "none");
        double[,] expected = new double[4, y.Shape[1]];
        for (int t = 0; t < y.Shape[1]; t++)
        {
            for (int k = 0; k <= fftLength / 2; k++)
            {
                System.Numerics.Complex sum = 0;
                for (int n = 0; n < fftLength - 2; n++)
                {
                    double window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / (fftLength - 2)));
                    int place = (t * stride) + n + 1 - (fftLength / 2);
                    place = place < 0 ? -place : place >= samples ? (2 * samples) - 2 - place : place;
                    sum += window * x[place] * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * (n
                        + 1) / fftLength);
                }

                for (int m = 0; m < 4; m++)
                {
                    expected[m, t] += filters[m, k] * sum.Magnitude * sum.Magnitude;
                }
            }
        }

        double loudest = expected.Cast<double>().Max();
        for (int m = 0; m < 4; m++)
        {
            for (int t = 0; t < y.Shape[1]; t++)
            {
                double decibels = Math.Max(10 * Math.Log10(Math.Max(expected[m, t], 1e-10)), (10 * Math.Log10(loudest)) - 80);
                Assert.That(y[m, t], Is.EqualTo(decibels).Within(1e-4));
            }
        }
    }
}

[TestFixture]
public sealed class STFTSpectrogramContract : LayerContract<STFTSpectrogramContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("as it comes", () => new STFTSpectrogram(frameLength: 4), (11, 2), Weights: 2 * 4 * 3),
        .. ((string[])["magnitude", "psd", "angle", "stft"]).Select(
            mode => new LayerCase(mode, () => new STFTSpectrogram(mode, 4, 3, 8), (11, 1), Weights: 2 * 4 * 5)),
        .. ((string[])["real", "imag"]).Select(
            mode => new LayerCase(mode, () => new STFTSpectrogram(mode, 4, scaling: "spectrum"), (11, 1), Weights: 4 * 3)),
        new("same", () => new STFTSpectrogram(frameLength: 5, frameStep: 3, padding: "same", scaling: null), (10, 1),
            Weights: 2 * 5 * 5),
        new("with axes for bins and channels", () => new STFTSpectrogram("stft", 4, expandDims: true, periodic: true), (9, 2),
            Weights: 2 * 4 * 3),
        new("channels first", () => new STFTSpectrogram("psd", 4, window: "none", dataFormat: "channels_first"), (2, 9),
            Weights: 2 * 4 * 3)
        { FirstAxisMayBeUnknown = false },
        new("channels first with axes", () => new STFTSpectrogram("psd", 4, expandDims: true, dataFormat: "channels_first"), (2,
            9),
            Weights: 2 * 4 * 3)
        { FirstAxisMayBeUnknown = false },
    ];

    [Test]
    public void Bins_are_Fourier_s_under_the_window([Values("density", "spectrum", null)] string? scaling, [Values] bool periodic)
    {
        Real[] x = [.. Enumerable.Range(0, 20).Select(n => (Real)Math.Sin(0.7 * n))];
        NDArray y = new STFTSpectrogram("stft", 6, 4, 8, "hamming", periodic, scaling).Call(new NDArray([20, 1], x));
        Assert.That(y.Shape, Is.EqualTo(new[] { 4, 10 }));
        double[] window = [.. Enumerable.Range(0, 6).Select(n => 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / (periodic ? 6 : 5))))];
        double scale = scaling == "density" ? Math.Sqrt(window.Sum(w => w * w)) : scaling == "spectrum" ? window.Sum() : 1;
        for (int t = 0; t < 4; t++)
        {
            for (int k = 0; k < 5; k++)
            {
                System.Numerics.Complex sum = 0;
                for (int n = 0; n < 6; n++)
                {
                    sum += window[n] / scale * x[(4 * t) + n]
                        * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / 8);
                }

                Assert.That(y[t, k], Is.EqualTo(sum.Real).Within(1e-6));
                Assert.That(y[t, 5 + k], Is.EqualTo(sum.Imaginary).Within(1e-6));
            }
        }
    }

    [Test]
    public void Layouts_hold_the_same_numbers()
    {
        Real[] x = [.. Enumerable.Range(0, 24).Select(n => (Real)Math.Sin(0.7 * n * n))];
        NDArray last = new STFTSpectrogram("psd", 4).Call(new NDArray([12, 2], x));
        NDArray lastWide = new STFTSpectrogram("psd", 4, expandDims: true).Call(new NDArray([12, 2], x));
        Real[] turned = [.. Enumerable.Range(0, 24).Select(i => x[(i % 12 * 2) + (i / 12)])];
        NDArray first = new STFTSpectrogram("psd", 4, dataFormat: "channels_first").Call(new NDArray([2, 12], turned));
        NDArray firstWide =
            new STFTSpectrogram("psd", 4, expandDims: true, dataFormat: "channels_first").Call(new NDArray([2, 12], turned));
        Assert.That(last.Shape, Is.EqualTo(new[] { 5, 6 }));
        Assert.That(lastWide.Shape, Is.EqualTo(new[] { 5, 3, 2 }));
        Assert.That(first.Shape, Is.EqualTo(new[] { 6, 5 }));
        Assert.That(firstWide.Shape, Is.EqualTo(new[] { 2, 5, 3 }));
        for (int i = 0; i < 30; i++)
        {
            (int t, int k, int c) = (i / 6, i % 3, i / 3 % 2);
            Real expected = last[t, (c * 3) + k];
            Assert.That(lastWide[t, k, c], Is.EqualTo(expected));
            Assert.That(first[(c * 3) + k, t], Is.EqualTo(expected));
            Assert.That(firstWide[c, t, k], Is.EqualTo(expected));
        }
    }
}

[TestFixture]
public sealed class MFCCContract : LayerContract<MFCCContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("as it comes", () => new MFCC(3), (5, 4), Weights: 0) { FirstAxisMayBeUnknown = false },
        new("lifted", () => new MFCC(3, "none", 22), (5, 4), Weights: 0) { FirstAxisMayBeUnknown = false },
        new("type 1", () => new MFCC(5, dctType: 1), (5, 4), Weights: 0) { FirstAxisMayBeUnknown = false },
        new("type 3", () => new MFCC(4, "none", 6, dctType: 3), (5, 4), Weights: 0) { FirstAxisMayBeUnknown = false },
    ];
}

[TestFixture]
public sealed class DeltasContract : LayerContract<DeltasContract>, ILayerCases
{
    public static IEnumerable<LayerCase> Cases =>
    [
        new("as it comes", () => new Deltas(), (3, 11), Weights: 0),
        new("of order 2", () => new Deltas(5, 2), (3, 8), Weights: 0),
        new("along the first axis", () => new Deltas(3, axis: 1), (6, 2), Weights: 0),
        new("of one feature", () => new Deltas(3, axis: 1, mode: "nearest"), (6, 1), Weights: 0) { Batch = 1 },
        new("nearest", () => new Deltas(5, mode: "nearest"), (2, 3), Weights: 0),
    ];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Of_a_polynomial_it_is_its_derivative(int order)
    {
        // x = t^order + lower ones: the derivative of that order is order! everywhere.
        Real[] x = [.. Enumerable.Range(0, 15).Select(t => (Real)(Math.Pow(t, order) - (2 * Math.Pow(t, order - 1)) + 5))];
        NDArray y = new Deltas(7, order).Call(new NDArray([1, 15], x));
        int factorial = Enumerable.Range(1, order).Aggregate(1, (a, b) => a * b);
        Assert.That(y.Values, Is.All.EqualTo(factorial).Within(1e-3));
    }

    [Test]
    public void Of_order_1_it_is_the_regression_of_the_frames_around()
    {
        Real[] x = [1, 4, 2, 8, 5, 7, 1];
        NDArray y = new Deltas(5).Call(new NDArray([1, 7], x));
        double At(int t) => ((2 * (x[t + 2] - x[t - 2])) + (x[t + 1] - x[t - 1])) / 10.0;
        Assert.That(y.Values, Is.EqualTo(new[] { At(2), At(2), At(2), At(3), At(4), At(4), At(4) }).Within(1e-6));
    }
}
