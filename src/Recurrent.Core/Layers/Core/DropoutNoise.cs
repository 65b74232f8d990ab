using Recurrent.Random;

namespace Recurrent.Layers;

/// <summary>The factors that dropout multiplies with: 0 with probability <c>rate</c>, and 1 / (1 − rate) otherwise.</summary>
internal static class DropoutNoise
{
    /// <summary>Draws the factors. Two come from each 64 random bits.</summary>
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

        Real kept = (Real)(1 / (1 - rate));
        ulong threshold = (ulong)(rate * (1UL << 32));
        int i = 0;
        for (; i + 1 < factors.Length; i += 2)
        {
            ulong bits = random.NextBits();
            factors[i] = (uint)bits >= threshold ? kept : 0;
            factors[i + 1] = bits >> 32 >= threshold ? kept : 0;
        }

        if (i < factors.Length)
        {
            factors[i] = (uint)random.NextBits() >= threshold ? kept : 0;
        }
    }
}
