using System.Numerics.Tensors;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Examples.MovingDigits;

/// <summary>A network that watches a film and says which digit it was and where it went: two outputs.</summary>
internal sealed class FilmReader
{
    private const int BatchSize = 32;
    private readonly Model model;
    private readonly int seed;

    /// <summary>Creates the network.</summary>
    /// <param name="convolution">Whether frames are looked at through windows that slide over their rows, or as so many
    /// numbers.</param>
    /// <param name="memory">Whether a GRU reads the frames in their order, or their mean is taken.</param>
    /// <param name="units">Units of a frame's description and of the GRU.</param>
    /// <param name="seed">Where all randomness comes from.</param>
    internal FilmReader(bool convolution, bool memory, int units, int seed)
    {
        this.seed = seed;
        var frame = new Sequential(name: "frame");
        if (convolution)
        {
            // The pixels of a frame, row after row, are one sequence. A window of three along it looks at neighbours in a row;
            // one that is dilated by the length of a row looks at the pixels above and below. One after the other see a square.
            const int Pixels = MovingImages.Size * MovingImages.Size;
            frame.Add(new Reshape([Pixels, 1], inputShape: (MovingImages.Size, MovingImages.Size)));
            AddSquares(frame, MovingImages.Size, channels: 8);
            AddSquares(frame, MovingImages.Size / 2, channels: 16);
            frame.Add(new Flatten());
        }
        else
        {
            frame.Add(new Flatten(inputShape: (MovingImages.Size, MovingImages.Size)));
        }

        frame.Add(new Dense(units, "relu"));
        var film = new Input((MovingImages.Frames, MovingImages.Size, MovingImages.Size), name: "film");
        Symbol frames = new TimeDistributed(frame).Call(film);
        Symbol read = memory ? new GRU(units, returnSequences: true).Call(frames) : frames;
        Symbol seen = new GlobalAveragePooling1D().Call(read);
        seen = new Dropout(0.3).Call(seen);
        Symbol digit = new Dense(Digits.Classes, "softmax", name: "digit").Call(seen);
        Symbol direction = new Dense(MovingImages.Directions.Length, "softmax", name: "direction").Call(seen);
        model = new Model(film, [digit, direction], seed: seed);
    }

    /// <summary>Number of weights.</summary>
    internal long Weights => model.ParameterCount;

    /// <summary>Trains on films that are drawn afresh in every epoch.</summary>
    internal void Train(Digits images, int epochs)
    {
        int updates = epochs * ((images.Count + BatchSize - 1) / BatchSize);
        model.Compile(
            new Adam(new CosineDecay(0.003, updates), globalClipNorm: 1),
            ["sparse_categorical_crossentropy", "sparse_categorical_crossentropy"]);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            MovingImages films = MovingImages.Draw(images, SeededRandom.Key(SeededRandom.Key((ulong)seed, 1), (ulong)epoch));
            model.Fit(films.X, [films.Digit, films.Direction], 1, BatchSize, verbose: Verbosity.Silent);
        }
    }

    /// <summary>The shares of films whose digit and whose direction it says.</summary>
    internal (double Digit, double Direction) Accuracy(MovingImages films)
    {
        IReadOnlyList<NDArray> said = model.PredictAll(films.X);
        return (Share(said[0], films.Digit), Share(said[1], films.Direction));
    }

    /// <summary>Looks at squares of 3 × 3 pixels of an image of some width, and halves it in both directions.</summary>
    private static void AddSquares(Sequential frame, int width, int channels)
    {
        frame.Add(new Conv1D(channels, 3, padding: "same", activation: "relu"));
        frame.Add(new Conv1D(channels, 3, padding: "same", dilationRate: width, activation: "relu"));
        frame.Add(new MaxPooling1D(2));
        frame.Add(new Reshape([width, width / 2 * channels]));
        frame.Add(new MaxPooling1D(2));
        frame.Add(new Reshape([width * width / 4, channels]));
    }

    private static double Share(NDArray probabilities, NDArray truth)
    {
        int classes = probabilities.Shape[1];
        return Enumerable.Range(0, truth.Size).Average(i =>
            TensorPrimitives.IndexOfMax(probabilities.Values.AsSpan(i * classes, classes)) == (int)truth.Values[i] ? 1.0 : 0.0);
    }
}
