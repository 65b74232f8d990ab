using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>Gives its input as it is and adds a penalty on it to the loss: <c>(l1·Σ|x| + l2·Σ x²) / batch size</c>.</summary>
/// <remarks>
/// Backward <c>dx = dy + (l1·sign(x) + 2·l2·x) / batch size</c>. Input and output: (batch, …), of any rank from 2 on. A mask is
/// passed on; values of masked steps count, as in Keras. Keras's keras.layers.ActivityRegularization.
/// </remarks>
public sealed class ActivityRegularization : PassThroughLayer
{
    private readonly double l1;
    private readonly double l2;

    /// <summary>Creates the layer.</summary>
    /// <param name="l1">Weight of the magnitudes; at least 0. Default 0.</param>
    /// <param name="l2">Weight of the squares; at least 0. Default 0.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>activity_regularization</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model.</param>
    /// <exception cref="ArgumentException">A weight is negative.</exception>
    public ActivityRegularization(double l1 = 0, double l2 = 0, string? name = null, bool trainable = true,
        Shape? inputShape = null)
        : base(name, trainable, inputShape)
    {
        new OptionCheck(Introduction).AtLeast(nameof(l1), l1, 0).AtLeast(nameof(l2), l2, 0).ThrowIfAny();
        this.l1 = l1;
        this.l2 = l2;
        ActivityRegularizer = new L1L2(l1, l2);
    }

    /// <inheritdoc/>
    public override string ClassName => "ActivityRegularization";

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "name", Name }, { "trainable", Trainable }, { "l1", l1 }, { "l2", l2 } };

    internal static ActivityRegularization Read(ConfigReader config) =>
        new(config.Double("l1", 0), config.Double("l2", 0), config.Name(), config.Trainable());
}
