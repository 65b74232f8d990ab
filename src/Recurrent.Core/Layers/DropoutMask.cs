using Recurrent.Random;

namespace Recurrent.Layers;

/// <summary>Draws the factors of inverted dropout.</summary>
internal static class DropoutMask
{
    /// <summary>Each factor is 0 with probability <paramref name="rate"/>, else 1 / (1 − rate), so that the mean is 1.</summary>
    /// <param name="mask">Receives the factors.</param>
    /// <param name="rate">Share of zeros, in [0, 1).</param>
    /// <param name="random">Where random bits come from.</param>
    public static void Draw(Span<Real> mask, double rate, SeededRandom random)
    {
        Real kept = (Real)(1 / (1 - rate));
        ulong threshold = (ulong)(rate * (1UL << 32));
        for (int i = 0; i < mask.Length; i += 2)
        {
            // 64 random bits decide two factors.
            ulong bits = random.NextBits();
            mask[i] = (uint)bits < threshold ? 0 : kept;
            if (i + 1 < mask.Length)
            {
                mask[i + 1] = (bits >> 32) < threshold ? 0 : kept;
            }
        }
    }
}
