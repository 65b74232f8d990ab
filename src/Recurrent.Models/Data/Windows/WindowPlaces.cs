namespace Recurrent.Data;

/// <summary>Some windows of one series that follow one another.</summary>
/// <param name="Series">Place of the series.</param>
/// <param name="First">Where the first one begins.</param>
/// <param name="Stride">From the beginning of one to that of the next.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct WindowRun(int Series, int First, int Stride, int Count);

/// <summary>Where windows begin: in which series, at which step. Windows of a series follow one another, series after
/// series.</summary>
internal sealed class WindowPlaces
{
    private readonly WindowRun[] runs;

    // For each run how many windows it and those before it hold.
    private readonly int[] ends;

    /// <summary>Lays windows.</summary>
    /// <param name="runs">The windows of each series, in one or several runs.</param>
    /// <exception cref="ArgumentException">There are more windows than an int can count.</exception>
    internal WindowPlaces(params IEnumerable<WindowRun> runs)
    {
        this.runs = [.. runs.Where(run => run.Count > 0)];
        ends = new int[this.runs.Length];
        long sum = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            sum += this.runs[i].Count;
            ends[i] = sum <= int.MaxValue ? (int)sum : throw new ArgumentException(
                "There are more windows than 2,147,483,647. Choose a larger stride, or fewer series at a time.");
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
            (int low, int high) = (0, ends.Length - 1);
            while (low < high)
            {
                // The first run that ends behind it.
                int middle = (low + high) / 2;
                (low, high) = ends[middle] > window ? (low, middle) : (middle + 1, high);
            }

            WindowRun run = runs[low];
            return (run.Series, run.First + ((window - ends[low] + run.Count) * run.Stride));
        }
    }

    /// <summary>The windows that begin in a part of each series.</summary>
    /// <param name="from">First step at which one may begin, by series.</param>
    /// <param name="to">The step behind the last.</param>
    internal WindowPlaces Between(Func<int, long> from, Func<int, long> to) => new(runs.Select(run =>
    {
        long first = Math.Max(0, (from(run.Series) - run.First + run.Stride - 1) / run.Stride);
        long behind = Math.Min(run.Count, (to(run.Series) - run.First + run.Stride - 1) / run.Stride);
        return behind > first
            ? run with { First = (int)(run.First + (first * run.Stride)), Count = (int)(behind - first) }
            : run with { Count = 0 };
    }));
}
