using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>Keeps norms at one: <c>w ← w / (n + 1e-7)</c>.</summary>
public sealed class UnitNorm : NormConstraint
{
    /// <summary>Creates the constraint.</summary>
    /// <param name="axis">The axis that norms run along; default 0. A negative one counts from the end.</param>
    public UnitNorm(int axis = 0)
        : this([axis])
    {
    }

    /// <summary>Creates the constraint on norms along several axes, as those of a convolution's kernel.</summary>
    /// <param name="axis">The axes that norms run along. Negative ones count from the end.</param>
    /// <exception cref="ArgumentException">There is no axis, or one comes twice.</exception>
    public UnitNorm(IReadOnlyList<int> axis)
        : base(axis) => CheckAxes(new OptionCheck(ClassName), axis).ThrowIfAny();

    /// <inheritdoc/>
    public override string ClassName => "UnitNorm";

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "axis", Axis } };

    /// <inheritdoc/>
    private protected override double Desired(double norm) => 1;
}
