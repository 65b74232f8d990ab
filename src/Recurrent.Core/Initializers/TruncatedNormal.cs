using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Initializers;

/// <summary>
/// Draws from a normal distribution, where draws further than two standard deviations from the mean are made again.
/// </summary>
public sealed class TruncatedNormal : Initializer
{
    private readonly double mean;
    private readonly double stddev;

    /// <summary>Creates the initializer.</summary>
    /// <param name="mean">Mean of the distribution; default 0.</param>
    /// <param name="stddev">
    /// Standard deviation before the cut, at least 0; default 0.05. That of the values is smaller by a factor of 0.8796.
    /// </param>
    /// <param name="seed">Seed of the draws; null (the default) takes it from the layer and the model.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public TruncatedNormal(double mean = 0, double stddev = 0.05, int? seed = null)
    {
        new OptionCheck(ClassName).Finite("mean", mean).AtLeast("stddev", stddev, 0).InRange("mean", mean)
            .InRange("stddev", stddev).ThrowIfAny();
        this.mean = mean;
        this.stddev = stddev;
        Seed = seed;
    }

    /// <inheritdoc/>
    public override string ClassName => "TruncatedNormal";

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random) =>
        Draw.TruncatedNormal(values, mean, stddev, random);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "seed", Seed }, { "mean", mean }, { "stddev", stddev } };
}
