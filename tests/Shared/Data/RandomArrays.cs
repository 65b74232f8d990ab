using Recurrent.Random;

namespace Recurrent.Tests;

/// <summary>Arrays of random numbers, the same in every run.</summary>
internal static class RandomArrays
{
    /// <summary>Numbers of the normal distribution, which follow from the shape alone.</summary>
    internal static NDArray Noise(params int[] shape)
    {
        var random = new SeededRandom((ulong)shape.Aggregate(7, (sum, axis) => (31 * sum) + axis));
        int size = shape.Aggregate(1, (product, axis) => product * axis);
        return new(shape, [.. Enumerable.Range(0, size).Select(_ => (float)random.NextNormal())]);
    }
}
