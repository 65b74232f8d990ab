using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>Draws of variance <c>scale / n</c>: the general form of the Glorot, He and LeCun initializers.</summary>
public sealed class VarianceScaling : ScaledInitializer
{
    /// <summary>Creates the initializer.</summary>
    /// <param name="scale">Factor on the variance, above 0; default 1.</param>
    /// <param name="mode">
    /// What n is: <c>"fan_in"</c> (the default: number of inputs), <c>"fan_out"</c> (of outputs) or <c>"fan_avg"</c> (mean).
    /// </param>
    /// <param name="distribution">
    /// <c>"truncated_normal"</c> (the default; <c>"normal"</c> says the same), <c>"untruncated_normal"</c> or <c>"uniform"</c>.
    /// </param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the layer and the model.</param>
    /// <param name="inputAxes">Axes that count as inputs; null (the default) for Keras's rules.</param>
    /// <param name="outputAxes">
    /// Axes that count as outputs; null (the default) for Keras's rules. Both are given, or neither.
    /// </param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public VarianceScaling(
        double scale = 1,
        string mode = "fan_in",
        string distribution = "truncated_normal",
        int? seed = null,
        IReadOnlyList<int>? inputAxes = null,
        IReadOnlyList<int>? outputAxes = null)
        : base(scale, mode, distribution == "normal" ? "truncated_normal" : distribution, seed, inputAxes, outputAxes)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "VarianceScaling";

    /// <inheritdoc/>
    public override Config GetConfig() => new()
    {
        { "seed", Seed },
        { "scale", Scale },
        { "mode", Mode },
        { "distribution", Distribution },
        { "input_axes", InputAxes },
        { "output_axes", OutputAxes },
    };
}
