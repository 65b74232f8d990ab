using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Samples of one input or target, a few of many, each as its steps with their features.</summary>
internal sealed class SampleReader
{
    private readonly Samples samples;
    private readonly int[] chosen;

    /// <summary>Chooses samples, evenly spread.</summary>
    /// <param name="samples">All of them.</param>
    /// <param name="most">Most samples to look at.</param>
    public SampleReader(Samples samples, int most)
    {
        this.samples = samples;
        int count = Math.Min(samples.Count, most);
        chosen = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * samples.Count / count))];

        // Ids have no axis of features: their steps are down.
        Features = samples.SampleShape.Rank <= 1 && samples.IsRagged ? 1 : samples.SampleShape.Features;
    }

    /// <summary>Number of samples that are looked at.</summary>
    public int Count => chosen.Length;

    /// <summary>Numbers of a step.</summary>
    public int Features { get; }

    /// <summary>Which samples these are.</summary>
    public ReadOnlyMemory<int> Chosen => chosen;

    /// <summary>A sample, step by step.</summary>
    public Real[] Read(int index)
    {
        if (samples is RaggedSamples ragged)
        {
            return ragged.Items[chosen[index]].Values;
        }

        var matrix = new DenseMatrix(Features, Math.Max(1, samples.SampleShape.Steps));
        samples.Gather([chosen[index]], matrix);
        return matrix.Values;
    }
}
