using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="LinearScan.Forward"/> on one register of numbers.</summary>
internal readonly unsafe struct LinearScanForward(Real* a, Real* b, Real* carry, Real* h) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector next = TLane.MultiplyAdd(
            TAccess.Load<TLane, TVector>(a + unit, count),
            TAccess.Load<TLane, TVector>(carry + carried, count),
            TAccess.Load<TLane, TVector>(b + unit, count));
        TAccess.Store<TLane, TVector>(carry + carried, next, count);
        TAccess.Store<TLane, TVector>(h + unit, next, count);
    }
}

/// <summary>The arithmetic of <see cref="LinearScan.Backward"/> on one register of numbers.</summary>
internal readonly unsafe struct LinearScanBackward(Real* a, Real* before, Real* dh, Real* da, Real* carry) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector slope = TLane.Add(
            TAccess.Load<TLane, TVector>(carry + carried, count), TAccess.Load<TLane, TVector>(dh + unit, count));
        TVector factor = TAccess.Load<TLane, TVector>(a + unit, count);
        TAccess.Store<TLane, TVector>(dh + unit, slope, count);
        TAccess.Store<TLane, TVector>(
            da + unit, TLane.Multiply(slope, TAccess.Load<TLane, TVector>(before + unit, count)), count);
        TVector back = FlushTinyFunction.Of<TLane, TVector>(TLane.Multiply(slope, factor));
        TAccess.Store<TLane, TVector>(carry + carried, back, count);
    }
}
