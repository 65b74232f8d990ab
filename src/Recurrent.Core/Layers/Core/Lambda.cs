using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Computes what a <see cref="Lambda"/> gives.</summary>
/// <param name="input">The input, (batch, …); it must stay as it is.</param>
/// <param name="output">Receives the output, (batch, …) of the output shape; it holds zeros.</param>
public delegate void LambdaForward(NDArray input, NDArray output);

/// <summary>Computes the gradient of the loss with respect to the input of a <see cref="Lambda"/>.</summary>
/// <param name="input">The input of the forward pass.</param>
/// <param name="output">The output of the forward pass.</param>
/// <param name="outputGradient">Gradient with respect to the output.</param>
/// <param name="inputGradient">Receives the gradient with respect to the input; it holds zeros.</param>
public delegate void LambdaBackward(NDArray input, NDArray output, NDArray outputGradient, NDArray inputGradient);

/// <summary>
/// A function of one's own as a layer without parameters: <c>y = f(x)</c>, with its gradient where the model is trained.
/// </summary>
/// <remarks>
/// <para>
/// Of single numbers, <c>y = f(x)</c>, with backward <c>dx = f'(x) ∘ dy</c>: <c>new Lambda(x => x * x, x => 2 * x)</c>. Or of
/// arrays whose first axis counts samples, with an output of any shape. Several threads may call a function at once, each
/// with some of the samples of a batch, so what it gives for a sample must not depend on the others, nor on what it was
/// called with before.
/// </para>
/// <para>
/// A mask ends here unless <c>keepsMask</c> is set. A Lambda holds code, which no file does: a model that has one is not
/// saved as a whole, but its weights are (<c>SaveWeights</c>), and a file that names one is refused. A layer of one's own
/// with a name, read with <see cref="CustomObjects"/>, goes into files. <see cref="GradientCheck"/> holds the gradient
/// against measured slopes. Keras's keras.layers.Lambda.
/// </para>
/// </remarks>
/// <example><code>
/// model.Add(new Lambda(x => MathF.Sin(x), x => MathF.Cos(x)));
/// </code></example>
public sealed class Lambda : UnaryLayer<LambdaPass>
{
    private readonly Func<Real, Real>? function;
    private readonly Func<Real, Real>? derivative;
    private readonly LambdaForward? forward;
    private readonly LambdaBackward? backward;
    private readonly Func<Shape, Shape>? outputShape;
    private readonly bool keepsMask;

    /// <summary>Applies a function to every number.</summary>
    /// <param name="function">The function f.</param>
    /// <param name="derivative">Its derivative f'; null (the default) where nothing before the layer is trained.</param>
    /// <param name="keepsMask">Whether a mask is passed on; false by default, as in Keras.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>lambda</c>.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    public Lambda(
        Func<Real, Real> function,
        Func<Real, Real>? derivative = null,
        bool keepsMask = false,
        string? name = null,
        Shape? inputShape = null)
        : base(name, trainable: true, inputShape)
    {
        ArgumentNullException.ThrowIfNull(function);
        this.function = function;
        this.derivative = derivative;
        this.keepsMask = keepsMask;
    }

    /// <summary>Applies a function to arrays.</summary>
    /// <param name="forward">The function f.</param>
    /// <param name="backward">Its gradient; null (the default) where nothing before the layer is trained.</param>
    /// <param name="outputShape">
    /// Shape of a sample of the output for that of the input, without the batch; null leaves it as it is.
    /// </param>
    /// <param name="keepsMask">
    /// Whether a mask is passed on, for which steps must stay steps; false by default, as in Keras.
    /// </param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>lambda</c>.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    public Lambda(
        LambdaForward forward,
        LambdaBackward? backward = null,
        Func<Shape, Shape>? outputShape = null,
        bool keepsMask = false,
        string? name = null,
        Shape? inputShape = null)
        : base(name, trainable: true, inputShape)
    {
        ArgumentNullException.ThrowIfNull(forward);
        this.forward = forward;
        this.backward = backward;
        this.outputShape = outputShape;
        this.keepsMask = keepsMask;
    }

    /// <inheritdoc/>
    public override string ClassName => "Lambda";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => function is null ? base.StreamingObstacle : null;

    private bool HasGradient => derivative is not null || backward is not null;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">A mask is to be passed on, and steps do not stay steps.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Shape output = outputShape?.Invoke(input) ?? input;
        bool sameSteps = output.Rank == input.Rank && output.Axes.SkipLast(1).SequenceEqual(input.Axes.SkipLast(1));
        return !keepsMask || sameSteps
            ? output
            : throw new ShapeException(
                Introduction,
                $"input whose steps stay steps, since keepsMask is set, but outputShape gives {output}",
                input,
                "Leave keepsMask at false, or change the last axis alone.");
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Always: no file holds code.</exception>
    public override Config GetConfig() => throw new InvalidOperationException(
        $"{Introduction} holds code, which no file does, so a model that has it is not saved. Save its weights alone "
        + "(SaveWeights) and make the model by the same code again, or make the Lambda a layer with a name of its own and read "
        + "it with CustomObjects.");

    internal static Lambda Read(ConfigReader config) => throw new ConfigException(
        $"{config.Owner} holds code, and code in a file is not run. Make the model in code, where new Lambda(…) takes a "
        + "function, and load the weights alone (LoadWeights); or say what reads the layer: custom: new "
        + "CustomObjects().Add(\"Lambda\", …).");

    /// <inheritdoc/>
    protected override LambdaPass NewPass(PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return !options.InputGradient || HasGradient
            ? new LambdaPass(this, options, ofArrays: forward is not null)
            : throw new InvalidOperationException(
                $"{Introduction} has no gradient, but layers before it are to be trained. Give it one, "
                + $"new Lambda(f, {(function is not null ? "derivative" : "backward")}: …), or freeze those layers.");
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(LambdaPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        if (function is not null)
        {
            pass.Input = input.Values;
            ReadOnlySpan<Real> x = input.Values.Values;
            Span<Real> y = pass.Output.Values.Values;
            for (int i = 0; i < x.Length; i++)
            {
                y[i] = function(x[i]);
            }
        }
        else
        {
            pass.Run(input, forward!);
        }

        pass.Output.Mask = keepsMask ? input.Mask : null;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(LambdaPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        if (!pass.Options.InputGradient)
        {
            return null;
        }

        if (derivative is null)
        {
            return pass.RunBack(outputGradient, backward!);
        }

        ReadOnlySpan<Real> x = pass.Input!.Values;
        Span<Real> gradient = outputGradient.Values;
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] *= derivative(x[i]);
        }

        return outputGradient;
    }
}
