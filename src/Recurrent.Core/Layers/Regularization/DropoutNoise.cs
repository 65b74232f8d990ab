using System.Numerics;
using System.Runtime.InteropServices;
using Recurrent.Random;

namespace Recurrent.Layers;

/// <summary>The factors that dropout multiplies with: 0 with probability <c>rate</c>, and 1 / (1 − rate) otherwise.</summary>
internal static class DropoutNoise
{
    // 64 bits each: two kilobytes that stay in the first-level cache.
    private const int DrawnAtOnce = 256;

    /// <summary>Draws the factors. Two come from each 64 random bits: the low half first.</summary>
    /// <param name="random">Where the random bits come from.</param>
    /// <param name="rate">The share of zeros, in [0, 1].</param>
    /// <param name="factors">Receives the factors.</param>
    public static void Fill(SeededRandom random, double rate, Span<Real> factors)
    {
        if (rate >= 1)
        {
            factors.Clear();
            return;
        }

        uint threshold = (uint)(rate * (1UL << 32));
        Real kept = (Real)(1 / (1 - rate));
        Span<ulong> bits = stackalloc ulong[DrawnAtOnce];
        while (!factors.IsEmpty)
        {
            int count = Math.Min(2 * DrawnAtOnce, factors.Length);
            random.NextBits(bits[..((count + 1) / 2)]);
            Choose(Halves(bits), threshold, kept, factors[..count]);
            factors = factors[count..];
        }
    }

    private static ReadOnlySpan<uint> Halves(Span<ulong> bits)
    {
        if (!BitConverter.IsLittleEndian)
        {
            foreach (ref ulong pair in bits)
            {
                pair = BitOperations.RotateLeft(pair, 32);
            }
        }

        return MemoryMarshal.Cast<ulong, uint>(bits);
    }

    // Without a branch: nobody can predict it.
    private static void Choose(ReadOnlySpan<uint> bits, uint threshold, Real kept, Span<Real> factors)
    {
        int i = 0;
#if !FLOAT64
        var least = new Vector<uint>(threshold);
        var factor = new Vector<Real>(kept);
        for (; i <= factors.Length - Vector<uint>.Count; i += Vector<uint>.Count)
        {
            Vector<uint> mask = Vector.GreaterThanOrEqual(new Vector<uint>(bits[i..]), least);
            Vector.BitwiseAnd(mask.As<uint, Real>(), factor).CopyTo(factors[i..]);
        }
#endif
        ReadOnlySpan<Real> choices = [0, kept];
        for (; i < factors.Length; i++)
        {
            factors[i] = choices[bits[i] >= threshold ? 1 : 0];
        }
    }
}
