using System.Runtime.CompilerServices;

namespace Recurrent.Numerics;

/// <summary>A sum in 16 partial sums, value i in partial sum i mod 16, whatever a register holds.</summary>
/// <remarks>
/// Where a register holds 16 values the partial sums are one, else they are in memory. They are added up in halves (8 pairs,
/// 4, 2, 1), so values that stand some places further on, with zeros before them, have the same sum, bit for bit.
/// </remarks>
internal static unsafe class PartialSums<TLane, TVector>
    where TLane : ILane<TVector>
    where TVector : unmanaged
{
    /// <summary>Number of partial sums.</summary>
    public const int Lanes = 16;

    /// <summary>Begins a sum.</summary>
    /// <param name="lanes">Room for the partial sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Start(Real* lanes)
    {
        for (int lane = 0; TLane.Count < Lanes && lane < Lanes; lane += TLane.Count)
        {
            TLane.Store(lanes + lane, TLane.Broadcast(0));
        }

        return TLane.Broadcast(0);
    }

    /// <summary>Adds a register of values.</summary>
    /// <param name="lanes">The partial sums in memory.</param>
    /// <param name="index">Place of the first of the values: a multiple of the number in a register.</param>
    /// <param name="sum">The partial sums in a register.</param>
    /// <param name="values">The values; zeros behind the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Add(Real* lanes, int index, TVector sum, TVector values)
    {
        if (TLane.Count == Lanes)
        {
            return TLane.Add(sum, values);
        }

        Real* own = lanes + (index % Lanes);
        TLane.Store(own, TLane.Add(TLane.Load(own), values));
        return sum;
    }

    /// <summary>The sum.</summary>
    /// <param name="lanes">The partial sums in memory.</param>
    /// <param name="sum">The partial sums in a register.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real Total(Real* lanes, TVector sum)
    {
        if (TLane.Count == Lanes)
        {
            return TLane.SumInHalves(sum);
        }

        for (int half = Lanes / 2; half >= TLane.Count; half /= 2)
        {
            for (int lane = 0; lane < half; lane += TLane.Count)
            {
                TLane.Store(lanes + lane, TLane.Add(TLane.Load(lanes + lane), TLane.Load(lanes + lane + half)));
            }
        }

        return TLane.SumInHalves(TLane.Load(lanes));
    }
}
