using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// What a forward pass of <see cref="LayerNormalization"/> remembers. What is normalized together stands in one column: that is so
/// from the start where the axis is the last; otherwise values are brought there and back.
/// </summary>
public sealed class LayerNormalizationPass : Pass
{
    // Where the values of the gathered columns are in the batch; null where they are in place already.
    private readonly int[]? places;
    private readonly DenseMatrix? gatheredInput;
    private readonly DenseMatrix? gatheredGradient;
    private readonly SequenceBatch output;

    internal LayerNormalizationPass(LayerNormalization layer, PassOptions options, IReadOnlyList<int> axes)
        : base(layer, options)
    {
        Shape input = options.InputShape;
        output = new SequenceBatch(input, options.BatchSize);
        int rows = axes.Aggregate(1, (product, axis) => product * input[axis]!.Value);
        int columns = input.Size / rows * options.BatchSize;
        if (axes.Count > 1 || axes[0] != input.Rank - 1)
        {
            places = Places(input, options.BatchSize, axes, rows);
            gatheredInput = new DenseMatrix(rows, columns);
            gatheredGradient = options.Differentiable ? new DenseMatrix(rows, columns) : null;
        }

        GatheredOutput = places is null ? output.Values : new DenseMatrix(rows, columns);
        Normalized = options.Differentiable ? new DenseMatrix(rows, columns) : GatheredOutput;
        InverseDeviations = new Real[columns];
    }

    /// <summary>Receives the output, gathered.</summary>
    internal DenseMatrix GatheredOutput { get; }

    /// <summary>x̂ of the last forward pass, gathered; the storage of <see cref="GatheredOutput"/> where no backward pass follows.</summary>
    internal DenseMatrix Normalized { get; }

    /// <summary>1 / √(σ² + ε) of each gathered column.</summary>
    internal Real[] InverseDeviations { get; }

    /// <summary>The input with what is normalized together in one column.</summary>
    internal DenseMatrix Gather(DenseMatrix input) => Gather(input, gatheredInput);

    /// <summary>The gradient of the output, gathered.</summary>
    internal DenseMatrix GatherGradient(DenseMatrix gradient) => Gather(gradient, gatheredGradient);

    /// <summary>Brings the output to where it belongs.</summary>
    internal SequenceBatch Finish(bool[]? mask)
    {
        for (int i = 0; i < places?.Length; i++)
        {
            output.Values.Values[places[i]] = GatheredOutput.Values[i];
        }

        output.Mask = mask;
        return output;
    }

    /// <summary>Brings the gradient of the input to where it belongs: into the place of that of the output.</summary>
    internal DenseMatrix ScatterGradient(DenseMatrix gradient)
    {
        for (int i = 0; i < places?.Length; i++)
        {
            gradient.Values[places[i]] = gatheredGradient!.Values[i];
        }

        return gradient;
    }

    private DenseMatrix Gather(DenseMatrix values, DenseMatrix? gathered)
    {
        if (gathered is null)
        {
            return values;
        }

        for (int i = 0; i < gathered.Values.Length; i++)
        {
            gathered.Values[i] = values.Values[places![i]];
        }

        return gathered;
    }

    /// <summary>For each value of the gathered columns its place in the batch.</summary>
    private static int[] Places(Shape input, int batch, IReadOnlyList<int> axes, int rows)
    {
        var places = new int[input.Size * batch];
        int features = input.Features;
        int groups = input.Size / rows;
        for (int place = 0; place < input.Size; place++)
        {
            // The place in a row-major sample, split into that along the axes and that along the others.
            int row = 0;
            int group = 0;
            int rowStride = 1;
            int groupStride = 1;
            int rest = place;
            for (int axis = input.Rank - 1; axis >= 0; axis--)
            {
                int length = input[axis]!.Value;
                if (axes.Contains(axis))
                {
                    row += rest % length * rowStride;
                    rowStride *= length;
                }
                else
                {
                    group += rest % length * groupStride;
                    groupStride *= length;
                }

                rest /= length;
            }

            for (int sample = 0; sample < batch; sample++)
            {
                int column = ((place / features) * batch) + sample;
                places[(((sample * groups) + group) * rows) + row] = (column * features) + (place % features);
            }
        }

        return places;
    }
}
