using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Gives its input as it is, for a place where a layer must stand: <c>y = x</c>; backward <c>dx = dy</c>.</summary>
/// <remarks>
/// Input and output: (batch, …), of any rank from 2 on. A mask is passed on. Keras's keras.layers.Identity; with
/// <c>Recurrent.Initializers</c> in the same file, write <c>Layers.Identity</c>.
/// </remarks>
public sealed class Identity : PassThroughLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="name">Name of the layer; null takes one from the model: <c>identity</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    public Identity(string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Identity";

    /// <inheritdoc/>
    public override Config GetConfig() => StartConfig();

    internal static Identity Read(ConfigReader config) =>
        new(config.Name(), config.Trainable()) { ActivityRegularizer = config.ActivityRegularizer() };
}
