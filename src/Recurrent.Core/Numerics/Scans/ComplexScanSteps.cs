using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="ComplexScan.Forward"/> on one register of units.</summary>
internal readonly unsafe struct ComplexScanForward(
    Real* factors, Real* z, int units, Real* before, Real* after) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pr = factors + row;
        Real* pi = pr + units;
        TVector re = TAccess.Load<TLane, TVector>(pr, count);
        TVector im = TAccess.Load<TLane, TVector>(pi, count);
        TVector gain = TAccess.Load<TLane, TVector>(pi + units, count);
        TVector hr = TAccess.Load<TLane, TVector>(before + unit, count);
        TVector hi = TAccess.Load<TLane, TVector>(before + unit + units, count);

        TVector inputR = TLane.Multiply(gain, TAccess.Load<TLane, TVector>(z + unit, count));
        TVector inputI = TLane.Multiply(gain, TAccess.Load<TLane, TVector>(z + unit + units, count));
        TVector nextR = TLane.Subtract(TLane.MultiplyAdd(re, hr, inputR), TLane.Multiply(im, hi));
        TVector nextI = TLane.MultiplyAdd(re, hi, TLane.MultiplyAdd(im, hr, inputI));
        TAccess.Store<TLane, TVector>(after + unit, nextR, count);
        TAccess.Store<TLane, TVector>(after + unit + units, nextI, count);
    }
}

/// <summary>The arithmetic of <see cref="ComplexScan.Backward"/> on one register of units.</summary>
internal readonly unsafe struct ComplexScanBackward(
    Real* factors, Real* z, int units, Real* before, Real* dh, Real* carry, Real* sums) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pr = factors + row;
        Real* pi = pr + units;
        Real* backR = carry + carried;
        Real* backI = backR + units;
        TVector dr = TLane.Add(TAccess.Load<TLane, TVector>(backR, count), TAccess.Load<TLane, TVector>(dh + unit, count));
        TVector di = TLane.Add(
            TAccess.Load<TLane, TVector>(backI, count), TAccess.Load<TLane, TVector>(dh + unit + units, count));

        // dλ, and dγ with z as it was before γ.
        TVector hr = TAccess.Load<TLane, TVector>(before + unit, count);
        TVector hi = TAccess.Load<TLane, TVector>(before + unit + units, count);
        TVector zr = TAccess.Load<TLane, TVector>(z + unit, count);
        TVector zi = TAccess.Load<TLane, TVector>(z + unit + units, count);
        Real* sum = sums + row;
        TVector re = TLane.MultiplyAdd(di, hi, TLane.MultiplyAdd(dr, hr, TAccess.Load<TLane, TVector>(sum, count)));
        TAccess.Store<TLane, TVector>(sum, re, count);
        sum += units;
        TVector im = TLane.MultiplyAdd(di, hr, TAccess.Load<TLane, TVector>(sum, count));
        TAccess.Store<TLane, TVector>(sum, TLane.Subtract(im, TLane.Multiply(dr, hi)), count);
        sum += units;
        TVector gained = TLane.MultiplyAdd(di, zi, TLane.MultiplyAdd(dr, zr, TAccess.Load<TLane, TVector>(sum, count)));
        TAccess.Store<TLane, TVector>(sum, gained, count);

        TVector gain = TAccess.Load<TLane, TVector>(pi + units, count);
        TAccess.Store<TLane, TVector>(z + unit, TLane.Multiply(gain, dr), count);
        TAccess.Store<TLane, TVector>(z + unit + units, TLane.Multiply(gain, di), count);

        // dh' = λ̄∘dh.
        re = TAccess.Load<TLane, TVector>(pr, count);
        im = TAccess.Load<TLane, TVector>(pi, count);
        TVector nextR = TLane.MultiplyAdd(re, dr, TLane.Multiply(im, di));
        TVector nextI = TLane.Subtract(TLane.Multiply(re, di), TLane.Multiply(im, dr));
        TAccess.Store<TLane, TVector>(backR, FlushTinyFunction.Of<TLane, TVector>(nextR), count);
        TAccess.Store<TLane, TVector>(backI, FlushTinyFunction.Of<TLane, TVector>(nextI), count);
    }
}
