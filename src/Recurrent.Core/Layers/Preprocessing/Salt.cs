using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>
/// A salt of hashes, two whole numbers: with it <see cref="Hashing"/> and lookups find buckets that nobody guesses who does not
/// know it.
/// <c>salt: 133</c> stands for <c>salt: [133, 133]</c>.
/// </summary>
[CollectionBuilder(typeof(Salt), nameof(Create))]
public sealed class Salt : IEnumerable<long>
{
    private Salt(long first, long second) => (First, Second) = (first, second);

    /// <summary>The first number.</summary>
    public long First { get; }

    /// <summary>The second number.</summary>
    public long Second { get; }

    /// <summary>One number for both.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Salt(int value) => new(value, value);

    /// <summary>One number for both.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Salt(long value) => new(value, value);

    /// <summary>Two numbers; a collection expression <c>[133, 137]</c> calls it.</summary>
    /// <param name="numbers">The numbers.</param>
    /// <exception cref="ArgumentException">There are not two.</exception>
    public static Salt Create(ReadOnlySpan<long> numbers) => numbers.Length == 2
        ? new(numbers[0], numbers[1])
        : throw new ArgumentException(
            string.Create(CultureInfo.InvariantCulture, $"A salt is one whole number, or two, but {numbers.Length} were given. "
                + $"Write salt: 133 or salt: [133, 137]."));

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)[First, Second]).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads a salt: one number, or two; null where there is none.</summary>
    internal static Salt? Read(ConfigReader config) => config.Raw("salt") switch
    {
        null => null,
        long one => one,
        IReadOnlyList<object?> { Count: 2 } list when list[0] is long first && list[1] is long second => new(first, second),
        _ => throw new ConfigException(
            $"{config.Owner}: salt must be a whole number, a list of two, or null.")
        { Option = "salt" },
    };
}
