using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>Draws from a uniform distribution.</summary>
public sealed class RandomUniform : Initializer
{
    private readonly double minval;
    private readonly double maxval;

    /// <summary>Creates the initializer.</summary>
    /// <param name="minval">Least value; default −0.05.</param>
    /// <param name="maxval">Largest value, at least <paramref name="minval"/>; default 0.05.</param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the layer and the model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public RandomUniform(double minval = -0.05, double maxval = 0.05, int? seed = null)
    {
        new OptionCheck(ClassName)
            .Finite("minval", minval)
            .Finite("maxval", maxval)
            .InRange("minval", minval)
            .InRange("maxval", maxval)
            .Require(!(minval > maxval), FormattableString.Invariant($"minval ({minval}) must not exceed maxval ({maxval})"))
            .ThrowIfAny();
        this.minval = minval;
        this.maxval = maxval;
        Seed = seed;
    }

    /// <inheritdoc/>
    public override string ClassName => "RandomUniform";

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random) =>
        Draw.Uniform(values, minval, maxval, random);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "seed", Seed }, { "minval", minval }, { "maxval", maxval } };
}
