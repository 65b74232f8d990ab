using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A rectified linear unit that leaks, as a layer: <c>y = x</c> above 0, else <c>negativeSlope · x</c>.</summary>
/// <remarks>
/// Backward: <c>dx = dy</c> above 0, else <c>negativeSlope · dy</c>. Input and output: (batch, …), of any rank from 2 on. A mask
/// is passed on. Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", ICML 2013; Keras's
/// keras.layers.LeakyReLU, whose slope is 0.3 where that of the activation <c>leaky_relu</c> is 0.2.
/// </remarks>
public sealed class LeakyReLU : FunctionLayer
{
    private readonly double negativeSlope;

    /// <summary>Creates the layer.</summary>
    /// <param name="negativeSlope">Slope up to 0, at least 0. Default 0.3.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>leaky_re_lu</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">The slope is negative.</exception>
    public LeakyReLU(double negativeSlope = 0.3, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(new LeakyRelu(negativeSlope), name, trainable, inputShape) => this.negativeSlope = negativeSlope;

    /// <inheritdoc/>
    public override string ClassName => "LeakyReLU";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("negative_slope", negativeSlope);
        return config;
    }

    internal static LeakyReLU Read(ConfigReader config) =>
        new(config.Double("negative_slope", 0.3), config.Name(), config.Trainable())
        { ActivityRegularizer = config.ActivityRegularizer() };
}
