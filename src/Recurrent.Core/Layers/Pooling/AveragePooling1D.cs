using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The mean of each feature over a window that moves along the steps: <c>y_i = (1/n_i) Σ_k x_{i·strides + k − before}</c>.
/// </summary>
/// <remarks>
/// <para>
/// n_i is the number of steps that the window sees, those beyond the ends not counted. Backward: each of them gets
/// <c>dy_i/n_i</c>.
/// </para>
/// <para>
/// Input (batch, timesteps, features), output (batch, new steps, features); with dataFormat "channels_first" the last two axes of
/// both are swapped. The number of steps: see <see cref="Pooling1D"/>. No parameters. Keras's keras.layers.AveragePooling1D.
/// </para>
/// </remarks>
public sealed class AveragePooling1D : Pooling1D
{
    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">Number of steps that the window sees, at least 1. Default 2.</param>
    /// <param name="strides">
    /// How far the window moves from step to step; null (the default) is <paramref name="poolSize"/>.
    /// </param>
    /// <param name="padding">"valid" (the default) or "same".</param>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>average_pooling1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public AveragePooling1D(
        int poolSize = 2,
        int? strides = null,
        string padding = "valid",
        string? dataFormat = null,
        string? name = null,
        bool trainable = true,
        Shape? inputShape = null)
        : base(Pool.Average, poolSize, strides, padding, dataFormat, name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "AveragePooling1D";

    internal static AveragePooling1D Read(ConfigReader config)
    {
        (int poolSize, int? strides, string padding, string? dataFormat) = ReadWindow(config);
        return new(poolSize, strides, padding, dataFormat, config.Name(), config.Trainable())
        {
            ActivityRegularizer = config.ActivityRegularizer(),
        };
    }
}
