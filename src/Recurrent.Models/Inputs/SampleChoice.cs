namespace Recurrent.Models;

/// <summary>Some samples of what a model is given.</summary>
internal static class SampleChoice
{
    /// <summary>Number of samples.</summary>
    public static int Count(ModelData data) => data switch
    {
        { Array: { } array } => array.Shape[0],
        { Sequences: { } sequences } => sequences.Count,
        { Strings: { } strings } => strings.Shape[0],
        { Lazy: { } lazy } => lazy.Count,
        { Named: { Count: > 0 } named } => Count(named.Values.First()),
        { Items: { Count: > 0 } items } => Count(items[0]),
        _ => throw new ArgumentException("The data are empty."),
    };

    /// <summary>Takes samples by their indices.</summary>
    public static ModelData Take(ModelData data, IReadOnlyList<int> samples) => data switch
    {
        { Array: { } array } => Take(array, samples),
        { Sequences: { } sequences } => new RaggedSequences(samples.Select(i => sequences[i])),
        { Strings: { } strings } => Take(strings, samples),
        { Lazy: { } lazy } => Take(lazy, samples),
        { Named: { } named } => named.ToDictionary(pair => pair.Key, pair => Take(pair.Value, samples), StringComparer.Ordinal),
        { Items: { } items } => items.Select(item => Take(item, samples)).ToArray(),
        _ => throw new ArgumentException("The data are empty."),
    };

    private static NDArray Take(NDArray array, IReadOnlyList<int> samples)
    {
        int size = array.Size / array.Shape[0];
        Real[] values = new Real[samples.Count * size];
        for (int i = 0; i < samples.Count; i++)
        {
            array.Values.AsSpan(samples[i] * size, size).CopyTo(values.AsSpan(i * size));
        }

        return new([samples.Count, .. array.Shape.Skip(1)], values);
    }

    private static NDArray Take(LazyArray lazy, IReadOnlyList<int> samples)
    {
        Real[] values = new Real[samples.Count * lazy.SampleSize];
        for (int i = 0; i < samples.Count; i++)
        {
            lazy.Read(samples[i], values.AsSpan(i * lazy.SampleSize, lazy.SampleSize));
        }

        return new([samples.Count, .. lazy.Shape.Skip(1)], values);
    }

    private static ModelData Take(StringArray strings, IReadOnlyList<int> samples)
    {
        if (strings.Rank == 1)
        {
            return (ModelData)samples.Select(i => strings[i]).ToArray();
        }

        string[][] rows = strings.ToRows();
        return (ModelData)samples.Select(i => rows[i]).ToArray();
    }
}
