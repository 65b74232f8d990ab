using Recurrent.Layers;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Samples as the layers work on them: batches of them are copied into the columns of a matrix (features down, (time,
/// batch) across).</summary>
internal abstract class Samples
{
    protected Samples(int count, Shape sampleShape)
    {
        Count = count;
        SampleShape = sampleShape;
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Shape of a sample; its first axis is unknown where samples are of unequal length.</summary>
    public Shape SampleShape { get; }

    /// <summary>Whether samples are of unequal length.</summary>
    public virtual bool IsRagged => false;

    /// <summary>The least and the greatest value there is.</summary>
    public abstract (double Least, double Most) Range();

    /// <summary>The largest magnitude there is.</summary>
    public double LargestMagnitude() => Range() is var (least, most) ? Math.Max(Math.Abs(least), Math.Abs(most)) : 0;

    /// <summary>Whether something holds of all values.</summary>
    public abstract bool All(Func<Real, bool> holds);

    /// <summary>Copies samples into a matrix. Steps that a sample does not have are zero.</summary>
    /// <param name="samples">Which samples, in which order.</param>
    /// <param name="target">features × (steps · number of samples).</param>
    /// <param name="paddingBehind">Whether padding stands after the data of a sample, and not before them.</param>
    public abstract void Gather(ReadOnlySpan<int> samples, DenseMatrix target, bool paddingBehind = false);

    /// <summary>A run of samples; the values are shared.</summary>
    public abstract Samples Slice(int start, int count);

    /// <summary>Finds the padding of a batch.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="padding">Receives the steps of padding of each sample.</param>
    /// <param name="steps">Number of steps, padding included.</param>
    /// <returns>Whether there is any.</returns>
    public virtual bool FindPadding(ReadOnlySpan<int> samples, Padding padding, int steps) => false;

    /// <summary>All samples, so arranged that neighbours are of like length.</summary>
    public virtual int[] InOrder() => [.. Enumerable.Range(0, Count)];

    /// <summary>Arranges shuffled samples so that those of a batch are of like length, and batches come in random
    /// order.</summary>
    /// <param name="order">The samples.</param>
    /// <param name="batchSize">Samples to a batch.</param>
    /// <param name="random">Where the random numbers come from.</param>
    public virtual void Arrange(Span<int> order, int batchSize, SeededRandom random)
    {
    }
}
