using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Applies an activation function: <c>y = f(x)</c>; backward <c>dx = f'(x) ∘ dy</c>.</summary>
/// <remarks>
/// Input and output: (batch, …, features), of any rank from 2 on; functions of a whole vector, such as softmax, run over the last
/// axis. A mask is passed on. Keras's keras.layers.Activation.
/// </remarks>
public sealed class Activation : UnaryLayer<ActivationPass>
{
    private readonly ActivationFunction activation;

    /// <summary>Creates the layer.</summary>
    /// <param name="activation">The function f, or its name.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>activation</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    public Activation(ActivationFunction activation, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(activation);
        this.activation = activation;
    }

    /// <inheritdoc/>
    public override string ClassName => "Activation";

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <summary>The function f.</summary>
    internal ActivationFunction Function => activation;

    /// <inheritdoc/>
    public override Shape ComputeOutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("activation", LayerConfig.Entry(activation));
        return config;
    }

    internal static Activation Read(ConfigReader config) =>
        new(
            config.Activation("activation") ?? throw new ConfigException("Activation needs the option 'activation', which is missing."),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    /// <inheritdoc/>
    protected override ActivationPass NewPass(PassOptions options) => new(this, options);

    /// <inheritdoc/>
    protected override SequenceBatch Forward(ActivationPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Input = input.Values;
        pass.Output.Mask = input.Mask;
        activation.Forward(input.Values.Values, pass.Output.Values.Values, input.Values.RowCount);
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
        activation.Backward(pass.Input!.Values, pass.Output.Values.Values, gradient, gradient, outputGradient.RowCount);
        return outputGradient;
    }
}
