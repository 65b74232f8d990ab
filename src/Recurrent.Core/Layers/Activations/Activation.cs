using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Applies an activation function: <c>y = f(x)</c>; backward <c>dx = f'(x) ∘ dy</c>.</summary>
/// <remarks>
/// Input and output: (batch, …, features), of any rank from 2 on; functions of a whole vector, such as softmax, run over the last
/// axis, and <c>glu</c> gives half of the features. A mask is passed on. Keras's keras.layers.Activation.
/// </remarks>
public sealed class Activation : FunctionLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="activation">The function f, or its name.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>activation</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    public Activation(ActivationFunction activation, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(activation, name, trainable, inputShape)
    {
    }

    /// <summary>Creates the layer.</summary>
    /// <param name="activation">The name of the function f; <c>glu</c> halves the features.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>activation</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    public Activation(string activation, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this(IsGlu(activation) ? new Glu() : activation, name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Activation";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("activation", LayerConfig.Entry(Function));
        return config;
    }

    internal static Activation Read(ConfigReader config) =>
        new(
            IsGlu(config.Raw("activation") as string)
                ? new Glu() : config.Activation("activation") ?? throw config.Missing("activation"),
            config.Name(),
            config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };

    private static bool IsGlu(string? activation) => string.Equals(activation, Glu.Named, StringComparison.OrdinalIgnoreCase);
}
