using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>The largest value of each feature over all steps: <c>y = max_t x_t</c>.</summary>
/// <remarks>
/// <para>
/// Backward: the first step that has the largest value gets <c>dy</c>. A mask counts for nothing, as in Keras, but padding of
/// sequences of unequal length is left out. The mask ends here.
/// </para>
/// <para>
/// Input (batch, timesteps, features), or with dataFormat "channels_first" (batch, channels, timesteps); output (batch,
/// features), or with
/// <c>keepdims</c> (batch, 1, features), or (batch, channels, 1). No parameters. Keras's keras.layers.GlobalMaxPooling1D.
/// </para>
/// </remarks>
public sealed class GlobalMaxPooling1D : GlobalPooling1D
{
    /// <summary>Creates the layer.</summary>
    /// <param name="dataFormat">"channels_last" (null, the default, is the same) or "channels_first".</param>
    /// <param name="keepdims">Whether the output is a sequence of one step, and not a vector. Default false.</param>
    /// <param name="name">Name of the layer; null takes one from the model: <c>global_max_pooling1d</c>.</param>
    /// <param name="trainable">Kept for files: the layer has no parameters.</param>
    /// <param name="inputShape">Shape of a sample, for the first layer of a model; time steps may be null.</param>
    /// <exception cref="ArgumentException">The data format is another one.</exception>
    public GlobalMaxPooling1D(
        string? dataFormat = null, bool keepdims = false, string? name = null, bool trainable = true, Shape? inputShape = null)
        : base(Pool.Max, dataFormat, keepdims, name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "GlobalMaxPooling1D";

    internal static GlobalMaxPooling1D Read(ConfigReader config) =>
        new(config.OptionalString("data_format"), config.Bool("keepdims", false), config.Name(), config.Trainable())
        {
            ActivityRegularizer = config.ActivityRegularizer(),
        };

    private protected override bool[]? Counted(PoolingPass pass, SequenceBatch input) => pass.Data();
}
