namespace Recurrent.Initializers;

/// <summary>Draws from a uniform distribution within <c>±√(6 / (fan_in + fan_out))</c>.</summary>
/// <remarks>
/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
/// </remarks>
public sealed class GlorotUniform : ScaledInitializer
{
    /// <summary>Creates the initializer.</summary>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the layer and the model.</param>
    /// <param name="inputAxes">Axes that count as inputs; null (the default) for Keras's rules.</param>
    /// <param name="outputAxes">
    /// Axes that count as outputs; null (the default) for Keras's rules. Both are given, or neither.
    /// </param>
    /// <exception cref="ArgumentException">Only one of the two lists of axes is given.</exception>
    public GlorotUniform(int? seed = null, IReadOnlyList<int>? inputAxes = null, IReadOnlyList<int>? outputAxes = null)
        : base(1, "fan_avg", "uniform", seed, inputAxes, outputAxes)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "GlorotUniform";
}
