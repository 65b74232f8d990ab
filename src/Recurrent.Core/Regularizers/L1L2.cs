using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Regularizers;

/// <summary>The penalty <c>λ₁ Σ |w| + λ₂ Σ w²</c>; gradient <c>λ₁ sign(w) + 2 λ₂ w</c>.</summary>
public sealed class L1L2 : Regularizer
{
    private readonly double l1;
    private readonly double l2;

    /// <summary>Creates the penalty.</summary>
    /// <param name="l1">The factor λ₁, at least 0; default 0.</param>
    /// <param name="l2">The factor λ₂, at least 0; default 0.</param>
    /// <exception cref="ArgumentException">Factors are negative or not finite; the message names them all.</exception>
    public L1L2(double l1 = 0, double l2 = 0)
    {
        new OptionCheck(ClassName).AtLeast("l1", l1, 0).AtLeast("l2", l2, 0).InRange("l1", l1).InRange("l2", l2).ThrowIfAny();
        this.l1 = l1;
        this.l2 = l2;
    }

    /// <inheritdoc/>
    public override string ClassName => "L1L2";

    /// <inheritdoc/>
    public override double Penalty(ReadOnlySpan<Real> values, int rows) =>
        (l1 * Sums.OfMagnitudes(values)) + (l2 * Sums.OfSquares(values));

    /// <inheritdoc/>
    public override void AddGradient(ReadOnlySpan<Real> values, Span<Real> gradient, int rows, Real scale)
    {
        SignGradient.Add(values, gradient, (Real)(l1 * scale));
        TensorPrimitives.MultiplyAdd(values, (Real)(2 * l2 * scale), gradient, gradient);
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "l1", l1 }, { "l2", l2 } };
}
