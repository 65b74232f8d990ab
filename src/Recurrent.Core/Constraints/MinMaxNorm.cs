using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>
/// Draws norms into an interval: <c>w ← w · (rate · clip(n, min, max) + (1 − rate) · n) / (n + 1e-7)</c>.
/// </summary>
public sealed class MinMaxNorm : NormConstraint
{
    private readonly double minValue;
    private readonly double maxValue;
    private readonly double rate;

    /// <summary>Creates the constraint.</summary>
    /// <param name="minValue">The minimum, at least 0; default 0.</param>
    /// <param name="maxValue">The maximum, at least <paramref name="minValue"/>; default 1.</param>
    /// <param name="rate">How far each update goes, from 0 (not at all) to 1 (the default: all the way).</param>
    /// <param name="axis">The axis that norms run along; default 0. A negative one counts from the end.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public MinMaxNorm(double minValue = 0, double maxValue = 1, double rate = 1, int axis = 0)
        : this(minValue, maxValue, rate, [axis])
    {
    }

    /// <summary>Creates the constraint on norms along several axes, as those of a convolution's kernel.</summary>
    /// <param name="minValue">The minimum, at least 0.</param>
    /// <param name="maxValue">The maximum, at least <paramref name="minValue"/>.</param>
    /// <param name="rate">How far each update goes, from 0 (not at all) to 1 (all the way).</param>
    /// <param name="axis">The axes that norms run along. Negative ones count from the end.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public MinMaxNorm(double minValue, double maxValue, double rate, IReadOnlyList<int> axis)
        : base(axis)
    {
        OptionCheck check = new OptionCheck(ClassName)
            .AtLeast("min_value", minValue, 0)
            .AtLeast("max_value", maxValue, 0)
            .Require(
                !(minValue > maxValue),
                FormattableString.Invariant($"min_value ({minValue}) must not exceed max_value ({maxValue})"))
            .Require(rate is >= 0 and <= 1, FormattableString.Invariant($"rate must be at least 0 and at most 1, but is {rate}"),
                "rate");
        CheckAxes(check, axis).ThrowIfAny();
        this.minValue = minValue;
        this.maxValue = maxValue;
        this.rate = rate;
    }

    /// <inheritdoc/>
    public override string ClassName => "MinMaxNorm";

    /// <inheritdoc/>
    public override Config GetConfig() =>
        new() { { "min_value", minValue }, { "max_value", maxValue }, { "rate", rate }, { "axis", Axis } };

    /// <inheritdoc/>
    private protected override double Desired(double norm) =>
        (rate * Math.Clamp(norm, minValue, maxValue)) + ((1 - rate) * norm);
}
