using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="GRUGates.ForwardReset"/> on one register of units.</summary>
internal readonly unsafe struct GRUForwardReset(Real* x, int units, Real* hPrev, Real* reset) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pz = x + gate;
        Real* pr = pz + units;
        TVector r = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(pr, count));
        TVector z = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(pz, count));
        TAccess.Store<TLane, TVector>(pz, z, count);
        TAccess.Store<TLane, TVector>(pr, r, count);
        TAccess.Store<TLane, TVector>(reset + unit, TLane.Multiply(r, TAccess.Load<TLane, TVector>(hPrev + unit, count)), count);
    }
}

/// <summary>The arithmetic of <see cref="GRUGates.ForwardCandidate"/> on one register of units.</summary>
internal readonly unsafe struct GRUForwardCandidate(Real* x, int units, Real* hPrev, Real* h) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pz = x + gate;
        Real* pa = pz + (2 * units);
        TVector a = LaneMath<TLane, TVector>.Tanh(TAccess.Load<TLane, TVector>(pa, count));
        TVector change = TLane.Subtract(TAccess.Load<TLane, TVector>(hPrev + unit, count), a);
        TAccess.Store<TLane, TVector>(pa, a, count);
        TAccess.Store<TLane, TVector>(h + unit, TLane.MultiplyAdd(TAccess.Load<TLane, TVector>(pz, count), change, a), count);
    }
}

/// <summary>The arithmetic of <see cref="GRUGates.BackwardCandidate"/> on one register of units.</summary>
internal readonly unsafe struct GRUBackwardCandidate(Real* x, int units, Real* hPrev, Real* dh, Real* dhPrev) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pz = x + gate;
        Real* pa = pz + (2 * units);
        TVector one = TLane.Broadcast(1);
        TVector z = TAccess.Load<TLane, TVector>(pz, count);
        TVector a = TAccess.Load<TLane, TVector>(pa, count);
        TVector slope = TAccess.Load<TLane, TVector>(dh + unit, count);
        TVector dz = TLane.Multiply(slope, TLane.Subtract(TAccess.Load<TLane, TVector>(hPrev + unit, count), a));
        dz = TLane.Multiply(dz, TLane.Multiply(z, TLane.Subtract(one, z)));
        TVector da = TLane.Multiply(slope, TLane.Subtract(one, z));
        da = TLane.Multiply(da, TLane.Subtract(one, TLane.Multiply(a, a)));
        TAccess.Store<TLane, TVector>(pz, dz, count);
        TAccess.Store<TLane, TVector>(pa, da, count);
        TAccess.Store<TLane, TVector>(dhPrev + unit, TLane.Multiply(slope, z), count);
    }
}

/// <summary>The arithmetic of <see cref="GRUGates.BackwardReset"/> on one register of units.</summary>
internal readonly unsafe struct GRUBackwardReset(Real* x, int units, Real* hPrev, Real* dReset, Real* dhPrev) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pr = x + gate + units;
        TVector one = TLane.Broadcast(1);
        TVector r = TAccess.Load<TLane, TVector>(pr, count);
        TVector slope = TAccess.Load<TLane, TVector>(dReset + unit, count);
        TVector dr = TLane.Multiply(slope, TAccess.Load<TLane, TVector>(hPrev + unit, count));
        TVector sum = TLane.MultiplyAdd(slope, r, TAccess.Load<TLane, TVector>(dhPrev + unit, count));
        TAccess.Store<TLane, TVector>(pr, TLane.Multiply(dr, TLane.Multiply(r, TLane.Subtract(one, r))), count);
        TAccess.Store<TLane, TVector>(dhPrev + unit, sum, count);
    }
}
