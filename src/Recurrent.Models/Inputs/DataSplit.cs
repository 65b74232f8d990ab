using Recurrent.Registration;

namespace Recurrent.Models;

/// <summary>Takes apart what a caller hands in: one part for each input, or for each output, of a model.</summary>
/// <param name="model">Name of the model, for messages.</param>
/// <param name="what">What the parts are for: <c>input</c> or <c>output</c>.</param>
/// <param name="names">Their names.</param>
internal sealed class DataSplit(string model, string what, IReadOnlyList<string> names)
{
    /// <summary>A part for each input.</summary>
    public DataPart[] Inputs(ModelData data, string argument)
    {
        ArgumentNullException.ThrowIfNull(data, argument);
        DataPart?[] parts = Split(data, argument);
        return RequireAll(parts, argument, [.. names.Select(_ => true)], "Each input needs data.");
    }

    /// <summary>A part for each output that needs targets.</summary>
    /// <param name="data">The targets.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="needed">Which outputs have a loss.</param>
    /// <param name="ragged">Whether inputs are of unequal length, so that arrays are taken as one entry for each sample.</param>
    public DataPart?[] Targets(ModelData data, string argument, bool[] needed, bool ragged)
    {
        ArgumentNullException.ThrowIfNull(data, argument);
        DataPart?[] parts = Split(data, argument, ragged, needed);
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] is not null && !needed[i])
            {
                throw new ArgumentException(
                    $"Output '{names[i]}' of model '{model}' has no loss, so {argument} must have nothing for it. Leave it "
                    + "out, or compile the model with a loss for it.", argument);
            }
        }

        RequireAll(parts, argument, needed,
            "Give each output that has a loss its targets, or compile the model without a loss for it.");
        return parts;
    }

    /// <summary>Weights for each output; null where it has none. Weights that are not a list are those of all outputs.</summary>
    /// <param name="data">The weights, or null.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <param name="ragged">Whether inputs are of unequal length.</param>
    public DataPart?[] Weights(ModelData? data, string argument, bool ragged)
    {
        if (data is null)
        {
            return new DataPart?[names.Count];
        }

        DataPart? one = data.Array is not null || data.Lazy is not null || data.Sequences is not null || data.Strings is not null
            ? Part(data, argument, ragged) : null;
        return one is null ? Split(data, argument, ragged) : [.. names.Select(_ => one)];
    }

    private DataPart Part(ModelData data, string argument, bool ragged)
    {
        if (data.Strings is not null)
        {
            return what == "input" ? new(null, null, argument) { Strings = data.Strings } : throw new ArgumentException(
                $"{argument} holds strings, but targets and weights are numbers. Give each label its index: StringLookup.",
                argument);
        }

        if (data.Lazy is not null)
        {
            return new(null, null, argument) { Lazy = data.Lazy };
        }

        // What comes as a list of arrays is sequences.
        RaggedSequences? sequences = data.Sequences
            ?? (data.Items is { Count: > 0 } items && items.All(item => item.Array is not null)
                ? new RaggedSequences(items.Select(item => item.Array!))
                : null);
        if (sequences is null && data.Array is null)
        {
            throw new ArgumentException($"{argument} is a list that is empty, or of lists. Give an array, or sequences.",
                argument);
        }

        return ragged && sequences is null ? new(null, data.Array!, argument) : new(data.Array, sequences, argument);
    }

    private DataPart?[] Split(ModelData data, string argument, bool ragged = false, bool[]? needed = null)
    {
        if (data.Named is { } named)
        {
            string? unknown = named.Keys.FirstOrDefault(name => !names.Contains(name));
            if (unknown is not null)
            {
                throw new ArgumentException(
                    ($"{argument} names '{unknown}', but the {what}s of model '{model}' are {string.Join(", ", names)}. "
                        + $"{Spelling.DidYouMean(unknown, names)}").TrimEnd(), argument);
            }

            return [.. names.Select(name => named.TryGetValue(name, out ModelData? own)
                ? Part(own, $"{argument}[\"{name}\"]", ragged) : null)];
        }

        if (names.Count == 1)
        {
            ModelData only = data.Items is [{ Array: null } inner] ? inner : data;
            return [Part(only, argument, ragged)];
        }

        if (data.Items is not { } items)
        {
            // The targets of the only output that has a loss may stand for themselves.
            return needed?.Count(need => need) == 1
                ? [.. needed.Select(need => need ? Part(data, argument, ragged) : null)]
                : throw Wrong(argument, "is one array");
        }

        return items.Count == names.Count
            ? [.. items.Select((item, i) => Part(item, FormattableString.Invariant($"{argument}[{i}]"), ragged))]
            : throw Wrong(argument, $"has {items.Count}");
    }

    private DataPart[] RequireAll(DataPart?[] parts, string argument, bool[] needed, string advice)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] is null && needed[i])
            {
                throw new ArgumentException($"{argument} has nothing for the {what} '{names[i]}' of model '{model}'. {advice}",
                    argument);
            }
        }

        return [.. parts.OfType<DataPart>()];
    }

    private ArgumentException Wrong(string argument, string has) => new(
        $"Model '{model}' has {names.Count} {what}s ({string.Join(", ", names)}), but {argument} {has}. Give one for each, in "
        + $"this order or by name: [a, b], or new() {{ [\"{names[0]}\"] = a, … }}.", argument);
}
