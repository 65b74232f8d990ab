using System.Globalization;
using Recurrent.Activations;
using Recurrent.Inspection;
using Recurrent.Layers;
using Recurrent.Training;

namespace Recurrent.Diagnosing;

/// <summary>Looks for units that do nothing, and for those that are at a limit of their function.</summary>
internal static class ActivityCheck
{
    private const int MostSamples = 128;

    /// <summary>A unit is at a limit where so much of its values is within a hundredth of it.</summary>
    private const double MostOfThem = 0.95;

    private const double Near = 0.01;
    private const double DeadShare = 0.1;
    private const double SaturatedShare = 0.25;
    private const double SaturatedGates = 0.75;

    /// <summary>Finds what is wrong.</summary>
    public static IEnumerable<Finding> Of(TrainingContext context, TrainingData data)
    {
        Network network = context.Network;
        int[] chosen = new SampleReader(data.Inputs.Parts[0], MostSamples).Chosen.ToArray();
        network.Prepare();

        // One shard that could go backward: its passes keep all values.
        var shard = new Shard(network, [], network.InferShapes(data.Inputs.ShapesOf(chosen)), 0, chosen.Length, threads: 1);
        shard.Forward(data.Inputs, chosen, training: false, key: 0, states: null);
        foreach (NetworkNode node in network.Nodes)
        {
            bool isOutput = network.OutputPlaces.Any(place => place == node.FirstOutput);
            if (OutputRange.Of(node.Layer) is { } range
                && Of(node, range, shard.Pass.Value(node.FirstOutput), isOutput) is { } finding)
            {
                yield return finding;
            }
        }

        foreach (RecurrentRun run in shard.Pass.RecurrentRuns())
        {
            if (OfGates(Inspector.Trace(run)) is { } finding)
            {
                yield return finding;
            }
        }
    }

    private static Finding? Of(NetworkNode node, OutputRange range, SequenceBatch values, bool isOutput)
    {
        int units = values.Values.RowCount;
        var atLimit = new int[units];
        int columns = 0;
        bool oneSided = range.IsOpen && double.IsFinite(range.Least);
        bool bounded = !range.IsOpen && !isOutput && range.Function is not (Activations.Softmax or Sparsemax)
            && node.Layer is not (LSTM or GRU);
        if (!oneSided && !bounded)
        {
            return null;
        }

        double near = oneSided ? 1e-6 : Near * (range.Most - range.Least);
        for (int column = 0; column < values.Values.ColumnCount; column++)
        {
            if (values.Mask?[column] == false)
            {
                continue;
            }

            columns++;
            ReadOnlySpan<Real> step = values.Values.Values.AsSpan(column * units, units);
            for (int unit = 0; unit < units; unit++)
            {
                atLimit[unit] += step[unit] <= range.Least + near || step[unit] >= range.Most - near ? 1 : 0;
            }
        }

        int count = atLimit.Count(each => each >= (oneSided ? columns : MostOfThem * columns));
        double share = (double)count / units;
        if (columns < 2 || share < (oneSided ? DeadShare : SaturatedShare))
        {
            return null;
        }

        return oneSided
            ? new(FindingKind.DeadUnits, node.Layer.Introduction, share, string.Create(CultureInfo.InvariantCulture,
                $"{count} of {units} units of {node.Layer.Introduction} give {range.Least:G3} for every sample ({range.Name}): "
                + $"no gradient passes them, and they stay as they are."),
                "Use a lower learning rate, the initializer he_uniform, or leaky_relu or elu in place of relu; scale the inputs.")
            : new(FindingKind.SaturatedUnits, node.Layer.Introduction, share, string.Create(CultureInfo.InvariantCulture,
                $"{count} of {units} units of {node.Layer.Introduction} are at a limit of {range.Name} nearly always, where its "
                + $"gradient is almost 0."),
                "Scale the inputs, use smaller first weights or a lower learning rate, or a normalization before the layer.");
    }

    private static Finding? OfGates(LayerTrace trace)
    {
        long all = 0;
        long atLimit = 0;
        foreach (TracedValue gate in trace.Gates)
        {
            Real least = gate.Values.Values.Min();
            Real most = gate.Values.Values.Max();
            if (least < -1.001f || most > 1.001f)
            {
                // A function without bounds, of which nothing can be said.
                continue;
            }

            double from = least < 0 ? -1 : 0;
            double near = Near * (1 - from);
            all += gate.Values.Values.Length;
            atLimit += gate.Values.Values.Count(value => value <= from + near || value >= 1 - near);
        }

        double share = all == 0 ? 0 : (double)atLimit / all;
        return share < SaturatedGates ? null : new(FindingKind.SaturatedUnits, trace.Layer, share, string.Create(
            CultureInfo.InvariantCulture, $"{100 * share:F0} % of the gates of '{trace.Layer}' are fully open or closed, where "
            + $"their gradient is almost 0."),
            "Scale the inputs, use smaller first weights or a lower learning rate.");
    }
}
