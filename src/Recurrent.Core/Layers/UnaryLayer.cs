using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer of one input and one output, as most are.</summary>
public abstract class UnaryLayer : Layer
{
    /// <inheritdoc cref="Layer(string?, bool, Shape?)"/>
    protected UnaryLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public abstract override Shape ComputeOutputShape(Shape input);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.Count == 1 ? [ComputeOutputShape(inputs[0])] : throw WrongInputs("takes one input", inputs);
    }

    /// <inheritdoc/>
    public abstract override SequenceBatch Forward(Pass pass, SequenceBatch input);

    /// <inheritdoc/>
    public sealed override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs) =>
        outputs[0] = Forward(pass, inputs[0]);

    /// <inheritdoc/>
    public abstract override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient);

    /// <inheritdoc/>
    public sealed override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients,
        Span<DenseMatrix?> inputGradients) =>
        inputGradients[0] = Backward(pass, outputGradients[0]!);
}

/// <summary>A layer of one input and one output whose passes are of a type of its own.</summary>
/// <typeparam name="TPass">What a forward pass remembers.</typeparam>
public abstract class UnaryLayer<TPass> : UnaryLayer
    where TPass : Pass
{
    /// <inheritdoc cref="Layer(string?, bool, Shape?)"/>
    protected UnaryLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public sealed override Pass CreatePass(PassOptions options) => NewPass(options);

    /// <inheritdoc/>
    public sealed override SequenceBatch Forward(Pass pass, SequenceBatch input) => Forward((TPass)pass, input);

    /// <inheritdoc/>
    public sealed override DenseMatrix? Backward(Pass pass, DenseMatrix outputGradient) => Backward((TPass)pass, outputGradient);

    /// <inheritdoc cref="Layer.CreatePass"/>
    protected abstract TPass NewPass(PassOptions options);

    /// <inheritdoc cref="Layer.Forward(Pass, SequenceBatch)"/>
    protected abstract SequenceBatch Forward(TPass pass, SequenceBatch input);

    /// <inheritdoc cref="Layer.Backward(Pass, DenseMatrix)"/>
    protected abstract DenseMatrix? Backward(TPass pass, DenseMatrix outputGradient);
}
