using System.Numerics;
using Recurrent.Numerics;

namespace Recurrent.Activations;

/// <summary>The logistic function <c>1 / (1 + exp(−x))</c>; derivative <c>y (1 − y)</c>.</summary>
public sealed class Sigmoid : ActivationFunction
{
    /// <inheritdoc/>
    public override string ClassName => "sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows) => VectorMath.Sigmoid(x, y[..x.Length]);

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(default(Rule), y, dy, dx);

    private readonly struct Rule : IChainRule
    {
        public Real Apply(Real y, Real dy) => dy * (y * (1 - y));

        public Vector<Real> Apply(Vector<Real> y, Vector<Real> dy) => dy * (y * (Vector<Real>.One - y));
    }
}
