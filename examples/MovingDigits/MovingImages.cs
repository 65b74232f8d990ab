using Recurrent.Random;

namespace Recurrent.Examples.MovingDigits;

/// <summary>
/// Short films of a digit that moves over a dark field, one pixel a frame, in one of four directions. In every frame many pixels
/// are missing, others each time: no single frame shows the digit, and none shows where it goes.
/// </summary>
/// <param name="X">Brightness, shape (films, frames, rows, columns).</param>
/// <param name="Digit">Which digit moves, shape (films).</param>
/// <param name="Direction">Where it goes, shape (films).</param>
internal sealed record MovingImages(NDArray X, NDArray Digit, NDArray Direction)
{
    internal const int Frames = 8;
    internal const int Size = 16;

    private const double Missing = 0.4;

    internal static readonly string[] Directions = ["left", "right", "up", "down"];

    /// <summary>Number of films.</summary>
    internal int Count => X.Shape[0];

    /// <summary>One film of each image.</summary>
    internal static MovingImages Draw(Digits images, ulong key)
    {
        var random = new SeededRandom(key);
        var films = new MovingImages(new(images.Count, Frames, Size, Size), new(images.Count), new(images.Count));
        for (int film = 0; film < images.Count; film++)
        {
            int direction = random.NextInt(Directions.Length);
            int aside = random.NextInt(Size - Digits.Size + 1);
            int start = random.NextInt(Size - Digits.Size - Frames + 2);
            for (int t = 0; t < Frames; t++)
            {
                int along = start + (direction is 0 or 2 ? Frames - 1 - t : t);
                (int top, int left) = direction is 0 or 1 ? (aside, along) : (along, aside);
                AddFrame(films.X, film, t, images.Image(film), top, left, ref random);
            }

            films.Digit.Values[film] = images.Labels[film];
            films.Direction.Values[film] = direction;
        }

        return films;
    }

    private static void AddFrame(
        NDArray x, int film, int frame, ReadOnlySpan<float> image, int top, int left, ref SeededRandom random)
    {
        for (int row = 0; row < Digits.Size; row++)
        {
            for (int column = 0; column < Digits.Size; column++)
            {
                bool seen = random.NextDouble() >= Missing;
                x[film, frame, top + row, left + column] = seen ? image[(row * Digits.Size) + column] : 0;
            }
        }
    }
}
