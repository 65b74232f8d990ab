using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>Filters that sum the bins of a spectrum into bands as wide as the ear hears them: triangles on the mel
/// scale.</summary>
/// <remarks>
/// <para>
/// <c>keras</c>: mel = 1127 ln(1 + f/700), the band edges evenly spaced on it, the triangles straight on it too, bin 0 left out;
/// every peak is 1. <c>htk</c>: the same scale, the triangles straight in Hz. <c>slaney</c>: mel = 3f/200 below 1000 Hz, above
/// <c>15 + 27 ln(f/1000) / ln 6.4</c>, triangles straight in Hz. These two are librosa's.
/// </para>
/// <para>
/// With <c>norm</c> <c>slaney</c> a triangle between the frequencies f and g is multiplied by <c>2 / (g − f)</c>, so that all
/// have the same area. Slaney, "Auditory Toolbox", 1998; Young et al., "The HTK Book".
/// </para>
/// </remarks>
public static class MelFilters
{
    internal static readonly IReadOnlyList<string> Kinds = ["keras", "slaney", "htk"];

    internal static readonly IReadOnlyList<string> Norms = ["none", "slaney"];

    /// <summary>The weights.</summary>
    /// <param name="kind"><c>keras</c>, <c>slaney</c> or <c>htk</c>.</param>
    /// <param name="bands">Number of bands, at least 1.</param>
    /// <param name="fftLength">Samples of the transform; the spectrum has <c>fftLength / 2 + 1</c> bins.</param>
    /// <param name="samplingRate">Samples a second.</param>
    /// <param name="minFreq">Lower edge of the lowest band, in Hz.</param>
    /// <param name="maxFreq">Upper edge of the highest band, in Hz; null is half the sampling rate.</param>
    /// <param name="norm"><c>none</c> (the default) or <c>slaney</c>.</param>
    /// <returns>Shape (bands, bins).</returns>
    /// <exception cref="ArgumentException">A number is out of range; the message lists all that are.</exception>
    public static NDArray Weights(
        string kind, int bands, int fftLength, int samplingRate, double minFreq = 0, double? maxFreq = null,
        string norm = "none")
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(norm);
        double top = maxFreq ?? (samplingRate / 2.0);
        new OptionCheck(nameof(MelFilters)).OneOf(nameof(kind), kind, [.. Kinds]).Positive(nameof(bands), bands)
            .Positive(nameof(fftLength), fftLength).Positive(nameof(samplingRate), samplingRate)
            .AtLeast(nameof(minFreq), minFreq, 0).Above(nameof(maxFreq), top, minFreq).OneOf(nameof(norm), norm, [.. Norms])
            .ThrowIfAny();
        int bins = (fftLength / 2) + 1;
        double[,] weights = Table(kind, bands, bins, fftLength, samplingRate, minFreq, top, norm);
        var array = new NDArray(bands, bins);
        for (int m = 0; m < bands; m++)
        {
            for (int k = 0; k < bins; k++)
            {
                array[m, k] = (Real)weights[m, k];
            }
        }

        return array;
    }

    /// <summary>Frequencies that are evenly spaced on the mel scale.</summary>
    /// <param name="kind"><c>keras</c>, <c>slaney</c> or <c>htk</c>; the scales of the first and the last are the same.</param>
    /// <param name="count">How many, at least 2.</param>
    /// <param name="minFreq">The first, in Hz.</param>
    /// <param name="maxFreq">The last, in Hz.</param>
    /// <exception cref="ArgumentException">A number is out of range; the message lists all that are.</exception>
    public static double[] Frequencies(string kind, int count, double minFreq, double maxFreq)
    {
        ArgumentNullException.ThrowIfNull(kind);
        new OptionCheck(nameof(MelFilters)).OneOf(nameof(kind), kind, [.. Kinds]).AtLeast(nameof(count), count, 2)
            .AtLeast(nameof(minFreq), minFreq, 0).Above(nameof(maxFreq), maxFreq, minFreq).ThrowIfAny();
        bool slaney = kind == "slaney";
        double low = ToMel(minFreq, slaney);
        double high = ToMel(maxFreq, slaney);
        double[] frequencies = new double[count];
        for (int i = 0; i < count; i++)
        {
            frequencies[i] = ToHertz(low + ((high - low) * i / (count - 1)), slaney);
        }

        return frequencies;
    }

    internal static double[,] Table(
        string kind, int bands, int bins, int fftLength, double samplingRate, double minFreq, double maxFreq, string norm)
    {
        bool slaney = kind == "slaney";
        bool straightInMel = kind == "keras";
        double[] frequencies = Frequencies(kind, bands + 2, minFreq, maxFreq);
        double[] edges = straightInMel ? Array.ConvertAll(frequencies, hertz => ToMel(hertz, slaney)) : frequencies;

        double[,] weights = new double[bands, bins];
        for (int k = straightInMel ? 1 : 0; k < bins; k++)
        {
            // Keras spreads the bins evenly up to half the rate, librosa as the transform has them: the same for even lengths.
            double hertz = straightInMel ? samplingRate / 2 * k / (bins - 1) : samplingRate * k / fftLength;
            double place = straightInMel ? ToMel(hertz, slaney) : hertz;
            for (int m = 0; m < bands; m++)
            {
                double rising = (place - edges[m]) / (edges[m + 1] - edges[m]);
                double falling = (edges[m + 2] - place) / (edges[m + 2] - edges[m + 1]);
                double scale = norm == "slaney" ? 2 / (frequencies[m + 2] - frequencies[m]) : 1;
                weights[m, k] = scale * Math.Max(0, Math.Min(rising, falling));
            }
        }

        return weights;
    }

    private static double ToMel(double hertz, bool slaney) =>
        !slaney ? 1127 * Math.Log(1 + (hertz / 700))
        : hertz < 1000 ? 3 * hertz / 200
        : 15 + (27 * Math.Log(hertz / 1000) / Math.Log(6.4));

    private static double ToHertz(double mel, bool slaney) =>
        !slaney ? 700 * (Math.Exp(mel / 1127) - 1)
        : mel < 15 ? 200 * mel / 3
        : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);
}
