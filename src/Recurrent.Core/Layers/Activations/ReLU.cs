using Recurrent.Activations;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The rectified linear unit as a layer: <c>y = min(x, maxValue)</c> above the threshold, else <c>negativeSlope · (x −
/// threshold)</c>.
/// </summary>
/// <remarks>
/// Backward: <c>dx = dy</c> between threshold and maximum, <c>negativeSlope · dy</c> up to the threshold, 0 from the maximum on.
/// Input and output: (batch, …), of any rank from 2 on. A mask is passed on. Nair and Hinton, "Rectified linear units improve
/// restricted Boltzmann machines", ICML 2010; Keras's keras.layers.ReLU.
/// </remarks>
public sealed class ReLU : FunctionLayer
{
    private readonly double? maxValue;
    private readonly double negativeSlope;
    private readonly double threshold;

    /// <summary>Creates the layer.</summary>
    /// <param name="maxValue">Largest value of the output, at least 0; null (the default) sets no limit.</param>
    /// <param name="negativeSlope">Slope up to the threshold, at least 0. Default 0.</param>
    /// <param name="threshold">Where the linear part begins, at least 0. Default 0.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>re_lu</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public ReLU(
        double? maxValue = null,
        double negativeSlope = 0,
        double threshold = 0,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(new Relu(negativeSlope, maxValue, threshold), name, trainable, inputShape)
    {
        this.maxValue = maxValue;
        this.negativeSlope = negativeSlope;
        this.threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => "ReLU";

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("max_value", maxValue);
        config.Add("negative_slope", negativeSlope);
        config.Add("threshold", threshold);
        return config;
    }

    internal static ReLU Read(ConfigReader config) => new(
        config.OptionalDouble("max_value"),
        config.Double("negative_slope", 0),
        config.Double("threshold", 0),
        config.Name(),
        config.Trainable())
    { ActivityRegularizer = config.ActivityRegularizer() };
}
