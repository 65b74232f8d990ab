using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>What a step of a selective state space is given for one sample.</summary>
internal readonly unsafe struct SelectiveInputs(
    Real* u, Real* delta, Real* rates, Real* b, Real* c, Real* skip, int units, int size)
{
    public readonly Real* U = u;
    public readonly Real* Delta = delta;
    public readonly Real* Rates = rates;
    public readonly Real* B = b;
    public readonly Real* C = c;
    public readonly Real* Skip = skip;
    public readonly int Units = units;
    public readonly int Size = size;
}

/// <summary>The arithmetic of <see cref="SelectiveStep.Forward"/>.</summary>
internal readonly unsafe struct SelectiveForward(SelectiveInputs inputs, Real* before, Real* after, Real* y) : IWidthJob
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane, TVector>()
        where TLane : ILane<TVector>
        where TVector : unmanaged
    {
        int units = inputs.Units;
        int whole = units - (units % TLane.Count);
        int k = 0;
        for (; k < whole; k += TLane.Count)
        {
            Run<TLane, TVector, Whole>(inputs, before, after, y, k, TLane.Count);
        }

        if (k < units)
        {
            Run<TLane, TVector, Part>(inputs, before, after, y, k, units - k);
        }
    }

    /// <summary>Some channels with all their numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TLane, TVector, TAccess>(
        SelectiveInputs inputs, Real* before, Real* after, Real* y, nint k, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        TVector u = TAccess.Load<TLane, TVector>(inputs.U + k, count);
        TVector delta = TAccess.Load<TLane, TVector>(inputs.Delta + k, count);
        TVector given = TLane.Multiply(delta, u);
        TVector sum = TLane.Multiply(TAccess.Load<TLane, TVector>(inputs.Skip + k, count), u);
        Real* b = inputs.B;
        Real* c = inputs.C;
        Real* rates = inputs.Rates;
        nint place = k;
        for (int n = inputs.Size; n > 0; n--, b++, c++, place += inputs.Units)
        {
            TVector rate = TAccess.Load<TLane, TVector>(rates + place, count);
            TVector a = LaneMath<TLane, TVector>.Exp(TLane.Multiply(delta, rate));
            TVector s = TLane.MultiplyAdd(
                a, TAccess.Load<TLane, TVector>(before + place, count), TLane.Multiply(TLane.Broadcast(*b), given));
            TAccess.Store<TLane, TVector>(after + place, s, count);
            sum = TLane.MultiplyAdd(TLane.Broadcast(*c), s, sum);
        }

        TAccess.Store<TLane, TVector>(y + k, sum, count);
    }
}

/// <summary>The arithmetic of <see cref="SelectiveStep.Backward"/>, sums over channels in parts.</summary>
internal readonly unsafe struct SelectiveBackward(
    SelectiveInputs inputs,
    Real* before,
    Real* after,
    Real* dy,
    Real* ds,
    Real* dDelta,
    Real* dRates,
    Real* dSkip,
    Real* sums) : IWidthJob
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<TLane, TVector>()
        where TLane : ILane<TVector>
        where TVector : unmanaged
    {
        int units = inputs.Units;
        int whole = units - (units % TLane.Count);
        int k = 0;
        for (; k < whole; k += TLane.Count)
        {
            Channels<TLane, TVector, Whole>(k, TLane.Count);
        }

        if (k < units)
        {
            Channels<TLane, TVector, Part>(k, units - k);
        }
    }

    /// <summary>Some channels with all their numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Channels<TLane, TVector, TAccess>(nint k, int count)
        where TLane : ILane<TVector>
        where TVector : unmanaged
        where TAccess : IAccess
    {
        SelectiveInputs given = inputs;
        TVector u = TAccess.Load<TLane, TVector>(given.U + k, count);
        TVector delta = TAccess.Load<TLane, TVector>(given.Delta + k, count);
        TVector slope = TAccess.Load<TLane, TVector>(dy + k, count);
        TVector written = TLane.Multiply(delta, u);
        TVector gradient = TLane.Broadcast(0);
        TVector step = TLane.Broadcast(0);
        Real* ofB = sums + (k % SelectiveStep.Parts);
        Real* ofC = ofB + (SelectiveStep.Parts * given.Size);
        nint place = k;
        for (int n = 0; n < given.Size; n++, place += given.Units)
        {
            TVector rate = TAccess.Load<TLane, TVector>(given.Rates + place, count);
            TVector a = LaneMath<TLane, TVector>.Exp(TLane.Multiply(delta, rate));
            TVector d = TLane.MultiplyAdd(
                TLane.Broadcast(given.C[n]), slope, TAccess.Load<TLane, TVector>(ds + place, count));
            TVector s = TAccess.Load<TLane, TVector>(after + place, count);
            TLane.Store(ofC, TLane.MultiplyAdd(s, slope, TLane.Load(ofC)));
            TLane.Store(ofB, TLane.MultiplyAdd(d, written, TLane.Load(ofB)));
            gradient = TLane.MultiplyAdd(TLane.Broadcast(given.B[n]), d, gradient);
            d = TLane.Multiply(d, a);
            TAccess.Store<TLane, TVector>(ds + place, d, count);
            TVector e = TLane.Multiply(d, TAccess.Load<TLane, TVector>(before + place, count));
            step = TLane.MultiplyAdd(e, rate, step);
            TVector dRate = TAccess.Load<TLane, TVector>(dRates + place, count);
            TAccess.Store<TLane, TVector>(dRates + place, TLane.MultiplyAdd(e, delta, dRate), count);
            ofB += SelectiveStep.Parts;
            ofC += SelectiveStep.Parts;
        }

        TVector skip = TAccess.Load<TLane, TVector>(given.Skip + k, count);
        TAccess.Store<TLane, TVector>(dDelta + k, TLane.MultiplyAdd(u, gradient, step), count);
        TAccess.Store<TLane, TVector>(
            dSkip + k, TLane.MultiplyAdd(slope, u, TAccess.Load<TLane, TVector>(dSkip + k, count)), count);
        TAccess.Store<TLane, TVector>(given.U + k, TLane.MultiplyAdd(delta, gradient, TLane.Multiply(skip, slope)), count);
    }
}
