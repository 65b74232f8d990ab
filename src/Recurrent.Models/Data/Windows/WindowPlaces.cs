namespace Recurrent.Data;

/// <summary>Where windows begin: in which series, at which step. Windows of a series follow one another, series after
/// series.</summary>
internal sealed class WindowPlaces
{
    private readonly int[] firsts;
    private readonly int[] strides;

    // For each series how many windows it and those before it hold.
    private readonly int[] ends;

    /// <summary>Lays windows.</summary>
    /// <param name="series">For each series where its first window begins, from there to the next one, and how many there
    /// are.</param>
    /// <exception cref="OverflowException">There are more windows than an int can count.</exception>
    internal WindowPlaces(params IReadOnlyList<(int First, int Stride, int Count)> series)
    {
        firsts = [.. series.Select(own => own.First)];
        strides = [.. series.Select(own => own.Stride)];
        ends = new int[series.Count];
        int sum = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            sum = checked(sum + series[i].Count);
            ends[i] = sum;
        }
    }

    /// <summary>Number of windows.</summary>
    internal int Count => ends.Length == 0 ? 0 : ends[^1];

    /// <summary>Where a window begins.</summary>
    /// <param name="window">Which one.</param>
    internal (int Series, int Start) this[int window]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(window);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(window, Count);
            int series = 0;
            if (ends.Length > 1)
            {
                // The first series that ends behind it; series without windows end where the one before does.
                int high = ends.Length - 1;
                while (series < high)
                {
                    int middle = (series + high) / 2;
                    (series, high) = ends[middle] > window ? (series, middle) : (middle + 1, high);
                }
            }

            int before = series == 0 ? 0 : ends[series - 1];
            return (series, firsts[series] + ((window - before) * strides[series]));
        }
    }
}
