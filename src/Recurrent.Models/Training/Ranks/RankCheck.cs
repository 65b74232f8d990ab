using Recurrent.Losses;

namespace Recurrent.Training;

/// <summary>Says what cannot be shared among ranks, before any work.</summary>
internal static class RankCheck
{
    /// <summary>Requires that the shards of a batch can run in different processes.</summary>
    /// <exception cref="InvalidOperationException">The model cannot be cut.</exception>
    /// <exception cref="ArgumentException">The data cannot.</exception>
    public static void Require(TrainingContext context, TrainingData data)
    {
        string? problem = context.IsStateful
                ? "is stateful, and states would be left behind on other ranks. Use layers without stateful: true"
            : context.Network.StatisticNodes.Length > 0
                ? $"has {context.Network.Nodes[context.Network.StatisticNodes[0]].Layer.Introduction}, whose statistics "
                    + "are of the whole batch. Use LayerNormalization or GroupNormalization"
            : context.Network.NeedsWholeBatches ? "has a layer that needs whole batches, which cannot be cut" : null;
        if (problem is not null)
        {
            throw new InvalidOperationException($"Model '{context.Name}' cannot be trained on several ranks: it {problem}.");
        }

        if (data.Inputs.IsRagged)
        {
            throw new ArgumentException(
                "Sequences of unequal length cannot be trained on several ranks. Pad them (PadSequences) and "
                + "mask the padding (Masking, maskZero).");
        }

        if (data.Outputs.FirstOrDefault(output => output?.Loss is BatchLoss) is { } whole)
        {
            throw new InvalidOperationException(
                $"The loss '{whole.Loss.Name}' looks at a whole batch, which several ranks do not "
                + "have. Use a loss of single samples or steps.");
        }
    }
}
