using System.Globalization;

namespace Recurrent.Callbacks;

/// <summary>How often something is written: <c>"epoch"</c> for after every epoch, <c>"batch"</c>, or a number of
/// batches.</summary>
public readonly record struct SaveFrequency
{
    private SaveFrequency(int batches) => Batches = batches;

    /// <summary>After every epoch.</summary>
    public static SaveFrequency Epoch => default;

    /// <summary>After how many batches of an epoch, too; null for after epochs alone.</summary>
    public int? Batches { get; }

    /// <summary>After every epoch, and after so many batches of it.</summary>
    /// <param name="batches">The number; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is smaller.</exception>
    public static implicit operator SaveFrequency(int batches) => batches >= 1
        ? new(batches)
        : throw new ArgumentOutOfRangeException(nameof(batches), string.Create(CultureInfo.InvariantCulture,
            $"How often must be \"epoch\", \"batch\" or a number of batches of at least 1, but is {batches}."));

    /// <summary>After every epoch, or after every batch of it too.</summary>
    /// <param name="name"><c>epoch</c> or <c>batch</c>.</param>
    /// <exception cref="ArgumentException">It is another word.</exception>
    public static implicit operator SaveFrequency(string name) =>
        string.Equals(name, "epoch", StringComparison.OrdinalIgnoreCase) ? Epoch
        : string.Equals(name, "batch", StringComparison.OrdinalIgnoreCase) ? new(1)
        : throw new ArgumentException($"How often must be \"epoch\", \"batch\" or a number of batches, but is '{name}'.",
            nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Batches is int batches
        ? batches.ToString(CultureInfo.InvariantCulture)
        : "epoch";
}
