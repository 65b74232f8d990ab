using System.Globalization;
using Recurrent.Layers;
using Recurrent.Registration;
using Recurrent.Shapes;
using Recurrent.Streaming;
using Recurrent.Training;

namespace Recurrent.Models;

/// <summary>Takes what a caller gives a session once, and checks it.</summary>
/// <param name="model">The model.</param>
internal sealed class SessionStarts(Model model)
{
    private readonly Network network = model.Network;
    private readonly string[] names = [.. model.InputNames];

    /// <summary>The batches of what was given.</summary>
    /// <param name="start">By the names of inputs; or the states to begin with, in order.</param>
    /// <param name="sequences">Number of sequences; null for as many as there are.</param>
    /// <exception cref="ArgumentException">It does not fit the model.</exception>
    public SessionStart Of(ModelData start, int? sequences)
    {
        ModelData?[] parts = Split(start);
        var batches = new SequenceBatch?[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            if (parts[i] is not { } part)
            {
                continue;
            }

            batches[i] = BatchOf(part, i);
            int expected = sequences ?? batches.First(batch => batch is not null)!.BatchSize;
            if (batches[i]!.BatchSize != expected)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"start[\"{names[i]}\"] has {batches[i]!.BatchSize} rows, but the session holds {expected} sequences. "
                    + $"Give one row for each sequence."),
                    nameof(start));
            }
        }

        return new(batches);
    }

    private ModelData?[] Split(ModelData start)
    {
        if (start.Named is { } named)
        {
            string? unknown = named.Keys.FirstOrDefault(name => !names.Contains(name));
            return unknown is null
                ? [.. names.Select(name => named.GetValueOrDefault(name))]
                : throw new ArgumentException(
                    ($"start names '{unknown}', but the inputs of model '{model.Name}' are {string.Join(", ", names)}. "
                    + $"{Spelling.DidYouMean(unknown, names)}").TrimEnd(),
                    nameof(start));
        }

        // States to begin with are told apart from inputs that come step by step, so they need no names.
        int[] states = [.. Enumerable.Range(0, names.Length).Where(i => SessionPlan.BeginsStates(network, i))];
        IReadOnlyList<ModelData> items = start.Items ?? [start];
        if (items.Count != states.Length)
        {
            throw new ArgumentException(
                $"start has {items.Count} {(items.Count == 1 ? "part" : "parts")} without names, which are states to begin "
                + $"with, and model '{model.Name}' has {states.Length} such inputs "
                + $"({string.Join(", ", states.Select(i => names[i]))}). Give what is given once by name: new() {{ "
                + $"[\"{names[^1]}\"] = … }}.",
                nameof(start));
        }

        var parts = new ModelData?[names.Length];
        for (int i = 0; i < states.Length; i++)
        {
            parts[states[i]] = items[i];
        }

        return parts;
    }

    private SequenceBatch BatchOf(ModelData part, int input)
    {
        string argument = $"start[\"{names[input]}\"]";
        string who = $"Input '{names[input]}'";
        Layer reader = network.ReaderOf(input) ?? network.Inputs[input].Layer;
        Shape expected = network.Inputs[input].Shape;
        RaggedSequences? sequences = part.Sequences
            ?? (part.Items is { Count: > 0 } items && items.All(item => item.Array is not null)
                ? new(items.Select(item => item.Array!))
                : null);
        Samples samples = sequences is not null ? RaggedCheck.Inputs(sequences, expected, reader, who, argument)
            : (part.Array ?? part.Lazy?.ToArray()) is { } array ? DataCheck.Inputs(array, expected, reader, who, argument)
            : throw new ArgumentException($"{argument} is a list that is empty, or of lists. Give an array, or "
                + "sequences.", nameof(part));
        int[] all = [.. Enumerable.Range(0, samples.Count)];
        int longest = samples is RaggedSamples ragged ? ragged.Items.ToArray().Max(item => item.Shape[0]) : 0;
        var batch = new SequenceBatch(
            longest > 0 ? new([longest, .. samples.SampleShape.Axes.Skip(1)]) : samples.SampleShape, samples.Count);
        samples.Gather(all, batch.Values);
        if (longest > 0)
        {
            var padding = new Padding(longest, samples.Count);
            samples.FindPadding(all, padding, longest);
            SessionStart.Pad(batch, padding);
        }

        return batch;
    }
}
