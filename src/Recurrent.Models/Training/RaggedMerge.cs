using System.Globalization;
using Recurrent.Layers;

namespace Recurrent.Training;

/// <summary>
/// Checks, before any work is done, that layers which merge sequences of unequal length step by step can do so.
/// </summary>
internal static class RaggedMerge
{
    /// <summary>Requires that what is merged step by step has as many steps in each sample.</summary>
    /// <param name="network">The graph.</param>
    /// <param name="parts">The samples of each input.</param>
    /// <param name="argument">Name of the argument.</param>
    /// <exception cref="ArgumentException">It has not; the message names the layer, the inputs and the sample.</exception>
    public static void Require(Network network, IReadOnlyList<Samples> parts, string argument)
    {
        foreach (NetworkNode node in network.Nodes.Where(node => node.Layer is Merge))
        {
            int[] sources =
            [
                .. node.Reads.Where(read => network.Shapes[read] is { Rank: > 0 } shape && shape[0] is null)
                    .Select(network.SourceOf).Distinct(),
            ];
            if (!Array.Exists(sources, source => parts[source] is RaggedSamples))
            {
                continue;
            }

            if (node.Layer is Concatenate concatenate && concatenate.PutsStepsBehind(network.Shapes[node.Reads[0]]))
            {
                throw new ArgumentException(
                    $"{node.Layer.Introduction} puts sequences behind one another, which it cannot do with sequences of "
                    + "unequal length, whose padding would come to stand between them. Give it sequences of equal length, one "
                    + "array for all.", argument);
            }

            for (int i = 1; i < sources.Length; i++)
            {
                RequireAlike(node.Layer, network, parts, sources[0], sources[i], argument);
            }
        }
    }

    private static void RequireAlike(
        Layer layer, Network network, IReadOnlyList<Samples> parts, int first, int second, string argument)
    {
        for (int sample = 0; sample < parts[first].Count; sample++)
        {
            (int a, int b) = (StepsOf(parts[first], sample), StepsOf(parts[second], sample));
            if (a != b)
            {
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layer.Introduction} merges the inputs '{network.Inputs[first].Layer.Name}' and "
                    + $"'{network.Inputs[second].Layer.Name}' step by step, but of sample {sample} they have {a} and {b} "
                    + $"steps. Give them as many steps for each sample."), argument);
            }
        }
    }

    private static int StepsOf(Samples samples, int sample) =>
        samples is RaggedSamples ragged ? ragged.Items[sample].Shape[0] : samples.SampleShape[0] ?? 0;
}
