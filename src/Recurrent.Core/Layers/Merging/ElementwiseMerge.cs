using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A <see cref="Merge"/> of inputs entry by entry. Axes of length 1, and axes in front that an input does not have, are
/// repeated.</summary>
/// <remarks>
/// Inputs: (batch, …), of shapes that go together; output: the shape that all of them are repeated to. Where every input has a
/// mask, the output's says that a step holds data where one of them does; where one has none, the output has none. What a mask
/// hides is merged like anything else, but for <see cref="Multiply"/>, <see cref="Maximum"/> and <see cref="Minimum"/>: there a
/// hidden step leaves the other inputs as they are.
/// </remarks>
public abstract class ElementwiseMerge : Merge
{
    private protected ElementwiseMerge(string? name, bool trainable)
        : base(name, trainable)
    {
    }

    /// <inheritdoc/>
    public sealed override Pass CreatePass(PassOptions options) => new ElementwisePass(this, options);

    private protected sealed override Shape Merged(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers)
    {
        int rank = inputs.Max(shape => shape.Rank);
        var axes = new int?[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int? length = 1;
            int from = 0;
            for (int i = 0; i < inputs.Count; i++)
            {
                int own = axis - (rank - inputs[i].Rank);
                int? other = own < 0 ? 1 : inputs[i][own];
                if (length is not null && other is not null && length != other && length != 1 && other != 1)
                {
                    throw Mismatch(inputs, givers, from, i, "All axes must be equally long, or of length 1.");
                }

                if (length == 1 || (other is null && length is not null))
                {
                    from = i;
                    length = other;
                }
            }

            axes[axis] = length;
        }

        return new(axes);
    }

    /// <summary>
    /// What an input counts as at a step that its mask hides, so that it does not change what the others give; null where it
    /// counts as it is.
    /// </summary>
    internal virtual Real? Neutral => null;

    /// <summary>Whether a step that every input hides gives 0; else it gives what the first input has there.</summary>
    internal virtual bool IsZeroWithoutData => false;

    /// <summary>Whether the gradient of every input is that of the output, repeated inputs aside.</summary>
    internal virtual bool HandsGradientOn => false;

    /// <summary>Computes the output.</summary>
    /// <param name="inputs">The values of the inputs, repeated to the shape of the output.</param>
    /// <param name="output">Receives the output.</param>
    internal abstract void Combine(IReadOnlyList<DenseMatrix> inputs, Span<Real> output);

    /// <summary>Computes the gradient of one input.</summary>
    /// <param name="inputs">The values of the inputs, repeated.</param>
    /// <param name="output">The output.</param>
    /// <param name="index">Which input.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dx">Receives the gradient of the input, repeated.</param>
    internal abstract void CombineBack(IReadOnlyList<DenseMatrix> inputs, ReadOnlySpan<Real> output, int index,
        ReadOnlySpan<Real> dy, Span<Real> dx);
}
