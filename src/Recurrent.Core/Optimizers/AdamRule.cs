using System.Numerics;
using System.Runtime.CompilerServices;

namespace Recurrent.Optimizers;

/// <summary>Adam's step, from its rate with the correction of its moments.</summary>
internal readonly struct AdamRule(Real alpha, Real take1, Real take2, Real epsilon) : IUpdateRule
{
    private readonly Vector<Real> alpha = new(alpha);
    private readonly Vector<Real> take1 = new(take1);
    private readonly Vector<Real> take2 = new(take2);
    private readonly Vector<Real> epsilon = new(epsilon);

    public static int Slots => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move(Vector<Real> gradient, ref Vector<Real> momentum, ref Vector<Real> velocity)
    {
        gradient = Adaptive.Squarable(gradient);
        momentum += (gradient - momentum) * take1;
        velocity += ((gradient * gradient) - velocity) * take2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<Real> Increment(Vector<Real> momentum, Vector<Real> velocity) =>
        Adaptive.Divide(momentum * alpha, Vector.SquareRoot(velocity) + epsilon);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<Real> Step(
        Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
    {
        Move(gradient, ref first, ref second);
        return weight - Increment(first, second);
    }
}
