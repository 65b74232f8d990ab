using Recurrent.Random;

namespace Recurrent.Examples.Transfer;

/// <summary>A few images with their labels, the same number of each digit.</summary>
/// <param name="X">The images as sequences of rows.</param>
/// <param name="Y">The labels.</param>
internal sealed record LabelledImages(NDArray X, NDArray Y)
{
    /// <summary>Chooses at random.</summary>
    /// <param name="digits">All images.</param>
    /// <param name="each">How many of each digit.</param>
    /// <param name="key">Which ones.</param>
    internal static LabelledImages Few(Digits digits, int each, ulong key)
    {
        var random = new SeededRandom(key);
        var chosen = new List<int>();
        for (int digit = 0; digit < Digits.Classes; digit++)
        {
            int[] images = [.. Enumerable.Range(0, digits.Count).Where(i => digits.Labels[i] == digit)];
            random.Shuffle(images.AsSpan());
            chosen.AddRange(images.Take(each));
        }

        return new(
            NDArray.Stack([.. chosen.Select(i => digits.X[i])]),
            chosen.Select(i => digits.Labels[i]).ToArray());
    }
}
