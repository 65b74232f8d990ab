using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="MinScan.ForwardGRU"/> on one register of units.</summary>
internal readonly unsafe struct MinGRUForward(Real* gates, int units, Real* before, Real* after) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector z = TAccess.Load<TLane, TVector>(gates + gate, count);
        TVector candidate = TAccess.Load<TLane, TVector>(gates + gate + units, count);
        TVector h = TAccess.Load<TLane, TVector>(before + unit, count);
        h = TLane.Add(h, TLane.Multiply(z, TLane.Subtract(candidate, h)));
        TAccess.Store<TLane, TVector>(after + unit, h, count);
    }
}

/// <summary>The arithmetic of <see cref="MinScan.BackwardGRU"/> on one register of units.</summary>
internal readonly unsafe struct MinGRUBackward(
    Real* gates, int units, Real* before, Real* slopes, Real* carry, OutputSlopes outputs) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector dh = TAccess.Load<TLane, TVector>(carry + carried, count);
        TVector z = TAccess.Load<TLane, TVector>(gates + gate, count);
        TVector change = TLane.Subtract(
            TAccess.Load<TLane, TVector>(gates + gate + units, count), TAccess.Load<TLane, TVector>(before + unit, count));
        TVector dCandidate = TLane.Multiply(dh, z);
        TAccess.Store<TLane, TVector>(slopes + gate, TLane.Multiply(dh, change), count);
        TAccess.Store<TLane, TVector>(slopes + gate + units, dCandidate, count);
        outputs.Carry<TLane, TVector, TAccess>(TLane.Subtract(dh, dCandidate), carry + carried, unit, count);
    }
}

/// <summary>The arithmetic of <see cref="MinScan.ForwardLSTM"/> on one register of units.</summary>
internal readonly unsafe struct MinLSTMForward(Real* gates, int units, Real* before, Real* after) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector i = TAccess.Load<TLane, TVector>(gates + gate, count);
        TVector f = TAccess.Load<TLane, TVector>(gates + gate + units, count);
        TVector candidate = TAccess.Load<TLane, TVector>(gates + gate + units + units, count);
        TVector kept = TLane.Multiply(f, TAccess.Load<TLane, TVector>(before + unit, count));
        TAccess.Store<TLane, TVector>(after + unit, TLane.Add(TLane.Multiply(i, candidate), kept), count);
    }
}

/// <summary>The arithmetic of <see cref="MinScan.BackwardLSTM"/> on one register of units.</summary>
internal readonly unsafe struct MinLSTMBackward(
    Real* gates, int units, Real* before, Real* slopes, Real* carry, OutputSlopes outputs) : IScanStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, nint carried, nint row, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector dh = TAccess.Load<TLane, TVector>(carry + carried, count);
        TVector i = TAccess.Load<TLane, TVector>(gates + gate, count);
        TVector f = TAccess.Load<TLane, TVector>(gates + gate + units, count);
        TVector candidate = TAccess.Load<TLane, TVector>(gates + gate + units + units, count);
        TVector change = TLane.Subtract(TAccess.Load<TLane, TVector>(before + unit, count), candidate);
        TVector dRatio = TLane.Multiply(i, TLane.Multiply(f, TLane.Multiply(dh, change)));
        TAccess.Store<TLane, TVector>(slopes + gate, TLane.Multiply(TLane.Broadcast(-1), dRatio), count);
        TAccess.Store<TLane, TVector>(slopes + gate + units, dRatio, count);
        TAccess.Store<TLane, TVector>(slopes + gate + units + units, TLane.Multiply(dh, i), count);
        outputs.Carry<TLane, TVector, TAccess>(TLane.Multiply(dh, f), carry + carried, unit, count);
    }
}

/// <summary>What comes from outside to the gradients of the states between the steps of a sweep backward.</summary>
/// <param name="first">Gradients of the outputs of all steps but the last; null where there are none.</param>
/// <param name="stepUnits">Numbers of a state at one step.</param>
internal readonly unsafe struct OutputSlopes(Real* first, nint stepUnits)
{
    /// <summary>Hands a gradient on to the step before: what is too small to matter ends, and what comes from outside joins
    /// it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Carry<TLane, TVector, TAccess>(TVector dh, Real* carry, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector back = FlushTinyFunction.Of<TLane, TVector>(dh);
        if (first != null && unit >= stepUnits)
        {
            back = TLane.Add(TAccess.Load<TLane, TVector>(first + unit - stepUnits, count), back);
        }

        TAccess.Store<TLane, TVector>(carry, back, count);
    }
}
