using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>The samples of all inputs of a model: sample i of one goes with sample i of the others.</summary>
/// <remarks>
/// Where several are of unequal length, the first of them is put into batches by length, and the others are padded to the longest
/// that goes with each of its few lengths: so a few sets of buffers serve all batches, however many inputs there are.
/// </remarks>
internal sealed class SampleSet
{
    private readonly Samples[] parts;
    private readonly RaggedSamples? leader;

    // The shapes of a batch, for each of the lengths of the leader; one entry where there is none.
    private readonly Shape[][] shapes;

    /// <summary>Puts samples together.</summary>
    /// <param name="parts">Samples of each input, equally many.</param>
    public SampleSet(IReadOnlyList<Samples> parts)
    {
        this.parts = [.. parts];
        leader = parts.OfType<RaggedSamples>().FirstOrDefault();
        shapes = leader is null ? [[.. parts.Select(part => part.SampleShape)]] : JointShapes(leader);
    }

    /// <summary>The samples of each input.</summary>
    public IReadOnlyList<Samples> Parts => parts;

    /// <summary>Number of samples.</summary>
    public int Count => parts[0].Count;

    /// <summary>Shape of a sample of each input; a first axis is unknown where samples are of unequal length.</summary>
    public IReadOnlyList<Shape> SampleShapes => [.. parts.Select(part => part.SampleShape)];

    /// <summary>Whether samples of an input are of unequal length.</summary>
    public bool IsRagged => leader is not null;

    /// <summary>Shape of a sample of each input in a batch, padding included; every axis known. The list is shared.</summary>
    /// <param name="samples">The batch.</param>
    public IReadOnlyList<Shape> ShapesOf(ReadOnlySpan<int> samples) => shapes[leader?.LengthClassOf(samples) ?? 0];

    /// <summary>A run of samples; the values are shared.</summary>
    public SampleSet Slice(int start, int count) => new([.. parts.Select(part => part.Slice(start, count))]);

    /// <summary>All samples, so arranged that neighbours are of like length.</summary>
    public int[] InOrder() => (leader ?? parts[0]).InOrder();

    /// <summary>Arranges shuffled samples so that those of a batch are of like length, and batches come in random
    /// order.</summary>
    /// <param name="order">The samples.</param>
    /// <param name="batchSize">Samples to a batch.</param>
    /// <param name="random">Where the random numbers come from.</param>
    public void Arrange(Span<int> order, int batchSize, SeededRandom random) =>
        (leader ?? parts[0]).Arrange(order, batchSize, random);

    private Shape[][] JointShapes(RaggedSamples first)
    {
        var result = new Shape[first.LengthClasses.Count][];
        int[] longest = new int[parts.Length];
        for (int lengthClass = 0; lengthClass < result.Length; lengthClass++)
        {
            for (int sample = 0; sample < first.Count; sample++)
            {
                for (int i = 0; i < parts.Length && first.LengthClassOf([sample]) == lengthClass; i++)
                {
                    longest[i] = Math.Max(longest[i], (parts[i] as RaggedSamples)?.Items[sample].Shape[0] ?? 0);
                }
            }

            result[lengthClass] = [.. parts.Select((part, i) =>
                part == first ? WithLength(part, first.LengthClasses[lengthClass])
                : part is RaggedSamples ? WithLength(part, longest[i])
                : part.SampleShape)];
        }

        return result;
    }

    private static Shape WithLength(Samples part, int length) => new([length, .. part.SampleShape.Axes.Skip(1)]);
}
