using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Streaming;

/// <summary>
/// What a session is given once: a batch for each input that does not come step by step, and null for the others.
/// </summary>
internal sealed class SessionStart
{
    /// <summary>Takes batches, which nobody writes to any more.</summary>
    /// <param name="batches">One for each input of the network.</param>
    public SessionStart(SequenceBatch?[] batches) => Batches = batches;

    /// <summary>One for each input of the network; null where nothing is given.</summary>
    public SequenceBatch?[] Batches { get; }

    /// <summary>Which inputs are given.</summary>
    public bool[] Given => Array.ConvertAll(Batches, batch => batch is not null);

    /// <summary>Which of them are sequences of unequal length.</summary>
    public bool[] Ragged => Array.ConvertAll(Batches, batch => batch?.Padding is not null);

    /// <summary>Some rows of what is given, each as often as it is named.</summary>
    /// <param name="rows">Which, in any order.</param>
    public SessionStart Choose(int[] rows) => new([.. Batches.Select(batch => batch?.Choose(rows))]);

    /// <summary>Nothing given.</summary>
    public static SessionStart None(Network network) => new(new SequenceBatch?[network.Inputs.Count]);

    /// <summary>A batch of an array, of sequences of unequal length where their lengths are given.</summary>
    /// <param name="array">Shape (sequences, …); padding stands before the data.</param>
    /// <param name="lengths">The number of steps of each sequence; null where all have as many.</param>
    public static SequenceBatch Batch(NDArray array, ReadOnlySpan<int> lengths)
    {
        SequenceBatch batch = SequenceBatch.FromArray(array);
        if (!lengths.IsEmpty)
        {
            int steps = array.Shape[1];
            var padding = new Padding(steps, batch.BatchSize);
            for (int i = 0; i < lengths.Length; i++)
            {
                padding.Counts[i] = steps - lengths[i];
            }

            Pad(batch, padding);
        }

        return batch;
    }

    /// <summary>Notes which steps are padding.</summary>
    public static void Pad(SequenceBatch batch, Padding padding)
    {
        batch.Padding = padding;

        // Ids have no columns of their own that a mask could tell of: the layer that makes some asks for the padding.
        if (batch.SampleShape.Rank > 1)
        {
            batch.Mask = new bool[batch.Values.ColumnCount];
            Array.Fill(batch.Mask, true);
            padding.Hide(batch.Mask);
        }
    }

    /// <summary>The number of steps of each sequence of a batch with padding.</summary>
    public static NDArray LengthsOf(SequenceBatch batch)
    {
        int steps = batch.SampleShape[0]!.Value;
        var lengths = new NDArray(batch.BatchSize, 1);
        for (int i = 0; i < batch.BatchSize; i++)
        {
            lengths.Values[i] = steps - batch.Padding!.Counts[i];
        }

        return lengths;
    }

    /// <summary>Shape of a sample of each input that is given; null for others.</summary>
    public Shape?[] Shapes => Array.ConvertAll(Batches, batch => batch?.SampleShape);
}
