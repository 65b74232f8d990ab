namespace Recurrent.Layers;

/// <summary>
/// Which steps of a batch are there only because its samples are of unequal length: before the data of each sample, or after them
/// where a layer has turned the sequences round. No value of a step tells; layers that make a mask leave these steps out of it.
/// </summary>
internal sealed class Padding
{
    // Steps of padding of each sample.
    private readonly int[] counts;
    private readonly int steps;

    /// <summary>Makes room for a batch without padding.</summary>
    /// <param name="steps">Number of steps, padding included.</param>
    /// <param name="batchSize">Number of samples.</param>
    public Padding(int steps, int batchSize)
    {
        this.steps = steps;
        counts = new int[batchSize];
        Reversed = new Padding(this);
    }

    private Padding(Padding forward)
    {
        steps = forward.steps;
        counts = forward.counts;
        IsBehind = true;
        Reversed = forward;
    }

    /// <summary>Whether padding stands after the data, and not before them.</summary>
    public bool IsBehind { get; }

    /// <summary>The padding of the same batch with its steps in reverse order.</summary>
    public Padding Reversed { get; }

    /// <summary>Steps of padding of each sample; written by whoever fills the batch.</summary>
    public Span<int> Counts => counts;

    /// <summary>Whether another batch is padded likewise, sample by sample.</summary>
    /// <param name="other">The padding of the other one.</param>
    public bool IsAlike(Padding other) => steps == other.steps && IsBehind == other.IsBehind
        && counts.AsSpan().SequenceEqual(other.counts);

    /// <summary>That of some of the samples, each as often as it is named.</summary>
    /// <param name="samples">Which, in any order.</param>
    public Padding Choose(int[] samples)
    {
        var chosen = new Padding(steps, samples.Length);
        for (int i = 0; i < samples.Length; i++)
        {
            chosen.counts[i] = counts[samples[i]];
        }

        return IsBehind ? chosen.Reversed : chosen;
    }

    /// <summary>Whether a column of a batch is padding.</summary>
    /// <param name="column">The column.</param>
    /// <param name="columns">Number of columns: a multiple of steps · samples.</param>
    public bool Hides(int column, int columns)
    {
        int sample = column % counts.Length;
        int step = column / (columns / steps);
        return IsBehind ? step >= steps - counts[sample] : step < counts[sample];
    }

    /// <summary>Takes padding out of a mask.</summary>
    /// <param name="mask">Which columns hold data.</param>
    public void Hide(Span<bool> mask)
    {
        for (int column = 0; column < mask.Length; column++)
        {
            mask[column] &= !Hides(column, mask.Length);
        }
    }
}
