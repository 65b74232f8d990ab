// docs/audio.md shows this file between the two lines; SoundDocsTests holds the two together.
// <example>
using Recurrent;
using Recurrent.Audio;
using Recurrent.Layers;
using Recurrent.Models;

internal static class AudioExample
{
    public static int Run(string file, NDArray signals, NDArray words)
    {
        var model = new Sequential();                               // signals: (samples of the data, 8000 samples of sound)
        model.Add(new MelSpectrogram(fftLength: 256, sequenceStride: 128, samplingRate: 8000, numMelBins: 40, inputShape: 8000));
        model.Add(new Permute([2, 1]));                             // (frames, bands): a sequence
        model.Add(new Normalization());
        model.Add(new GRU(64));
        model.Add(new Dense(10, "softmax"));
        model.Compile(optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"]);
        ((Normalization)model.Layers[2]).Adapt(new Sequential([model.Layers[0], model.Layers[1]]).Predict(signals));
        model.Fit(signals, words, epochs: 2, verbose: 0);

        Sound sound = Sound.Read(file).Resample(8000);              // any rate, any number of channels
        NDArray one = sound.Mono();                                 // (samples)
        var padded = new NDArray(1, 8000);
        one.Values.AsSpan(0, Math.Min(one.Size, 8000)).CopyTo(padded.Values);
        float[] scores = model.Predict(padded).Values;
        return Array.IndexOf(scores, scores.Max());
    }
}
// </example>
