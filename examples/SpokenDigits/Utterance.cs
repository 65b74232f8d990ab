using Recurrent.Layers;
using Recurrent.Random;

namespace Recurrent.Examples.SpokenDigits;

/// <summary>Digits that one speaker says, one after the other.</summary>
/// <param name="Samples">What is heard.</param>
/// <param name="Digits">What is said.</param>
internal sealed record Utterance(float[] Samples, int[] Digits)
{
    private static readonly MelSpectrogram Spectrogram = new(
        fftLength: 256, sequenceStride: 128, samplingRate: FormantVoice.Rate, numMelBins: 26, minFreq: 80, topDb: 60);

    private static readonly MFCC Cepstrum = new(13);
    private static readonly Deltas Changes = new(5, mode: "nearest");

    /// <summary>Draws speaker, digits and pauses.</summary>
    internal static Utterance Draw(Speaker[] speakers, ref SeededRandom random, int least, int most)
    {
        Speaker speaker = speakers[random.NextInt(speakers.Length)];
        int[] digits = new int[least + random.NextInt(most - least + 1)];
        var samples = new List<float>();
        Silence(samples, ref random);
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = random.NextInt(10);
            IReadOnlyList<float[]> takes = speaker.Recordings[digits[i]];
            samples.AddRange(takes[random.NextInt(takes.Count)]);
            Silence(samples, ref random);
        }

        for (int n = 0; n < samples.Count; n++)
        {
            samples[n] += (float)(0.003 * random.NextNormal());
        }

        return new([.. samples], digits);
    }

    /// <summary>One recording alone.</summary>
    internal static Utterance Of(float[] recording, int digit) =>
        new([.. new float[400], .. recording, .. new float[400]], [digit]);

    /// <summary>Cepstral coefficients and their changes, frame by frame, (frames, 26); each has mean 0 and variance 1 over the
    /// utterance, which takes out what belongs to the voice and the room.</summary>
    internal NDArray Features()
    {
        NDArray cepstrum = Cepstrum.Call(Spectrogram.Call(Samples));
        NDArray changes = Changes.Call(cepstrum);
        int frames = cepstrum.Shape[1];
        var features = new NDArray(frames, 26);
        for (int k = 0; k < 26; k++)
        {
            float[] row = [.. Enumerable.Range(0, frames).Select(t => k < 13 ? cepstrum[k, t] : changes[k - 13, t])];
            float mean = row.Average();
            float deviation = MathF.Sqrt(row.Average(value => (value - mean) * (value - mean))) + 1e-3f;
            for (int t = 0; t < frames; t++)
            {
                features[t, k] = (row[t] - mean) / deviation;
            }
        }

        return features;
    }

    private static void Silence(List<float> samples, ref SeededRandom random) =>
        samples.AddRange(new float[200 + random.NextInt(800)]);
}
