using Recurrent.Initializers;
using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>First values of ν such that |λ| = exp(−exp ν) is that of points drawn uniformly from a ring around zero.</summary>
internal sealed class RingRadiusInitializer(double least, double most) : Initializer
{
    /// <summary>|λ|² no nearer to 0 and to 1 than this, where ν would be infinite.</summary>
    private const double Margin = 1e-7;

    /// <inheritdoc/>
    public override string ClassName => nameof(RingRadiusInitializer);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            double square = Math.Clamp(random.NextUniform(least * least, most * most), Margin, 1 - Margin);
            value = (Real)Math.Log(-0.5 * Math.Log(square));
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}

/// <summary>First values of θ such that the phase of λ, exp θ, is drawn uniformly from 0 to a bound.</summary>
internal sealed class RingPhaseInitializer(double most) : Initializer
{
    /// <summary>Share of the bound below which no phase lies: the logarithm of 0 would be infinite.</summary>
    private const double Margin = 1e-6;

    /// <inheritdoc/>
    public override string ClassName => nameof(RingPhaseInitializer);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        foreach (ref Real value in values)
        {
            value = (Real)Math.Log(most * Math.Max(Margin, random.NextUniform(0, 1)));
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}

/// <summary>First values of log γ: γ = √(1 − |λ|²), so that a state driven by noise has the size of the noise.</summary>
internal sealed class RingGainInitializer(Parameter radius) : Initializer
{
    /// <inheritdoc/>
    public override string ClassName => nameof(RingGainInitializer);

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> shape, Span<Real> values, SeededRandom random)
    {
        for (int k = 0; k < values.Length; k++)
        {
            // With t = tanh(log|λ|): 1 − |λ|² = −2t/(1 − t), without cancellation.
            double t = Math.Tanh(-Math.Exp(radius.Values[k]));
            values[k] = (Real)(0.5 * Math.Log(-2 * t / (1 - t)));
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => [];
}
