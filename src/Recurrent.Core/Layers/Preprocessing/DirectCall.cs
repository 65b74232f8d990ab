using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Calls of a layer without parameters by itself, on arrays or strings, which need not be samples of a model.</summary>
internal static class DirectCall
{
    /// <summary>What a layer makes of strings.</summary>
    /// <param name="layer">The layer; it need not be built.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="mode">How the layer encodes tokens.</param>
    /// <exception cref="ArgumentException">There are none, or rows are of unequal length.</exception>
    public static NDArray OnStrings(Layer layer, StringArray strings, string mode)
    {
        ArgumentNullException.ThrowIfNull(strings);
        if (strings.IsRagged)
        {
            throw new ArgumentException(
                $"{layer.Introduction} is called on rows of unequal length, which are no array. Call it on each row, or "
                + "predict with a model.",
                nameof(strings));
        }

        return Run(layer, Keys(layer, strings, nameof(strings)), mode, hasKeys: true);
    }

    /// <summary>What a layer makes of numbers.</summary>
    /// <param name="layer">The layer; it need not be built.</param>
    /// <param name="input">The numbers.</param>
    /// <param name="mode">How the layer encodes tokens.</param>
    /// <param name="weights">A second input, of the same shape; null for none.</param>
    /// <exception cref="ArgumentException">There are none, or one is not finite.</exception>
    public static NDArray OnNumbers(Layer layer, NDArray input, string mode, NDArray? weights = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (layer.ReadsStrings(0) == true)
        {
            throw new ArgumentException($"{layer.Introduction} reads strings, but is called on numbers.", nameof(input));
        }

        if (input.Size == 0 || input.Rank == 0)
        {
            throw new ArgumentException(
                $"{layer.Introduction} is called on an array of shape {NDArray.Describe(input.Shape)}. Give at least one "
                + "number, in a list.",
                nameof(input));
        }

        input.RequireFinite(nameof(input));
        weights?.RequireFinite(nameof(weights));
        return Run(layer, input, mode, hasKeys: false, weights);
    }

    /// <summary>The numbers that stand for strings in a layer.</summary>
    /// <param name="layer">The layer that reads them.</param>
    /// <param name="strings">The strings.</param>
    /// <param name="argument">What the caller calls them.</param>
    public static NDArray Keys(Layer layer, StringArray strings, string argument)
    {
        if (strings.Count == 0 || strings.Rank == 0)
        {
            throw new ArgumentException(
                $"{argument} is empty: its shape is {NDArray.Describe(strings.Shape)}. Give at least one string.", argument);
        }

        if (layer.ReadsStrings(0) == false)
        {
            throw new ArgumentException($"{layer.Introduction} reads numbers, but {argument} holds strings.", argument);
        }

        NDArray keys = strings.IsRagged ? new(strings.Count) : new([.. strings.Shape]);
        layer.LookUp(strings, argument, keys.Values);
        return keys;
    }

    /// <summary>What a layer makes of numbers, or of what strings were looked up to be.</summary>
    /// <param name="layer">The layer; it need not be built.</param>
    /// <param name="input">The numbers.</param>
    /// <param name="mode">How the layer encodes tokens.</param>
    /// <param name="hasKeys">Whether they are what strings were looked up to be.</param>
    /// <param name="weights">A second input, of the same shape; null for none.</param>
    public static NDArray Run(Layer layer, NDArray input, string mode, bool hasKeys, NDArray? weights = null)
    {
        // A list by itself is so many samples of one token; where tokens of a sample are gathered, it is one sample.
        bool isList = input.Rank == 1;
        bool gathers = mode is TokenEncoding.MultiHot or TokenEncoding.Count or TokenEncoding.TfIdf;
        SequenceBatch[] batches =
        [
            .. ((NDArray?[])[input, weights]).OfType<NDArray>().Select(array => SequenceBatch.FromArray(
                array.Rank > 1 ? array : gathers ? array.Reshape(1, array.Size) : array.Reshape(array.Size, 1))),
        ];
        Shape[] samples = [.. batches.Select(batch => batch.SampleShape)];
        _ = layer.ComputeOutputShapes(samples);
        if (batches[^1].BatchSize != batches[0].BatchSize)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{layer.Introduction} gets {batches[0].BatchSize} samples, but weights for {batches[^1].BatchSize}."),
                    nameof(weights));
        }

        Pass pass = layer.CreatePass(
            new(samples, batches[0].BatchSize, Differentiable: false, [.. samples.Select(_ => false)]) { HasKeys = hasKeys });
        layer.Prepare();
        pass.Begin(training: false, key: 0);
        var outputs = new SequenceBatch[1];
        layer.Forward(pass, batches, outputs);
        NDArray output = outputs[0].ToArray();
        int[] axes = [.. output.Shape];
        return !isList ? output
            : gathers ? output.Reshape(axes[1..])
            : mode == TokenEncoding.OneHot ? output.Reshape(axes[0], axes[^1])
            : output.Reshape(axes[0]);
    }
}
