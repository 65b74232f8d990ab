using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Gathers what a model gives for samples of unequal length, in the order of the samples.</summary>
internal sealed class RaggedOutputs
{
    private readonly RaggedSamples inputs;
    private readonly NDArray? vectors;
    private readonly NDArray[] items;
    private readonly int features;

    /// <summary>Makes room.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputShape">Shape of a sample of the output; the first axis is unknown where it counts the steps of the input.</param>
    public RaggedOutputs(RaggedSamples inputs, Shape outputShape)
    {
        this.inputs = inputs;
        features = outputShape.Features;
        int[] rest = [.. outputShape.Axes.Skip(1).Select(axis => axis!.Value)];
        vectors = outputShape[0] is int first ? new NDArray([inputs.Count, first, .. rest]) : null;
        items = vectors is null ? new NDArray[inputs.Count] : [];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = new NDArray([inputs.Items[i].Shape[0], .. rest]);
        }
    }

    /// <summary>Takes the outputs of a shard, padding left out.</summary>
    /// <param name="shard">The shard after its forward pass.</param>
    /// <param name="samples">The batch: which samples, in which order.</param>
    public void Take(Shard shard, ReadOnlySpan<int> samples)
    {
        SequenceBatch output = shard.Pass.Output(0);
        ReadOnlySpan<Real> columns = output.Values.Values;
        for (int b = 0; b < shard.Size; b++)
        {
            int sample = samples[shard.BatchStart + b];
            Span<Real> target = vectors is null
                ? items[sample].Values
                : vectors.Values.AsSpan(sample * (vectors.Size / inputs.Count), vectors.Size / inputs.Count);
            int count = target.Length / features;
            int steps = columns.Length / features / shard.Size;
            int first = output.Padding is { IsBehind: false } ? steps - count : 0;
            for (int i = 0; i < count; i++)
            {
                columns.Slice((((first + i) * shard.Size) + b) * features, features).CopyTo(target[(i * features)..]);
            }
        }
    }

    /// <summary>The outputs.</summary>
    public RaggedSequences Result() => vectors is null ? items : vectors;
}
