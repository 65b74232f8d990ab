using Recurrent.Random;

namespace Recurrent.Examples.FromScratch;

/// <summary>Random sequences of integers. The network sees one integer at each step and is asked for the next one.</summary>
/// <param name="Integers">The integers: sequences × (steps + 1).</param>
internal sealed record IntegerSequences(int[,] Integers)
{
    internal const int Steps = 10;

    // A network of tanh units works best on numbers about as large as 1.
    private const double Scale = 10;

    internal int Count => Integers.GetLength(0);

    /// <summary>What the network sees: shape (sequences, steps, 1).</summary>
    internal NDArray X => Scaled(0);

    /// <summary>What it is asked for: the same, one step later.</summary>
    internal NDArray Y => Scaled(1);

    internal static double ToInput(int integer) => integer / Scale;

    internal static int ToInteger(double output) => (int)Math.Round(output * Scale);

    internal static double Variance(NDArray targets)
    {
        double mean = targets.Values.Average();
        return targets.Values.Average(value => (value - mean) * (value - mean));
    }

    /// <summary>A sequence starts anywhere from −9 to 9 and goes up or down by a stride of its own, or stands still.</summary>
    internal static IntegerSequences Counting(int count, SeededRandom random)
    {
        var integers = new int[count, Steps + 1];
        for (int i = 0; i < count; i++)
        {
            int start = random.NextInt(19) - 9;
            int stride = random.NextInt(5) - 2;
            for (int t = 0; t <= Steps; t++)
            {
                integers[i, t] = start + (t * stride);
            }
        }

        return new(integers);
    }

    /// <summary>Every integer is drawn for itself, from −9 to 9: what has been says nothing about what comes.</summary>
    internal static IntegerSequences Independent(int count, SeededRandom random)
    {
        var integers = new int[count, Steps + 1];
        for (int i = 0; i < count; i++)
        {
            for (int t = 0; t <= Steps; t++)
            {
                integers[i, t] = random.NextInt(19) - 9;
            }
        }

        return new(integers);
    }

    private NDArray Scaled(int shift)
    {
        var values = new double[Count, Steps, 1];
        for (int i = 0; i < Count; i++)
        {
            for (int t = 0; t < Steps; t++)
            {
                values[i, t, 0] = ToInput(Integers[i, t + shift]);
            }
        }

        return values;
    }
}
