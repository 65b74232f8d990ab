namespace Recurrent.Layers;

/// <summary>Calls of a layer without a model, on one sample or a batch.</summary>
internal static class AudioCall
{
    /// <summary>Runs a layer.</summary>
    /// <param name="layer">The layer; it need not be built.</param>
    /// <param name="input">One sample, or several.</param>
    /// <param name="rank">Axes of a sample.</param>
    public static NDArray Run(Layer layer, NDArray input, int rank)
    {
        ArgumentNullException.ThrowIfNull(input);
        if ((input.Rank != rank && input.Rank != rank + 1) || input.Size == 0)
        {
            throw new ArgumentException(
                $"{layer.Introduction} is called on a sample of {rank} {(rank == 1 ? "axis" : "axes")}, or on a batch of them, "
                + $"but this array has shape {NDArray.Describe(input.Shape)}.", nameof(input));
        }

        input.RequireFinite(nameof(input));
        bool single = input.Rank == rank;
        SequenceBatch batch = SequenceBatch.FromArray(single ? input.Reshape([1, .. input.Shape]) : input);
        if (layer.InputShape is null && layer.Parameters.Count == 0)
        {
            _ = layer.ComputeOutputShape(batch.SampleShape);
        }

        Pass pass = layer.CreatePass(new(batch.SampleShape, batch.BatchSize, Differentiable: false, InputGradient: false));
        layer.Prepare();
        pass.Begin(training: false, key: 0);
        NDArray output = layer.Forward(pass, batch).ToArray();
        return single ? output.Reshape([.. output.Shape.Skip(1)]) : output;
    }
}
