using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="GRUGates.Forward"/> on one register of units.</summary>
internal readonly unsafe struct GRUForward(Real* x, int units, Real* recurrent, Real* hPrev, Real* h) : IGateStep
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
        Real* pa = pr + units;
        Real* inner = recurrent + gate;
        TVector z = LaneMath<TLane, TVector>.Sigmoid(
            TLane.Add(TAccess.Load<TLane, TVector>(pz, count), TAccess.Load<TLane, TVector>(inner, count)));
        TAccess.Store<TLane, TVector>(pz, z, count);
        inner += units;
        TVector r = LaneMath<TLane, TVector>.Sigmoid(
            TLane.Add(TAccess.Load<TLane, TVector>(pr, count), TAccess.Load<TLane, TVector>(inner, count)));
        TAccess.Store<TLane, TVector>(pr, r, count);
        inner += units;
        TVector a = TLane.MultiplyAdd(r, TAccess.Load<TLane, TVector>(inner, count), TAccess.Load<TLane, TVector>(pa, count));
        a = LaneMath<TLane, TVector>.Tanh(a);
        TAccess.Store<TLane, TVector>(pa, a, count);
        TVector change = TLane.Subtract(TAccess.Load<TLane, TVector>(hPrev + unit, count), a);
        TAccess.Store<TLane, TVector>(h + unit, TLane.MultiplyAdd(z, change, a), count);
    }
}

/// <summary>The arithmetic of <see cref="GRUGates.Backward"/> on one register of units.</summary>
internal readonly unsafe struct GRUBackward(Real* x, int units, Real* recurrent, Real* hPrev, Real* dh, Real* dhPrev) : IGateStep
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
        Real* pa = pr + units;
        Real* innerZ = recurrent + gate;
        Real* innerR = innerZ + units;
        Real* innerA = innerR + units;
        TVector one = TLane.Broadcast(1);
        TVector z = TAccess.Load<TLane, TVector>(pz, count);
        TVector a = TAccess.Load<TLane, TVector>(pa, count);
        TVector slope = TAccess.Load<TLane, TVector>(dh + unit, count);
        TVector dz = TLane.Multiply(slope, TLane.Subtract(TAccess.Load<TLane, TVector>(hPrev + unit, count), a));
        dz = TLane.Multiply(dz, TLane.Multiply(z, TLane.Subtract(one, z)));
        TVector da = TLane.Multiply(slope, TLane.Subtract(one, z));
        da = TLane.Multiply(da, TLane.Subtract(one, TLane.Multiply(a, a)));
        TVector r = TAccess.Load<TLane, TVector>(pr, count);
        TVector dr = TLane.Multiply(da, TAccess.Load<TLane, TVector>(innerA, count));
        dr = TLane.Multiply(dr, TLane.Multiply(r, TLane.Subtract(one, r)));
        TAccess.Store<TLane, TVector>(pz, dz, count);
        TAccess.Store<TLane, TVector>(innerZ, dz, count);
        TAccess.Store<TLane, TVector>(pr, dr, count);
        TAccess.Store<TLane, TVector>(innerR, dr, count);
        TAccess.Store<TLane, TVector>(pa, da, count);
        TAccess.Store<TLane, TVector>(innerA, TLane.Multiply(da, r), count);
        TAccess.Store<TLane, TVector>(dhPrev + unit, TLane.Multiply(slope, z), count);
    }
}
