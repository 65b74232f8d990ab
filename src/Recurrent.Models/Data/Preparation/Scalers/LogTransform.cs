using System.Globalization;

namespace Recurrent.Data;

/// <summary>The natural logarithm: growth by a factor becomes growth by a sum, and seasons that swell with the level stay
/// even.</summary>
public sealed class LogTransform : Scaler
{
    /// <summary>Creates the transform.</summary>
    /// <param name="offset">Added before the logarithm is taken, for series that reach zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The offset is not a finite number.</exception>
    public LogTransform(double offset = 0)
    {
        if (!double.IsFinite(offset))
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, "The offset must be a finite number.");
        }

        Offset = offset;
    }

    /// <summary>Added before the logarithm is taken.</summary>
    public double Offset { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The value plus the offset is not above zero.</exception>
    public override double Transform(double value) => double.IsNaN(value) ? value : value + Offset > 0
        ? double.IsFinite(value + Offset) ? Math.Log(value + Offset) : Math.Log((value / 2) + (Offset / 2)) + Math.Log(2)
        : throw new ArgumentOutOfRangeException(
            nameof(value),
            value,
            string.Create(CultureInfo.InvariantCulture, $"A logarithm needs values above {0 - Offset}, but one is {value}. "
                + $"Give LogTransform an offset, or use another transform."));

    /// <inheritdoc/>
    internal override string? Refuse(double value) => value + Offset > 0
        ? null
        : FormattableString.Invariant(
            $"A logarithm needs values above {0 - Offset}. Give it an offset, or use another transform.");

    /// <inheritdoc/>
    public override double Inverse(double value) =>
        double.IsFinite(Math.Exp(value)) ? Math.Exp(value) - Offset : (Math.Exp(value - Math.Log(2)) - (Offset / 2)) * 2;
}
