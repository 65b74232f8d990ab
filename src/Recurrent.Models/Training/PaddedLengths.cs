namespace Recurrent.Training;

/// <summary>
/// The few lengths to which sequences are padded: as many sets of buffers serve all batches, and yet little of them is padding.
/// They follow from the lengths of the sequences alone.
/// </summary>
internal sealed class PaddedLengths
{
    /// <summary>Two such lists (of training and of validation), each with a last batch that is smaller, fit in the runner's pool
    /// of buffers.</summary>
    private const int Most = 6;

    /// <summary>More distinct lengths than so many are rounded up to eight between one power of two and the next, before any are
    /// joined.</summary>
    private const int Fine = 64;

    private readonly int[] choices;

    /// <summary>Chooses the lengths.</summary>
    /// <param name="lengths">The length of every sequence; at least 1.</param>
    public PaddedLengths(IReadOnlyCollection<int> lengths)
    {
        bool exact = lengths.Distinct().Count() <= Fine;
        var counts = new SortedDictionary<int, long>();
        foreach (int length in lengths)
        {
            int key = exact ? length : OnGrid(length);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        var kept = counts.Select(pair => (Length: pair.Key, Count: pair.Value)).ToList();
        while (kept.Count > Most)
        {
            // Join two neighbours where that adds the least padding.
            int best = 0;
            for (int i = 1; i < kept.Count - 1; i++)
            {
                best = Cost(i) < Cost(best) ? i : best;
            }

            kept[best + 1] = (kept[best + 1].Length, kept[best].Count + kept[best + 1].Count);
            kept.RemoveAt(best);
        }

        choices = [.. kept.Select(pair => pair.Length)];

        long Cost(int i) => kept[i].Count * (kept[i + 1].Length - kept[i].Length);
    }

    /// <summary>The lengths, shortest first.</summary>
    public IReadOnlyList<int> Choices => choices;

    /// <summary>The shortest of them that a sequence fits in.</summary>
    /// <param name="length">Length of the sequence.</param>
    public int RoundUp(int length) => choices[ClassOf(length)];

    /// <summary>Which of them that is.</summary>
    /// <param name="length">Length of the sequence.</param>
    public int ClassOf(int length)
    {
        int index = Array.BinarySearch(choices, length);
        return index < 0 ? ~index : index;
    }

    private static int OnGrid(int length)
    {
        int step = 1;
        while (length > 16 * step)
        {
            step *= 2;
        }

        return checked((length + step - 1) / step * step);
    }
}
