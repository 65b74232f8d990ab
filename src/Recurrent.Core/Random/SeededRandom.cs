using System.Numerics;

namespace Recurrent.Random;

/// <summary>
/// A reproducible stream of random numbers that is fully determined by its key: a seed, and whatever names the draw
/// (layer, training step, shard).
/// </summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Independent streams come
/// from <see cref="Key"/>, so that no draw ever depends on which thread makes it or on what was drawn elsewhere.
/// </remarks>
public struct SeededRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong state;

    /// <summary>Starts the stream of a key.</summary>
    /// <param name="key">The key; see <see cref="Key"/>.</param>
    public SeededRandom(ulong key) => state = key;

    /// <summary>Mixes a seed with the name of a draw into the key of an independent stream.</summary>
    /// <param name="seed">The seed or key to derive from.</param>
    /// <param name="index">What tells this stream from its siblings: a layer's index, a step, a shard.</param>
    public static ulong Key(ulong seed, ulong index) => Mix(seed + (GoldenGamma * (index + 1)) + 0x632BE59BD9B4E019);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        state += GoldenGamma;
        return Mix(state);
    }

    /// <summary>The next random bits, 64 to an element: those of as many calls of <see cref="NextBits()"/>, several at a
    /// time.</summary>
    /// <param name="bits">Receives them.</param>
    public void NextBits(Span<ulong> bits)
    {
        // State k steps on is state + k·gamma: nothing has to wait for what was drawn before.
        Vector<ulong> states = new Vector<ulong>(state)
            + ((Vector<ulong>.Indices + Vector<ulong>.One) * new Vector<ulong>(GoldenGamma));
        var jump = new Vector<ulong>(unchecked((ulong)Vector<ulong>.Count * GoldenGamma));
        int i = 0;
        for (; i <= bits.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            Mix(states).CopyTo(bits[i..]);
            states += jump;
        }

        state += unchecked((ulong)i * GoldenGamma);
        for (; i < bits.Length; i++)
        {
            bits[i] = NextBits();
        }
    }

    /// <summary>A double in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A double in [low, high).</summary>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A draw from the standard normal distribution, by the Box–Muller transform.</summary>
    public double NextNormal() =>
        Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble())) * Math.Cos(2.0 * Math.PI * NextDouble());

    /// <summary>An integer in [0, bound), without bias.</summary>
    /// <param name="bound">The exclusive upper bound; at least 1.</param>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);

        // Lemire's method: the high half of a 32 × 32 bit product, with the few draws rejected that would favour small results.
        uint range = (uint)bound;
        ulong product = (ulong)(uint)(NextBits() >> 32) * range;
        if ((uint)product < range)
        {
            uint threshold = (0u - range) % range;
            while ((uint)product < threshold)
            {
                product = (ulong)(uint)(NextBits() >> 32) * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Shuffles items in place (Fisher and Yates).</summary>
    /// <typeparam name="T">Type of the items.</typeparam>
    /// <param name="items">The items.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static Vector<ulong> Mix(Vector<ulong> z)
    {
        z = (z ^ (z >>> 30)) * new Vector<ulong>(0xBF58476D1CE4E5B9);
        z = (z ^ (z >>> 27)) * new Vector<ulong>(0x94D049BB133111EB);
        return z ^ (z >>> 31);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
