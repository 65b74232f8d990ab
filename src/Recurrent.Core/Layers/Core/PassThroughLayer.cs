using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer that gives its input as it is: <c>y = x</c>; backward <c>dx = dy</c>.</summary>
/// <remarks>Input and output: (batch, …), of any rank from 2 on. A mask is passed on.</remarks>
public abstract class PassThroughLayer : UnaryLayer
{
    private protected PassThroughLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override SequenceBatch Forward(Pass pass, SequenceBatch input) => input;

    /// <inheritdoc/>
    public override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Options.InputGradient ? outputGradient : null;
    }
}
