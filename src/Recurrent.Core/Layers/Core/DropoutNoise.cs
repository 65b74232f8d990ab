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

        ReadOnlySpan<Real> choices = [0, (Real)(1 / (1 - rate))];
        ulong threshold = (ulong)(rate * (1UL << 32));
        int i = 0;
        for (; i + 1 < factors.Length; i += 2)
        {
            ulong bits = random.NextBits();
            factors[i] = choices[Choice((uint)bits, threshold)];
            factors[i + 1] = choices[Choice(bits >> 32, threshold)];
        }

        if (i < factors.Length)
        {
            factors[i] = choices[Choice((uint)random.NextBits(), threshold)];
        }
    }

    // 1 where bits ≥ threshold, else 0, without a branch: nobody can predict it. Both are below 2⁶³, so the sign of the difference tells.
    private static int Choice(ulong bits, ulong threshold) => (int)(1 - ((bits - threshold) >> 63));
}
