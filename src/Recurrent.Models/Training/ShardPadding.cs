using Recurrent.Layers;
using Recurrent.Regularizers;

namespace Recurrent.Training;

/// <summary>
/// Follows the padding of a shard's samples, where they are of unequal length, from layer to layer: what is masked because of it, and
/// what no penalty on activities counts.
/// </summary>
internal sealed class ShardPadding
{
    private readonly IReadOnlyList<Layer> layers;
    private readonly SequenceBatch input;
    private readonly Padding padding;
    private readonly bool[]? mask;
    private readonly Padding?[] outputs;

    /// <summary>Makes room.</summary>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="input">The shard's input; it gets a mask wherever there is padding.</param>
    public ShardPadding(IReadOnlyList<Layer> layers, SequenceBatch input)
    {
        this.layers = layers;
        this.input = input;
        padding = new Padding(input.SampleShape[0]!.Value, input.BatchSize);
        outputs = new Padding?[layers.Count];

        // Ids have no columns of their own that a mask could tell of: the layer that makes some asks its pass.
        mask = input.SampleShape.Rank > 1 ? new bool[input.Values.ColumnCount] : null;
    }

    /// <summary>The padding of what the last layer that was followed gave; null where there is none.</summary>
    public Padding? Current { get; private set; }

    /// <summary>Finds the padding of new input, and masks it.</summary>
    public void Begin(Samples samples, ReadOnlySpan<int> own)
    {
        Current = samples.FindPadding(own, padding, input.SampleShape[0]!.Value) ? padding : null;
        input.Mask = Current is null ? null : mask;
        if (input.Mask is not null)
        {
            Array.Fill(input.Mask, true);
            Current!.Hide(input.Mask);
        }
    }

    /// <summary>Finds the padding of what a layer gave.</summary>
    /// <exception cref="InvalidOperationException">The layer keeps the steps but not the mask, so that padding would count as data.</exception>
    public void Follow(int index, SequenceBatch output)
    {
        Layer layer = layers[index];
        if (Current is not null)
        {
            if (layer.OutputShape![0] is not null)
            {
                // The axis of unequal length is gone: what is left is of one length for all samples.
                Current = null;
            }
            else if (output.Mask is null)
            {
                throw new InvalidOperationException(
                    $"{layer.Introduction} does not hand on which steps are padding, so it takes sequences of one length only. Give it sequences of equal length, one array for all, or put it behind a layer that gives one vector for each sequence.");
            }
            else if (layer.TurnsSteps)
            {
                Current = Current.Reversed;
            }
        }

        outputs[index] = Current;
    }

    /// <summary>The penalty on what a layer gave, padding left out; null where there is no padding.</summary>
    public double? Penalty(int index, Regularizer regularizer, DenseMatrix output)
    {
        if (outputs[index] is not { } own)
        {
            return null;
        }

        double sum = 0;
        int rows = output.RowCount;
        for (int column = 0; column < output.ColumnCount; column++)
        {
            if (!own.Hides(column, output.ColumnCount))
            {
                sum += regularizer.Penalty(output.Values.AsSpan(column * rows, rows), rows);
            }
        }

        return sum;
    }

    /// <summary>Adds the gradient of the penalty; false where there is no padding and all columns count.</summary>
    public bool AddGradient(int index, Regularizer regularizer, DenseMatrix output, DenseMatrix gradient, int batchSize)
    {
        if (outputs[index] is not { } own)
        {
            return false;
        }

        int rows = output.RowCount;
        for (int column = 0; column < output.ColumnCount; column++)
        {
            if (!own.Hides(column, output.ColumnCount))
            {
                regularizer.AddGradient(
                    output.Values.AsSpan(column * rows, rows), gradient.Values.AsSpan(column * rows, rows), rows, (Real)1 / batchSize);
            }
        }

        return true;
    }
}
