using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="MinGates.ForwardGRU"/> on one register of units.</summary>
internal readonly unsafe struct MinGRUGate(Real* gates) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* z = gates + gate;
        TAccess.Store<TLane, TVector>(z, LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(z, count)), count);
    }
}

/// <summary>The arithmetic of <see cref="MinGates.BackwardGRU"/> on one register of units.</summary>
internal readonly unsafe struct MinGRUGateBack(Real* gates, int units, Real* slopes) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pz = gates + gate;
        TVector z = TAccess.Load<TLane, TVector>(pz, count);
        TVector slope = TLane.Multiply(z, TLane.Subtract(TLane.Broadcast(1), z));
        TAccess.Store<TLane, TVector>(pz, TLane.Multiply(TAccess.Load<TLane, TVector>(slopes + gate, count), slope), count);
        TVector candidate = TAccess.Load<TLane, TVector>(slopes + gate + units, count);
        TAccess.Store<TLane, TVector>(pz + units, candidate, count);
    }
}

/// <summary>The arithmetic of <see cref="MinGates.ForwardLSTM"/> on one register of units.</summary>
internal readonly unsafe struct MinLSTMGates(Real* gates, int units) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pi = gates + gate;
        Real* pf = pi + units;
        TVector i = LaneMath<TLane, TVector>.LogSigmoid(TAccess.Load<TLane, TVector>(pi, count));
        TVector f = LaneMath<TLane, TVector>.LogSigmoid(TAccess.Load<TLane, TVector>(pf, count));
        TVector d = TLane.Subtract(f, i);
        TAccess.Store<TLane, TVector>(pf, LaneMath<TLane, TVector>.Sigmoid(d), count);
        TVector opposite = TLane.Multiply(TLane.Broadcast(-1), d);
        TAccess.Store<TLane, TVector>(pi, LaneMath<TLane, TVector>.Sigmoid(opposite), count);
    }
}

/// <summary>The arithmetic of <see cref="MinGates.BackwardLSTM"/> on one register of units.</summary>
internal readonly unsafe struct MinLSTMGatesBack(Real* gates, int units, Real* given, Real* slopes) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        // σ(−x) keeps its digits where 1 − σ(x) would not.
        TVector minus = TLane.Broadcast(-1);
        for (int part = 0; part < 2; part++)
        {
            TVector x = TLane.Multiply(minus, TAccess.Load<TLane, TVector>(given + gate, count));
            TVector slope = LaneMath<TLane, TVector>.Sigmoid(x);
            slope = TLane.Multiply(TAccess.Load<TLane, TVector>(slopes + gate, count), slope);
            TAccess.Store<TLane, TVector>(gates + gate, slope, count);
            gate += units;
        }

        TAccess.Store<TLane, TVector>(gates + gate, TAccess.Load<TLane, TVector>(slopes + gate, count), count);
    }
}
