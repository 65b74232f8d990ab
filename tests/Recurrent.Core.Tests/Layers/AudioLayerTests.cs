using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>Layers of sound against numbers that are published, and what they refuse.</summary>
[TestFixture]
public sealed class AudioLayerTests
{
    [Test]
    public void Slaney_s_scale_is_librosa_s()
    {
        // librosa's documentation of mel_frequencies, n_mels=40 up to 11025 Hz.
        double[] expected =
        [
            0, 85.317, 170.635, 255.952, 341.269, 426.586, 511.904, 597.221, 682.538, 767.855, 853.173, 938.49, 1024.856,
                1119.114,
            1222.042, 1334.436, 1457.167, 1591.187, 1737.532, 1897.337, 2071.84, 2262.393, 2470.47, 2697.686, 2945.799, 3216.731,
            3512.582, 3835.643, 4188.417, 4573.636, 4994.285, 5453.621, 5955.205, 6502.92, 7101.009, 7754.107, 8467.272, 9246.028,
            10096.408, 11025,
        ];
        Assert.That(MelFilters.Frequencies("slaney", 40, 0, 11025), Is.EqualTo(expected).Within(6e-4));
    }

    [Test]
    public void Slaney_s_filters_have_equal_areas_and_HTK_s_equal_peaks()
    {
        NDArray slaney = MelFilters.Weights("slaney", 20, 4096, 16000, norm: "slaney");
        NDArray htk = MelFilters.Weights("htk", 20, 4096, 16000);
        for (int m = 0; m < 20; m++)
        {
            double area = Enumerable.Range(0, 2049).Sum(k => slaney[m, k] * (16000.0 / 4096));
            double peak = Enumerable.Range(0, 2049).Max(k => htk[m, k]);
            Assert.That(area, Is.EqualTo(1).Within(0.01));
            Assert.That(peak, Is.EqualTo(1).Within(0.06));
        }

        // The first filter of librosa.filters.mel(sr=22050, n_fft=2048) begins 0, 0.016, as its documentation shows.
        NDArray first = MelFilters.Weights("slaney", 128, 2048, 22050, norm: "slaney");
        Assert.That(first[0, 0], Is.Zero);
        Assert.That(first[0, 1], Is.EqualTo(0.016).Within(5e-4));
    }

    [Test]
    public void Keras_s_shapes_are_as_its_documentation_says()
    {
        Assert.That(new MelSpectrogram(2048, 256, samplingRate: 8000, numMelBins: 64).ComputeOutputShape(16000),
            Is.EqualTo((Shape)(64, 63)));
        Assert.That(new MelSpectrogram(2048, 128, samplingRate: 8000, numMelBins: 80).ComputeOutputShape(16000),
            Is.EqualTo((Shape)(80, 126)));
        Assert.That(new STFTSpectrogram("log", 256, 128, 512, padding: "same", expandDims: true).ComputeOutputShape((160000, 3)),
            Is.EqualTo(new Shape(1250, 257, 3)));
        Assert.That(new STFTSpectrogram("log", 256, 128, 512, padding: "same").ComputeOutputShape((null, 1)),
            Is.EqualTo(new Shape(null, 257)));
    }

    [Test]
    public void A_cosine_transform_of_a_constant_is_its_first_coefficient()
    {
        NDArray flat = new([4, 2], [1, 2, 1, 2, 1, 2, 1, 2]);
        Assert.That(new MFCC(3).Call(flat).Values, Is.EqualTo(new float[] { 2, 4, 0, 0, 0, 0 }).Within(1e-6));
        Assert.That(new MFCC(1, "none").Call(flat).Values, Is.EqualTo(new float[] { 8, 16 }).Within(1e-6));
        Assert.That(new MFCC(1, lifter: 2).Call(flat).Values, Is.EqualTo(new float[] { 4, 8 }).Within(1e-6));
    }

    // SciPy's formulas, summed term by term for x = 1, 2, 4: cosines of multiples of 30 degrees.
    [TestCase(1, "none", new[] { 9.0, -3, 1 })]
    [TestCase(1, "ortho", new[] { 3.9142136, -2.1213203, 1.0857864 })]
    [TestCase(2, "none", new[] { 14, -5.1961524, 1 })]
    [TestCase(2, "ortho", new[] { 4.0414519, -2.1213203, 0.4082483 })]
    [TestCase(3, "none", new[] { 8.4641016, -7, 1.5358984 })]
    [TestCase(3, "ortho", new[] { 3.624557, -2.6886361, 0.7961299 })]
    public void Cosine_transforms_of_each_type(int type, string norm, double[] expected) => Assert.That(
        new MFCC(3, norm, dctType: type).Call(new NDArray([3, 1], [1, 2, 4])).Values, Is.EqualTo(expected).Within(1e-5));

    [Test]
    public void Transforms_with_norm_ortho_turn_and_keep_lengths([Values(1, 2, 3)] int type)
    {
        const int bands = 7;
        NDArray identity = new(bands, bands);
        for (int i = 0; i < bands; i++)
        {
            identity[i, i] = 1;
        }

        NDArray transform = new MFCC(bands, dctType: type).Call(identity);
        for (int i = 0; i < bands; i++)
        {
            for (int j = 0; j < bands; j++)
            {
                double product = Enumerable.Range(0, bands).Sum(c => (double)transform[c, i] * transform[c, j]);
                Assert.That(product, Is.EqualTo(i == j ? 1 : 0).Within(1e-6), $"{i}, {j}");
            }
        }
    }

    [Test]
    public void A_lifter_weighs_the_coefficients_of_every_type([Values(1, 2, 3)] int type)
    {
        NDArray x = new([5, 1], [3, 1, 4, 1, 5]);
        float[] plain = new MFCC(4, "none", dctType: type).Call(x).Values;
        float[] lifted = new MFCC(4, "none", lifter: 6, dctType: type).Call(x).Values;
        double[] weights = [2.5, 1 + (1.5 * Math.Sqrt(3)), 4, 1 + (1.5 * Math.Sqrt(3))];
        Assert.That(lifted, Is.EqualTo(plain.Zip(weights, (value, weight) => value * weight)).Within(1e-4));
    }

    [Test]
    public void Silence_is_the_least_there_is() => Assert.That(
        new MelSpectrogram(64, 16, samplingRate: 800, numMelBins: 4).Call(new NDArray(200)).Values, Is.All.EqualTo(-100)
            .Within(1e-4));

    // The first halves of windows of six samples, symmetric, and of seven, periodic, of SciPy's get_window.
    [TestCase("hann", new[] { 0.0, 0.345491503, 0.904508497 }, new[] { 0.0, 0.188255099, 0.611260467, 0.950484434 })]
    [TestCase("hamming", new[] { 0.08, 0.397852183, 0.912147817 }, new[] { 0.08, 0.253194691, 0.64235963, 0.954445679 })]
    [TestCase("blackman", new[] { 0.0, 0.200770143, 0.849229857 }, new[] { 0.0, 0.090453424, 0.459182958, 0.920363618 })]
    [TestCase("nuttall", new[] { 0.0003628, 0.110515253, 0.798258097 },
        new[] { 0.0003628, 0.037775769, 0.34272762, 0.891851861 })]
    [TestCase("blackmanharris", new[] { 6e-05, 0.103011489, 0.793833511 },
        new[] { 6e-05, 0.033391723, 0.332833504, 0.889369772 })]
    [TestCase("flattop", new[] { -0.000421051, -0.067714252, 0.606872153 },
        new[] { -0.000421051, -0.036840781, 0.010703717, 0.780873915 })]
    [TestCase("boxcar", new[] { 1.0, 1.0, 1.0 }, new[] { 1.0, 1.0, 1.0, 1.0 })]
    [TestCase("bartlett", new[] { 0.0, 0.4, 0.8 }, new[] { 0.0, 0.285714286, 0.571428571, 0.857142857 })]
    [TestCase("triang", new[] { 0.166666667, 0.5, 0.833333333 }, new[] { 0.125, 0.375, 0.625, 0.875 })]
    [TestCase("barthann", new[] { 0.0, 0.358573542, 0.879426458 }, new[] { 0.0, 0.211645304, 0.601700812, 0.928082456 })]
    [TestCase("bohman", new[] { 0.0, 0.179123894, 0.834311452 }, new[] { 0.0, 0.070724747, 0.437484012, 0.910368513 })]
    [TestCase("cosine", new[] { 0.258819045, 0.707106781, 0.965925826 },
        new[] { 0.195090322, 0.555570233, 0.831469612, 0.98078528 })]
    [TestCase("exponential", new[] { 0.082084999, 0.22313016, 0.60653066 },
        new[] { 0.030197383, 0.082084999, 0.22313016, 0.60653066 })]
    [TestCase("lanczos", new[] { 0.0, 0.504551152, 0.935489284 }, new[] { 0.0, 0.348410566, 0.72410145, 0.966766385 })]
    [TestCase("parzen", new[] { 0.009259259, 0.25, 0.861111111 }, new[] { 0.00390625, 0.10546875, 0.47265625, 0.91796875 })]
    [TestCase("taylor", new[] { 0.306346927, 0.662064779, 0.957002127 },
        new[] { 0.2793463, 0.514959898, 0.797301528, 0.975610718 })]
    [TestCase("tukey", new[] { 0.0, 0.904508497, 1.0 }, new[] { 0.0, 0.611260467, 1.0, 1.0 })]
    public void Windows_are_SciPy_s(string name, double[] symmetric, double[] periodic)
    {
        AudioWindow window = name;
        Assert.That(window.Of(6, periodic: false), Is.EqualTo(symmetric.Concat(symmetric.Reverse())).Within(1e-8));
        Assert.That(window.Of(7, periodic: true), Is.EqualTo(periodic.Concat(periodic.Skip(1).Reverse())).Within(1e-8));
        Assert.That(window.Of(1, periodic: true), Is.EqualTo([1.0]));
        Assert.That(window.Of(2, periodic: false), Has.All.Matches<double>(double.IsFinite));
    }

    public static IEnumerable<TestCaseData> Refused =>
    [
        new((Action)(() => _ = new MelSpectrogram(256, 0, 512, minFreq: -1, maxFreq: 9000, topDb: -1, filters: "mel")),
            "MelSpectrogram: sequenceStride must be at least 1, but is 0; sequenceLength 512 must not be above fftLength 256; "
                + "minFreq "
            + "must be a finite number of at least 0, but is -1; maxFreq 9000 must not be above half the samplingRate, 8000; "
            + "topDb must "
            + "be a finite number above 0, but is -1; filters must be 'keras' or 'slaney' or 'htk', but is 'mel'."),
        new((Action)(() => _ = new MelSpectrogram(window: "gauss")), "There is no window 'gauss'. Use hann, hamming, "),
        new((Action)(() => _ = new MelSpectrogram(64, window: new float[3])),
            "MelSpectrogram: window has 3 numbers, but a frame has 64 samples."),
        new((Action)(() => new MelSpectrogram(64).ComputeOutputShape((100, 2))),
            "MelSpectrogram expects input of rank 2 (batch, samples) with a known number of samples, but gets (batch, 100, 2)."),
        new((Action)(() => new MelSpectrogram(64).ComputeOutputShape(32)),
            "MelSpectrogram expects signals of at least 33 samples, but gets (batch, 32)."),
        new((Action)(() => _ = new STFTSpectrogram("power", 16, 17, 8, scaling: "x", padding: "causal", dataFormat: "first")),
            "STFTSpectrogram: mode must be 'log' or 'magnitude' or 'psd' or 'real' or 'imag' or 'angle' or 'stft', but is "
                + "'power'; "
            + "frameStep must be 1 to frameLength (16), but is 17; fftLength must be frameLength (16) to 1048576, but is 8; "
            + "scaling "
            + "must be 'density' or 'spectrum', but is 'x'; padding must be 'valid' or 'same', but is 'causal'; dataFormat must "
            + "be "
            + "'channels_last' or 'channels_first', but is 'first'."),
        new((Action)(() => new STFTSpectrogram().ComputeOutputShape((100, 1))),
            "STFTSpectrogram expects signals of at least 256 samples, but gets (batch, 100, 1)."),
        new((Action)(() => new STFTSpectrogram().ComputeOutputShape(1000)),
            "STFTSpectrogram expects input of rank 3 (batch, samples, channels) with a known number of channels, but gets "
                + "(batch, "),
        new((Action)(() => new MFCC(13).ComputeOutputShape((12, 40))),
            "MFCC expects input of rank 3 (batch, bands, frames) with at least 13 bands, but gets (batch, 12, 40)."),
        new((Action)(() => new MFCC(1, dctType: 1).ComputeOutputShape((1, 40))),
            "MFCC expects input of rank 3 (batch, bands, frames) with at least 2 bands, but gets (batch, 1, 40)."),
        new((Action)(() => _ = new MFCC(dctType: 4)), "MFCC: dctType must be 1, 2 or 3, but is 4."),
        new((Action)(() => _ = new Deltas(4, 4, 3)),
            "Deltas: width must be odd and 3 to 9999, but is 4; order must be below width (4) "
            + "and at most 20, but is 4; axis must be -1, 1 or 2, but is 3."),
        new((Action)(() => new Deltas().ComputeOutputShape((12, 8))),
            "Deltas expects input of rank 3 with at least 9 frames along axis 2, but gets (batch, 12, 8)."),
        new((Action)(() => new MelSpectrogram().Call(new NDArray(2, 2, 2))),
            "MelSpectrogram is called on a sample of 1 axis, or on a batch of them, but this array has shape (2, 2, 2)."),
    ];

    [TestCaseSource(nameof(Refused))]
    public void What_cannot_be_is_refused(Action action, string message) =>
        Assert.That(() => action(), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
}
