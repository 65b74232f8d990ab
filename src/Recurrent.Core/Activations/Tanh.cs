using System.Numerics;
using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The hyperbolic tangent <c>(exp(x) − exp(−x)) / (exp(x) + exp(−x))</c>; derivative <c>1 − y²</c>.</summary>
public sealed class Tanh : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "tanh";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => VectorMath.Tanh(x, y[..x.Length]);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(default(Rule), y, dy, dx);

    private readonly struct Rule : IChainRule
    {
        public Real Apply(Real y, Real dy) => dy * (1 - (y * y));

        public Vector<Real> Apply(Vector<Real> y, Vector<Real> dy) => dy * (Vector<Real>.One - (y * y));
    }
}
