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
    /// <exception cref="ShapeException">The function halves the features, and their number is odd or unknown.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (Function is not Glu)
        {
            return input;
        }

        return input.Rank > 0 && input[^1] is int features && Function.OutputRows(features) is > 0 and var half
            ? input.WithFeatures(half)
            : throw new ShapeException(
                Introduction, "input with an even number of features, since glu halves them", input,
                    "Give the layer before it twice the units.");
    }

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

        if (pass.InputGradient is { } inputGradient)
        {
            Function.Backward(pass.Input!.Values, pass.Output.Values.Values, outputGradient.Values, inputGradient.Values,
                inputGradient.RowCount);
            return inputGradient;
        }

        Span<Real> gradient = outputGradient.Values;
        Function.Backward(pass.Input!.Values, pass.Output.Values.Values, gradient, gradient, outputGradient.RowCount);
        return outputGradient;
    }
}
