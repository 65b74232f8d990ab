using Recurrent.Initializers;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>First values of Λ such that σ(Λ)ᶜ is drawn uniformly between two bounds.</summary>
internal sealed class DecayInitializer(double exponent, double least, double most) : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => nameof(DecayInitializer);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            // With log a = log(aᶜ)/c: Λ = log a − log(1 − a).
            double log = Math.Log(random.NextUniform(least, most)) / exponent;
            value = (Real)(log - Math.Log(-Expm1(log)));
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => [];

    /// <summary>eˣ − 1 for x below 0.</summary>
    private static double Expm1(double x)
    {
        double t = Math.Tanh(x / 2);
        return 2 * t / (1 - t);
    }
}
