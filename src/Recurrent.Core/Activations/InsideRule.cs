using System.Numerics;

namespace Recurrent.Activations;

/// <summary>The chain rule of a straight line that is cut off on both sides: a constant slope strictly between, else 0.</summary>
/// <param name="low">Least value of the function.</param>
/// <param name="high">Largest value of the function.</param>
/// <param name="slope">Slope of the line.</param>
internal readonly struct InsideRule(Real low, Real high, Real slope) : IChainRule
{
    /// <inheritdoc/>
    public Real Apply(Real y, Real dy) => y > low && y < high ? dy * slope : 0;

    /// <inheritdoc/>
    public Vector<Real> Apply(Vector<Real> y, Vector<Real> dy) => Vector.ConditionalSelect(
        Vector.BitwiseAnd(
            Vector.GreaterThan(y, new Vector<Real>(low)),
            Vector.LessThan(y, new Vector<Real>(high))),
        dy * slope,
        Vector<Real>.Zero);
}
