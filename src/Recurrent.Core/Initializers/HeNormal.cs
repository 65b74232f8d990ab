namespace Recurrent.Initializers;

/// <summary>Draws from a normal distribution of standard deviation <c>√(2 / fan_in)</c>, cut at two sigmas.</summary>
/// <remarks>He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.</remarks>
public sealed class HeNormal : ScaledInitializer
{
    /// <summary>Creates the initializer.</summary>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the layer and the model.</param>
    /// <param name="inputAxes">Axes that count as inputs; null (the default) for Keras's rules.</param>
    /// <param name="outputAxes">
    /// Axes that count as outputs; null (the default) for Keras's rules. Both are given, or neither.
    /// </param>
    /// <exception cref="ArgumentException">Only one of the two lists of axes is given.</exception>
    public HeNormal(int? seed = null, IReadOnlyList<int>? inputAxes = null, IReadOnlyList<int>? outputAxes = null)
        : base(2, "fan_in", "truncated_normal", seed, inputAxes, outputAxes)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "HeNormal";
}
