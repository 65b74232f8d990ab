namespace Recurrent.Data;

/// <summary>The square root: evens out counts, whose spread grows with their level.</summary>
public sealed class SquareRootTransform : Scaler
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public override double Transform(double value) => value >= 0 || double.IsNaN(value)
        ? Math.Sqrt(value)
        : throw new ArgumentOutOfRangeException(
            nameof(value), value,
                FormattableString.Invariant(
                $"A square root needs values of at least 0, but one is {value}. Use another transform."));

    /// <inheritdoc/>
    internal override string? Refuse(double value) =>
        value >= 0 ? null : "A square root needs values of at least 0. Add an offset to all of them, or use another transform.";

    /// <inheritdoc/>
    /// <remarks>A negative root, which no value has, is taken as 0.</remarks>
    public override double Inverse(double value) => double.IsNaN(value) ? value : value > 0 ? value * value : 0;
}
