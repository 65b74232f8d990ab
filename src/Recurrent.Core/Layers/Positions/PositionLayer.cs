using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer that tells the steps of a sequence apart: layers that look at all steps at once, such as attention, do not
/// know their order.</summary>
/// <remarks>
/// Input and output: (batch, timesteps, features). A mask is passed on. The first step of each sequence has position 0, also
/// where it stands behind padding in a batch of sequences of unequal length; in a session positions go on from step to step.
/// </remarks>
public abstract class PositionLayer : UnaryLayer<PositionPass>
{
    private protected PositionLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no sequence of vectors of known width, or the layer cannot take that
    /// width.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank != 2 || input[1] is not int features)
        {
            throw new ShapeException(
                Introduction,
                "input of rank 3 (batch, timesteps, features) with a known number of features",
                input,
                "Set returnSequences: true on a recurrent layer before it, or give inputShape: (timesteps: 10, features: 1).");
        }

        CheckShape(input, features);
        return input;
    }

    /// <summary>Requires a width that the layer can take, and no more steps than it knows.</summary>
    /// <param name="input">Shape of a sample.</param>
    /// <param name="features">Its number of features.</param>
    private protected virtual void CheckShape(Shape input, int features)
    {
    }

    /// <inheritdoc/>
    protected override PositionPass NewPass(PassOptions options) => new(this, options);
}
