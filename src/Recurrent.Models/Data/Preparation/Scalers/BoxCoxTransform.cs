using System.Globalization;

namespace Recurrent.Data;

/// <summary>
/// The Box–Cox transform, which evens out variances: (sign(y)·|y|^λ − 1) / λ, and log y where λ is 0. λ of 1 leaves the shape as
/// it is, ½ is like the square root, −1 like the reciprocal.
/// </summary>
/// <remarks>
/// G. E. P. Box, D. R. Cox, "An analysis of transformations" (1964), with the signs of P. J. Bickel and K. A. Doksum (1981) for
/// λ above 0. <see cref="BoxCoxLambda"/> finds λ.
/// </remarks>
public sealed class BoxCoxTransform : Scaler
{
    /// <summary>Creates the transform.</summary>
    /// <param name="lambda">λ; values must be above 0 unless it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">λ is not a finite number.</exception>
    public BoxCoxTransform(double lambda)
    {
        if (!double.IsFinite(lambda))
        {
            throw new ArgumentOutOfRangeException(nameof(lambda), lambda, "λ must be a finite number.");
        }

        Lambda = lambda;
    }

    /// <summary>λ.</summary>
    public double Lambda { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, and λ neither.</exception>
    public override double Transform(double value)
    {
        if (Lambda <= 0 && value <= 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                string.Create(CultureInfo.InvariantCulture,
                    $"The Box–Cox transform with λ = {Lambda} needs values above 0, but one is "
                    + $"{value}. Choose a λ above 0, or use another transform."));
        }

        return Math.Abs(Lambda) < 1e-9
            ? Math.Log(value)
            : ((Math.CopySign(Math.Pow(Math.Abs(value), Lambda), value) - 1) / Lambda);
    }

    /// <inheritdoc/>
    internal override string? Refuse(double value) => Lambda > 0 || value > 0
        ? null
        : FormattableString.Invariant(
            $"The Box–Cox transform with λ = {Lambda} needs values above 0. Choose a λ above 0 (lower: 0.01), or add an offset.");

    /// <inheritdoc/>
    /// <remarks>
    /// Where λ is below 0 no value lies at or above −1/λ: what does, as the bound of an interval may, is the largest double.
    /// </remarks>
    public override double Inverse(double value)
    {
        if (double.IsNaN(value))
        {
            return value;
        }

        if (Math.Abs(Lambda) < 1e-9)
        {
            return Math.Min(Math.Exp(value), double.MaxValue);
        }

        double power = (value * Lambda) + 1;
        if (Lambda < 0 && power <= 0)
        {
            return double.MaxValue;
        }

        double size = Math.Min(Math.Pow(Math.Abs(power), 1 / Lambda), double.MaxValue);
        return Math.CopySign(size, power);
    }
}
