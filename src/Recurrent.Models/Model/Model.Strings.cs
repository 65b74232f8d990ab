using System.Runtime.CompilerServices;
using Recurrent.Callbacks;
using Recurrent.Layers;

namespace Recurrent.Models;

/// <content>Models that take strings, and layers that must have learnt something of data first.</content>
public partial class Model
{
    /// <inheritdoc/>
    public override int? IdCount => Reader?.IdCount;

    internal override bool ReadsTokens => Reader?.ReadsTokens == true;

    internal override string IdOption => Reader?.IdOption ?? base.IdOption;

    internal override bool ChecksInput => Reader?.ChecksInput == true;

    internal override string? WrongInput(Real value, string place) => Reader?.WrongInput(value, place);

    /// <inheritdoc/>
    internal override string? OutputTypeOf(int index) => IsBuilt
        ? Network.Outputs[index].DataType
        : layers.Count > 0 ? layers[^1].OutputType : null;

    private Layer? Reader => IsBuilt ? Network.ReaderOf(0) : layers.FirstOrDefault();

    /// <summary>Computes the output of a model that takes strings and has one input and one output.</summary>
    /// <param name="x">The strings: one for each sample, or several in rows, which may be of unequal length.</param>
    /// <param name="batchSize">
    /// Samples that one thread works on at a time: memory against speed, never the result. At least 1.
    /// </param>
    /// <param name="callbacks">Look on, in this order, after each batch; null (the default) for none.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <returns>The outputs; the first axis counts samples.</returns>
    /// <exception cref="InvalidOperationException">The model is not built, has several outputs, or a layer must adapt
    /// first.</exception>
    /// <exception cref="ArgumentException">The data do not fit, or a string is unknown and there is no index for
    /// such.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <example><code>NDArray scores = model.Predict(["red", "green"]);</code></example>
    [OverloadResolutionPriority(-1)] // A collection expression [a, b] of arrays is two inputs.
    public NDArray Predict(StringArray x, int batchSize = 32, IReadOnlyList<Callback>? callbacks = null,
        CancellationToken cancellationToken = default)
    {
        RequireOneOutput();
        object output = PredictOutputs(x, batchSize, cancellationToken, callbacks)[0];
        return output as NDArray ?? Stacked((RaggedSequences)output);
    }

    private NDArray Stacked(RaggedSequences output) => output.All(row => row.Shape[0] == output[0].Shape[0])
        ? output.Stack()
        : throw new InvalidOperationException(
            $"Model '{Name}' gives sequences of unequal length for strings that are of unequal length. "
            + "Predict one row at a time.");

    /// <summary>Computes the output for one string, without an axis that counts samples.</summary>
    /// <param name="text">The string.</param>
    /// <exception cref="InvalidOperationException">The model is not built, has several inputs or outputs, or a layer must adapt
    /// first.</exception>
    /// <exception cref="ArgumentException">The model takes no strings, or the string is unknown and there is no index for
    /// such.</exception>
    public NDArray PredictOne(string text)
    {
        NDArray output = Predict(new StringArray([1], [text]));
        return output.Reshape([.. output.Shape.Skip(1)]);
    }

    /// <inheritdoc/>
    internal override bool? ReadsStrings(int input) => IsBuilt || graph is not null
        ? HoldsStrings(graph?.Inputs ?? Network.Inputs, input)
        : Input is { } own ? own.DataType == Recurrent.Layers.Input.Strings
        : layers.Count > 0 && layers[0].ReadsStrings(0) == true;

    // That a model is called on more symbols than it has inputs is told where its shapes are asked for.
    private static bool? HoldsStrings(Symbols inputs, int input) =>
        input < inputs.Count ? inputs[input].HoldsStrings : null;

    /// <summary>Requires that all layers have learnt what they must learn of data first.</summary>
    /// <exception cref="InvalidOperationException">One has not; the message names it.</exception>
    internal void RequireLearnt()
    {
        IEnumerable<IAdapted> adapted = IsBuilt
            ? Network.Adapted
            : layers.SelectMany(layer => layer.Inner.Prepend(layer)).OfType<IAdapted>();
        foreach (IAdapted layer in adapted)
        {
            if (layer.Missing is { } missing)
            {
                throw new InvalidOperationException($"{missing}.");
            }
        }
    }

    /// <summary>Looks up the strings among what is fed, once for each layer that reads them.</summary>
    private DataPart[] LookUp(DataPart[] parts, string[] names)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Strings is not null != TakesStrings(i))
            {
                throw new ArgumentException(parts[i].Strings is null
                    ? $"Input '{names[i]}' of model '{Name}' takes strings, but {parts[i].Argument} holds numbers. Give it "
                        + "strings: string[], string[,] or string[][]."
                    : $"Input '{names[i]}' of model '{Name}' takes numbers, but {parts[i].Argument} holds strings. Begin the "
                        + "model with new Input(shape, dtype: \"string\") and a layer that looks them up: StringLookup, "
                        + "TextVectorization or Hashing.",
                    parts[i].Argument);
            }
        }

        int feeds = IsBuilt ? Network.Feeds.Length : parts.Length;
        return feeds == parts.Length && !Array.Exists(parts, part => part.Strings is not null)
            ? parts
            : [.. Enumerable.Range(0, feeds).Select(feed => LookUp(parts[InputOf(feed)], ReaderOf(feed)))];
    }

    private static DataPart LookUp(DataPart part, Layer reader)
    {
        if (part.Strings is not { } strings)
        {
            return part;
        }

        if (reader.FeedOf(strings, part.Argument) is { } fed)
        {
            return new(fed.Array, fed.Rows is null ? null : new RaggedSequences(fed.Rows), part.Argument);
        }

        NDArray keys = reader is Input
            ? new([.. strings.Shape])
            : DirectCall.Keys(reader, strings, part.Argument);
        if (strings.Lengths is { } lengths)
        {
            int start = 0;
            NDArray[] rows = [.. lengths.Select(length => keys.Slice((start += length) - length, length))];
            return new(null, rows, part.Argument);
        }

        return new(strings.Rank == 1 ? keys.Reshape(keys.Size, 1) : keys, null, part.Argument);
    }

    private bool TakesStrings(int input) => IsBuilt ? Network.Inputs[input].HoldsStrings : ReadsStrings(input) == true;
}
