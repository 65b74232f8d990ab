using Recurrent.Regularizers;

namespace Recurrent.Layers;

/// <summary>
/// How the padding of samples of unequal length goes from layer to layer with the batches, and what of an activity counts beside
/// it.
/// </summary>
internal static class NetworkPadding
{
    /// <summary>The padding of what a node gave; null where there is none.</summary>
    /// <exception cref="InvalidOperationException">The layer keeps the steps but not the mask, so that padding would count as
    /// data.</exception>
    public static Padding? Of(NetworkNode node, ReadOnlySpan<SequenceBatch> inputs, int index, SequenceBatch output)
    {
        Layer layer = node.Layer;
        if (layer.PaddingOf(inputs) is not { } padding || node.OutputShapes[index] is not { Rank: > 0 } shape
            || shape[0] is not null)
        {
            // Where the axis of unequal length is gone, what is left is of one length for all samples.
            return null;
        }

        // Tokens have no columns of their own that a mask could tell of.
        bool ofTokens = shape.Rank == 1 && layer.ReadsTokens;
        if (output.Mask is null && !ofTokens)
        {
            throw new InvalidOperationException(
                $"{layer.Introduction} does not hand on which steps are padding, so it takes sequences of one length only. "
                + "Give it sequences of equal length, one array for all, or put it behind a layer that gives one vector for "
                + "each sequence.");
        }

        return layer.TurnsSteps ? padding.Reversed : padding;
    }

    /// <summary>The penalty on what a layer gave, padding left out.</summary>
    public static double Penalty(Regularizer regularizer, SequenceBatch output)
    {
        DenseMatrix values = output.Values;
        int rows = values.RowCount;
        if (output.Padding is not { } padding || output.SampleShape.Rank == 1)
        {
            return regularizer.Penalty(values.Values, rows);
        }

        double sum = 0;
        for (int column = 0; column < values.ColumnCount; column++)
        {
            if (!padding.Hides(column, values.ColumnCount))
            {
                sum += regularizer.Penalty(values.Values.AsSpan(column * rows, rows), rows);
            }
        }

        return sum;
    }

    /// <summary>Adds the gradient of that penalty.</summary>
    public static void AddPenaltyGradient(Regularizer regularizer, SequenceBatch output, DenseMatrix gradient, Real scale)
    {
        DenseMatrix values = output.Values;
        int rows = values.RowCount;
        if (output.Padding is not { } padding || output.SampleShape.Rank == 1)
        {
            regularizer.AddGradient(values.Values, gradient.Values, rows, scale);
            return;
        }

        for (int column = 0; column < values.ColumnCount; column++)
        {
            if (!padding.Hides(column, values.ColumnCount))
            {
                regularizer.AddGradient(
                    values.Values.AsSpan(column * rows, rows), gradient.Values.AsSpan(column * rows, rows), rows, scale);
            }
        }
    }
}
