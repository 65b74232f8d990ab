using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The largest value of each feature in each of n equal parts of a sequence.</summary>
/// <remarks>
/// <para>
/// Backward: the first step of a part that has the largest value gets the gradient. Which steps a part sees: see <see
/// cref="AdaptivePooling1D"/>.
/// </para>
/// <para>
/// Input (batch, timesteps, features), output (batch, n, features); with dataFormat "channels_first" the last two axes of both
/// are swapped. No parameters. Keras's keras.layers.AdaptiveMaxPooling1D.
/// </para>
/// </remarks>
public sealed class AdaptiveMaxPooling1D : AdaptivePooling1D
{
    /// <summary>Creates the layer.</summary>
    /// <param name="outputSize">n, the number of steps of the output, at least 1.</param>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>adaptive_max_pooling1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists them all.</exception>
    public AdaptiveMaxPooling1D(
        int outputSize, string? dataFormat = null, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(Pool.Max, outputSize, dataFormat, name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "AdaptiveMaxPooling1D";

    internal static AdaptiveMaxPooling1D Read(ConfigReader config) => new(
        ConvolutionOptions.Size(config, "output_size", null),
        config.OptionalString("data_format"),
        config.Name(),
        config.Trainable())
    {
        ActivityRegularizer = config.ActivityRegularizer(),
    };
}
