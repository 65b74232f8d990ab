using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Training;

/// <summary>Gathers what a model gives at one output, in the order of the samples: one array, or sequences of unequal
/// length.</summary>
internal sealed class PredictedOutput
{
    private readonly int index;
    private readonly NDArray? array;
    private readonly NDArray[] items;
    private readonly int features;
    private readonly int sampleSize;
    private readonly OutputReading? reading;
    private Real[] classes = [];

    /// <summary>Makes room.</summary>
    /// <param name="index">Which output of the model.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="source">The input whose steps the output has; null where all samples have the same.</param>
    /// <param name="shape">Shape of a sample of the output; the first axis is unknown where it counts the steps of the
    /// input.</param>
    /// <param name="reading">How it is read; null as the numbers that it is.</param>
    public PredictedOutput(int index, SampleSet inputs, RaggedSamples? source, Shape shape, OutputReading? reading)
    {
        this.index = index;
        this.reading = reading;
        shape = reading?.ShapeOf(shape) ?? shape;
        features = reading is null ? shape.Features : 1;
        var axes = new int[shape.Rank + 1];
        axes[0] = inputs.Count;
        for (int i = 0; i < shape.Rank; i++)
        {
            axes[i + 1] = shape[i] ?? 0;
        }

        array = shape[0] is not null ? new NDArray(axes) : null;
        sampleSize = array is null ? 0 : array.Size / inputs.Count;
        items = array is null
            ? [.. Enumerable.Range(0, inputs.Count).Select(i => new NDArray([source!.Items[i].Shape[0], .. axes.Skip(2)]))]
            : [];
    }

    /// <summary>The output: an <see cref="NDArray"/>, or <see cref="RaggedSequences"/>.</summary>
    public object Result => array is not null ? array : (object)(RaggedSequences)items;

    /// <summary>The outputs of some samples, which are there.</summary>
    /// <param name="samples">The samples.</param>
    /// <returns>As <see cref="Result"/>.</returns>
    public object Of(ReadOnlySpan<int> samples)
    {
        if (array is null)
        {
            var own = new NDArray[samples.Length];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = items[samples[i]];
            }

            return (RaggedSequences)own;
        }

        return array.Choose(samples);
    }

    /// <summary>Takes the outputs of a shard, padding left out.</summary>
    /// <param name="shard">The shard after its forward pass.</param>
    /// <param name="samples">The batch: which samples, in which order.</param>
    public void Take(Shard shard, ReadOnlySpan<int> samples)
    {
        SequenceBatch output = shard.Pass.Output(index);
        ReadOnlySpan<Real> columns = Read(output);
        int steps = columns.Length / features / shard.Size;
        for (int b = 0; b < shard.Size; b++)
        {
            int sample = samples[shard.BatchStart + b];
            Span<Real> target = array is null ? items[sample].Values : array.Values.AsSpan(sample * sampleSize, sampleSize);
            int count = target.Length / features;
            int first = output.Padding is { IsBehind: false } ? steps - count : 0;
            for (int i = 0; i < count; i++)
            {
                columns.Slice((((first + i) * shard.Size) + b) * features, features).CopyTo(target[(i * features)..]);
            }
        }
    }

    private ReadOnlySpan<Real> Read(SequenceBatch output)
    {
        if (reading is null)
        {
            return output.Values.Values;
        }

        if (classes.Length != output.Values.ColumnCount)
        {
            classes = new Real[output.Values.ColumnCount];
        }

        reading.Read(output, classes);
        return classes;
    }
}
