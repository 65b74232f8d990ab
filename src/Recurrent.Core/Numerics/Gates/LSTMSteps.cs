using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>The arithmetic of <see cref="LSTMGates.Forward"/> on one register of units.</summary>
internal readonly unsafe struct LSTMForward(Real* z, int units, Real* cPrev, Real* c, Real* tanhC, Real* h) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pi = z + gate;
        Real* pf = pi + units;
        Real* pg = pf + units;
        Real* po = pg + units;
        TVector i = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(pi, count));
        TAccess.Store<TLane, TVector>(pi, i, count);
        TVector g = LaneMath<TLane, TVector>.Tanh(TAccess.Load<TLane, TVector>(pg, count));
        TAccess.Store<TLane, TVector>(pg, g, count);
        TVector f = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(pf, count));
        TAccess.Store<TLane, TVector>(pf, f, count);
        TVector cell = TLane.MultiplyAdd(f, TAccess.Load<TLane, TVector>(cPrev + unit, count), TLane.Multiply(i, g));
        TAccess.Store<TLane, TVector>(c + unit, cell, count);
        TVector o = LaneMath<TLane, TVector>.Sigmoid(TAccess.Load<TLane, TVector>(po, count));
        TAccess.Store<TLane, TVector>(po, o, count);
        TVector t = LaneMath<TLane, TVector>.Tanh(cell);
        if (tanhC != null)
        {
            TAccess.Store<TLane, TVector>(tanhC + unit, t, count);
        }

        TAccess.Store<TLane, TVector>(h + unit, TLane.Multiply(o, t), count);
    }
}

/// <summary>The arithmetic of <see cref="LSTMGates.Backward"/> on one register of units.</summary>
internal readonly unsafe struct LSTMBackward(Real* z, int units, Real* cPrev, Real* tanhC, Real* dh, Real* dc) : IGateStep
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TLane, TVector, TAccess>(nint gate, nint unit, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        Real* pi = z + gate;
        Real* pf = pi + units;
        Real* pg = pf + units;
        Real* po = pg + units;
        TVector one = TLane.Broadcast(1);
        TVector i = TAccess.Load<TLane, TVector>(pi, count);
        TVector f = TAccess.Load<TLane, TVector>(pf, count);
        TVector g = TAccess.Load<TLane, TVector>(pg, count);
        TVector o = TAccess.Load<TLane, TVector>(po, count);
        TVector t = TAccess.Load<TLane, TVector>(tanhC + unit, count);
        TVector slope = TAccess.Load<TLane, TVector>(dh + unit, count);

        TVector dt = TLane.Multiply(slope, o);
        TVector dcell = TAccess.Load<TLane, TVector>(dc + unit, count);
        dcell = TLane.MultiplyAdd(dt, TLane.Subtract(one, TLane.Multiply(t, t)), dcell);

        // σ' = s(1 - s), tanh' = 1 - g².
        TVector di = TLane.Multiply(TLane.Multiply(dcell, g), TLane.Multiply(i, TLane.Subtract(one, i)));
        TVector df = TLane.Multiply(dcell, TAccess.Load<TLane, TVector>(cPrev + unit, count));
        df = TLane.Multiply(df, TLane.Multiply(f, TLane.Subtract(one, f)));
        TVector dg = TLane.Multiply(TLane.Multiply(dcell, i), TLane.Subtract(one, TLane.Multiply(g, g)));
        TVector dout = TLane.Multiply(TLane.Multiply(slope, t), TLane.Multiply(o, TLane.Subtract(one, o)));

        TAccess.Store<TLane, TVector>(pi, di, count);
        TAccess.Store<TLane, TVector>(pf, df, count);
        TAccess.Store<TLane, TVector>(pg, dg, count);
        TAccess.Store<TLane, TVector>(po, dout, count);
        TAccess.Store<TLane, TVector>(dc + unit, TLane.Multiply(dcell, f), count);
    }
}
