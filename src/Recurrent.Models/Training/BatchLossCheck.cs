using Recurrent.Losses;

namespace Recurrent.Training;

/// <summary>Checks, before any work, what a loss that looks at more than a column needs.</summary>
internal static class BatchLossCheck
{
    /// <summary>Labels in rows of unequal length as one array, filled up; null where they are no rows.</summary>
    /// <param name="labels">The labels of each sample.</param>
    /// <param name="blank">What fills up.</param>
    public static NDArray? Filled(RaggedSequences labels, int blank)
    {
        int longest = 0;
        for (int i = 0; i < labels.Count; i++)
        {
            if (labels[i].Rank != 1)
            {
                return null;
            }

            longest = Math.Max(longest, labels[i].Shape[0]);
        }

        var filled = new NDArray(labels.Count, Math.Max(1, longest));
        Array.Fill(filled.Values, blank);
        for (int i = 0; i < labels.Count; i++)
        {
            labels[i].Values.CopyTo(filled.Values.AsSpan(i * Math.Max(1, longest)));
        }

        return filled;
    }

    /// <summary>Checks that the targets of each sample fit its steps.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="steps">Number of steps of the output of a sample.</param>
    public static void Steps(BatchLoss loss, SampleArray targets, Func<int, int> steps)
    {
        int size = targets.SampleShape.Size;
        for (int i = 0; i < targets.Count; i++)
        {
            loss.CheckSteps(targets.Values.Slice(i * size, size), steps(i), i);
        }
    }

    /// <summary>Requires weights of whole samples, where the loss knows samples at all.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="weights">The weights, or null.</param>
    /// <param name="argument">Name of the argument.</param>
    public static void Weights(BatchLoss loss, Samples? weights, string argument)
    {
        if (weights is null)
        {
            return;
        }

        if (!loss.TakesSampleWeights)
        {
            throw new ArgumentException(
                $"{loss.ClassName} with this axis has no loss of its own for each sample, so {argument} has nothing to weigh. "
                + "Leave 0 out of its axis.", argument);
        }

        bool ofSamples = weights is RaggedSamples ragged
            ? ragged.Items.ToArray().All(item => Array.TrueForAll(item.Values, weight => weight == item.Values[0]))
            : weights.SampleShape.Steps == 1;
        if (!ofSamples)
        {
            throw new ArgumentException(
                $"{loss.ClassName} looks at whole samples, so {argument} must hold one weight for each sample, and not for "
                + "each step.", argument);
        }
    }
}
