using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// The mean of each feature over all steps that hold data: <c>y = (1/n) Σ_t mask_t·x_t</c> with <c>n = Σ_t mask_t</c>.
/// </summary>
/// <remarks>
/// <para>
/// Backward: <c>dx_t = mask_t·dy/n</c>. Where a mask leaves no step of a sample, its output is zero, and not 0/0 as in Keras. The
/// mask ends here.
/// </para>
/// <para>
/// Input (batch, timesteps, features), or with dataFormat "channels_first" (batch, channels, timesteps); output (batch,
/// features), or with
/// <c>keepdims</c> (batch, 1, features), or (batch, channels, 1). No parameters. Keras's keras.layers.GlobalAveragePooling1D.
/// </para>
/// </remarks>
public sealed class GlobalAveragePooling1D : GlobalPooling1D
{
    /// <summary>Creates the layer.</summary>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="keepdims">Whether the output is a sequence of one step, and not a vector. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>global_average_pooling1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">The data format is another one.</exception>
    public GlobalAveragePooling1D(
        string? dataFormat = null, bool keepdims = false, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(Pool.Average, dataFormat, keepdims, name, trainable, inputShape)
    {
    }

    internal override CallForm CallForm => CallForm.Masked;

    /// <inheritdoc/>
    public override string ClassName => "GlobalAveragePooling1D";

    internal static GlobalAveragePooling1D Read(ConfigReader config) =>
        new(config.OptionalString("data_format"), config.Bool("keepdims", false), config.Name(), config.Trainable())
        {
            ActivityRegularizer = config.ActivityRegularizer(),
        };

    private protected override bool[]? Counted(PoolingPass pass, SequenceBatch input) =>
        input.Mask is null || !StepsAreLast ? input.Mask : throw new InvalidOperationException(
            $"{Introduction} pools over the last axis, but the mask that comes with its input marks entries of the first. "
            + "Set dataFormat: \"channels_last\", or leave the mask out.");
}
