using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>The penalty <c>λ Σ w²</c>; gradient <c>2 λ w</c>.</summary>
public sealed class L2 : Regularizer
{
    private readonly double factor;

    /// <summary>Creates the penalty.</summary>
    /// <param name="l2">The factor λ, at least 0; default 0.01.</param>
    /// <exception cref="ArgumentException">The factor is negative or not finite.</exception>
    public L2(double l2 = 0.01)
    {
        new OptionCheck(ClassName).AtLeast("l2", l2, 0).InRange("l2", l2).ThrowIfAny();
        factor = l2;
    }

    /// <inheritdoc/>
    public override string ClassName => "L2";

    /// <inheritdoc/>
    public override double Penalty(ReadOnlySpan<Real> values, int rows) => factor * Sums.OfSquares(values);

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<Real> values, Span<Real> gradient, int rows, Real scale) =>
        TensorPrimitives.MultiplyAdd(values, (Real)(2 * factor * scale), gradient, gradient);

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "l2", factor } };
}
