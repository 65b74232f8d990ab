using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>The penalty <c>λ Σ |w|</c>; gradient <c>λ sign(w)</c>, 0 at 0.</summary>
public sealed class L1 : Regularizer
{
    private readonly double factor;

    /// <summary>Creates the penalty.</summary>
    /// <param name="l1">The factor λ, at least 0; default 0.01.</param>
    /// <exception cref="ArgumentException">The factor is negative or not finite.</exception>
    public L1(double l1 = 0.01)
    {
        new OptionCheck(ClassName).AtLeast("l1", l1, 0).InRange("l1", l1).ThrowIfAny();
        factor = l1;
    }

    /// <inheritdoc/>
    public override string ClassName => "L1";

    /// <inheritdoc/>
    public override double Penalty(ReadOnlySpan<Real> values, int rows) => factor * Sums.OfMagnitudes(values);

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<Real> values, Span<Real> gradient, int rows, Real scale) =>
        SignGradient.Add(values, gradient, (Real)(factor * scale));

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "l1", factor } };
}
