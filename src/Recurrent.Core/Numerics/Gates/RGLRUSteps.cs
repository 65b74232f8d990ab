using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="RGLRUGates.Forward"/> on one register of units.</summary>
internal readonly unsafe struct RGLRUForward(Real* z, int units, Real* x, Real* decay, Real* a, Real* b) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pr = z + gate;
        Real* pi = pr + units;
        TVector r = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(pr, count));
        TAccess.Store<TLane, TVector>(pr, r, count);
        TVector i = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(pi, count));
        TAccess.Store<TLane, TVector>(pi, i, count);
        TVector log = TLane.Subtract(TLane.Broadcast(0), TLane.Multiply(TAccess.Load<TLane, TVector>(decay + row, count), r));
        TAccess.Store<TLane, TVector>(a + unit, LaneMath<TLane, TVector>.Exp(log), count);
        TVector scale = TLane.Sqrt(LaneMath<TLane, TVector>.OneMinusExp(TLane.Add(log, log)));
        TVector input = TLane.Multiply(i, TAccess.Load<TLane, TVector>(x + unit, count));
        TAccess.Store<TLane, TVector>(b + unit, TLane.Multiply(scale, input), count);
    }
}

/// <summary>The arithmetic of <see cref="RGLRUGates.Backward"/> on one register of units.</summary>
internal readonly unsafe struct RGLRUBackward(
    Real* z, int units, Real* x, Real* decay, Real* a, Real* da, Real* db, Real* dx) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pr = z + gate;
        Real* pi = pr + units;
        TVector one = TLane.Broadcast(1);
        TVector r = TAccess.Load<TLane, TVector>(pr, count);
        TVector i = TAccess.Load<TLane, TVector>(pi, count);
        TVector s = TAccess.Load<TLane, TVector>(decay + row, count);
        TVector input = TAccess.Load<TLane, TVector>(x + unit, count);
        TVector factor = TAccess.Load<TLane, TVector>(a + unit, count);
        TVector slope = TAccess.Load<TLane, TVector>(db + unit, count);
        TVector log = TLane.Subtract(TLane.Broadcast(0), TLane.Multiply(s, r));
        TVector scale = TLane.Sqrt(LaneMath<TLane, TVector>.OneMinusExp(TLane.Add(log, log)));

        // i∘x and its scale.
        TVector gated = TLane.Multiply(slope, scale);
        TAccess.Store<TLane, TVector>(dx + unit, TLane.Multiply(gated, i), count);
        TVector di = TLane.Multiply(TLane.Multiply(gated, input), TLane.Multiply(i, TLane.Subtract(one, i)));
        TAccess.Store<TLane, TVector>(pi, di, count);
        TVector dScale = TLane.Multiply(slope, TLane.Multiply(i, input));

        // log a: a itself, and scale = √(1 − a²), whose slope is bounded where a comes near 1.
        TVector bounded = TLane.Max(TLane.Broadcast(RGLRUGates.LeastScale), scale);
        TVector through = TLane.Divide(TLane.Multiply(dScale, factor), bounded);
        TVector dLog = TLane.Multiply(factor, TLane.Subtract(TAccess.Load<TLane, TVector>(da + unit, count), through));
        TVector share = TLane.Multiply(r, dLog);
        TAccess.Store<TLane, TVector>(a + unit, share, count);
        TVector dr = TLane.Multiply(TLane.Multiply(s, share), TLane.Subtract(r, one));
        TAccess.Store<TLane, TVector>(pr, dr, count);
    }
}
