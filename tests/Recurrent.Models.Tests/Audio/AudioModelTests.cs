using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Audio;

/// <summary>Models that listen: layers of sound in front of layers that learn.</summary>
[TestFixture]
[NonParallelizable]
public sealed class AudioModelTests
{
    private const int Length = 400;

    public static IEnumerable<TestCaseData> Fronts =>
    [
        new TestCaseData((Func<Layer[]>)(() => [
            new MelSpectrogram(64, 32, samplingRate: 1000, numMelBins: 8, minFreq: 0, inputShape: Length), new MFCC(6),
            new Permute([2, 1]), new Deltas(3, axis: 1)])).SetName("Mel"),
        new TestCaseData((Func<Layer[]>)(() => [
            new STFTSpectrogram(frameLength: 64, inputShape: (Length, 1))])).SetName("STFT, trained"),
        new TestCaseData((Func<Layer[]>)(() => [
            new Dense(1, inputShape: (Length, 1)), new Reshape([Length]),
            new MelSpectrogram(64, 32, samplingRate: 1000, numMelBins: 8, minFreq: 0), new Permute([2, 1])]))
            .SetName("A layer before the spectrogram"),
    ];

    [TestCaseSource(nameof(Fronts))]
    public void They_train_with_the_same_bits_on_any_number_of_threads_and_are_saved(Func<Layer[]> front)
    {
        (NDArray x, NDArray y) = Tones(front()[0] is MelSpectrogram);
        Sequential one = Model(1);
        Sequential many = Model(8);
        double[] losses = [.. one.Fit(x, y, epochs: 12, batchSize: 20, verbose: 0)["loss"]];
        many.Fit(x, y, epochs: 12, batchSize: 20, verbose: 0);
        Assert.That(losses[^1], Is.LessThan(losses[0]));
        Assert.That(many.GetWeights().SelectMany(w => w.Values), Is.EqualTo(one.GetWeights().SelectMany(w => w.Values)));
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-audio-{Environment.ProcessId}.json");
        one.Save(path);
        Sequential again = Sequential.Load(path);
        File.Delete(path);
        Assert.That(again.Predict(x).Values, Is.EqualTo(one.Predict(x).Values));
        Assert.That(Sequential.FromJson(one.ToJson()).ToJson(), Is.EqualTo(one.ToJson()));
        Assert.That(one.Predict(x.Slice(3, 4)).Values, Is.EqualTo(one.Predict(x).Slice(3, 4).Values), "alone as in a batch");

        Sequential Model(int threads)
        {
            var model = new Sequential([.. front(), new GRU(8), new Dense(2, "softmax")]) { MaxDegreeOfParallelism = threads };
            model.Compile(new Recurrent.Optimizers.Adam(0.01), "sparse_categorical_crossentropy");
            return model;
        }
    }

    /// <summary>Low and high tones.</summary>
    private static (NDArray X, NDArray Y) Tones(bool vectors)
    {
        var x = new NDArray(40, Length);
        var y = new NDArray(40);
        for (int i = 0; i < 40; i++)
        {
            y.Values[i] = i % 2;
            for (int n = 0; n < Length; n++)
            {
                x[i, n] = MathF.Sin(2 * MathF.PI * (i % 2 == 0 ? 60 + i : 200 + (3 * i)) * n / 1000) + (0.1f * MathF.Sin(n * n));
            }
        }

        return (vectors ? x : x.Reshape(40, Length, 1), y);
    }
}
