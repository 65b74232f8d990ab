using System.Globalization;

namespace Recurrent.Shapes;

/// <summary>
/// The shape of one sample, without the batch axis: <c>(timesteps, features)</c> for a sequence, <c>(features)</c> for a vector.
/// An axis may be unknown (null), as the number of time steps often is.
/// </summary>
public sealed class Shape : IEquatable<Shape>
{
    private readonly int?[] axes;

    /// <summary>Creates a shape from its axes, slowest first.</summary>
    /// <param name="axes">Axis lengths; null where a length is not known.</param>
    /// <exception cref="ArgumentOutOfRangeException">An axis is zero or negative.</exception>
    public Shape(params int?[] axes)
    {
        ArgumentNullException.ThrowIfNull(axes);
        foreach (int? axis in axes)
        {
            if (axis <= 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(axes), axis, "Every axis of a shape must be at least 1, or null where its length is not known.");
            }
        }

        this.axes = [.. axes];
    }

    /// <summary>Number of axes, the batch axis not counted.</summary>
    public int Rank => axes.Length;

    /// <summary>The axes, slowest first.</summary>
    public IReadOnlyList<int?> Axes => axes;

    /// <summary>Whether every axis is known.</summary>
    public bool IsKnown => axes.All(axis => axis.HasValue);

    /// <summary>Length of the last axis: the number of features.</summary>
    /// <exception cref="InvalidOperationException">The shape has no axis, or its last axis is not known.</exception>
    public int Features => Rank > 0 && axes[^1] is int features
        ? features
        : throw new InvalidOperationException($"The last axis (features) of shape {this} must be known.");

    /// <summary>Product of all axes but the last: how many columns one sample takes in a matrix whose rows are
    /// features.</summary>
    /// <exception cref="InvalidOperationException">One of these axes is not known.</exception>
    /// <exception cref="ArgumentException">It is more than an array can hold.</exception>
    public int Steps
    {
        get
        {
            long steps = 1;
            for (int i = 0; i < axes.Length - 1; i++)
            {
                steps = Fitting(steps * (axes[i]
                    ?? throw new InvalidOperationException($"Axis {i + 1} of shape {this} is not known yet.")));
            }

            return (int)steps;
        }
    }

    /// <summary>Number of values in one sample.</summary>
    /// <exception cref="InvalidOperationException">An axis is not known.</exception>
    /// <exception cref="ArgumentException">It is more than an array can hold.</exception>
    public int Size => (int)Fitting((long)Steps * Features);

    /// <summary>Length of one axis; negative indices count from the end.</summary>
    /// <param name="index">The axis.</param>
    public int? this[Index index] => axes[index];

    /// <summary>A shape of one axis.</summary>
    /// <param name="features">Number of features.</param>
    public static implicit operator Shape(int features) => new(features);

    /// <summary>A shape of two axes, such as <c>(timesteps: 10, features: 1)</c>.</summary>
    /// <param name="axes">The axes.</param>
    public static implicit operator Shape((int timesteps, int features) axes) => new(axes.timesteps, axes.features);

    /// <summary>A shape of two axes of which the first may be unknown, such as <c>(timesteps: null, features: 1)</c>.</summary>
    /// <param name="axes">The axes.</param>
    public static implicit operator Shape((int? timesteps, int features) axes) => new(axes.timesteps, axes.features);

    /// <summary>A shape of three axes.</summary>
    /// <param name="axes">The axes.</param>
    public static implicit operator Shape((int First, int Second, int Third) axes) => new(axes.First, axes.Second, axes.Third);

    /// <summary>This shape with another last axis.</summary>
    /// <param name="features">The new number of features.</param>
    public Shape WithFeatures(int features) => new([.. axes[..^1], features]);

    /// <summary>Whether a concrete shape fits: the same rank, and equal wherever this shape knows the axis.</summary>
    /// <param name="other">The shape to hold against this one.</param>
    public bool Accepts(Shape other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Rank == other.Rank && axes.Zip(other.axes).All(pair => pair.First is null || pair.First == pair.Second);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && axes.AsSpan().SequenceEqual(other.axes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int? axis in axes)
        {
            hash.Add(axis);
        }

        return hash.ToHashCode();
    }

    /// <summary>The shape with its batch axis, as error messages show it: <c>(batch, 10, 1)</c>; an unknown axis is
    /// <c>?</c>.</summary>
    public override string ToString() => $"({string.Join(", ", axes.Select(Describe).Prepend("batch"))})";

    private long Fitting(long values) => values <= Array.MaxLength
        ? values
        : throw new ArgumentException(
            $"A sample of shape {this} has more values than the {Array.MaxLength} that an array can hold. Use shorter samples "
            + "or fewer features.");

    private static string Describe(int? axis) => axis?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
