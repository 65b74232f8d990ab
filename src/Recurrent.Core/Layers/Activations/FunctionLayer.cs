using Recurrent.Activations;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer that applies one function to its input: <c>y = f(x)</c>; backward <c>dx = f'(x) ∘ dy</c>.</summary>
/// <remarks>Input and output: (batch, …), of any rank from 2 on. A mask is passed on.</remarks>
public abstract class FunctionLayer : UnaryLayer<ActivationPass>
{
    private protected FunctionLayer(ActivationFunction function, string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(function);
        Function = function;
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <summary>f.</summary>
    internal ActivationFunction Function { get; }

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    protected override ActivationPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(ActivationPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Input = input.Values;
        pass.Output.Mask = input.Mask;
        Function.Forward(input.Values.Values, pass.Output.Values.Values, input.Values.RowCount);
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(ActivationPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!pass.Options.InputGradient)
        {
            return null;
        }

        Span<Real> gradient = outputGradient.Values;
        Function.Backward(pass.Input!.Values, pass.Output.Values.Values, gradient, gradient, outputGradient.RowCount);
        return outputGradient;
    }
}
