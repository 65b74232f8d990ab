using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What layers share that draw random numbers in training, and pass their input on as it is otherwise.</summary>
public abstract class NoiseLayer : UnaryLayer<DropoutPass>
{
    private protected NoiseLayer(string? name, bool trainable, Shape? inputShape, int? seed)
        : base(name, trainable, inputShape) => SeedOption = seed;

    /// <inheritdoc/>
    public sealed override Obstacle? StreamingObstacle => null;

    internal sealed override CallForm CallForm => CallForm.Trained;

    /// <inheritdoc/>
    protected sealed override SequenceBatch Forward(DropoutPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        return Draw(pass, input);
    }

    /// <inheritdoc/>
    protected sealed override DenseMatrix? Backward(DropoutPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        return pass.DropGradient(outputGradient);
    }

    /// <summary>The input with its noise, which the pass remembers as factors of the gradient.</summary>
    private protected abstract SequenceBatch Draw(DropoutPass pass, SequenceBatch input);
}
