using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>Keeps norms from exceeding a maximum: <c>w ← w · min(n, max) / (n + 1e-7)</c>.</summary>
/// <remarks>
/// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent neural networks from
/// overfitting", JMLR 2014.
/// </remarks>
public sealed class MaxNorm : NormConstraint
{
    private readonly double maxValue;

    /// <summary>Creates the constraint.</summary>
    /// <param name="maxValue">The maximum, at least 0; default 2.</param>
    /// <param name="axis">The axis that norms run along; default 0. A negative one counts from the end.</param>
    /// <exception cref="ArgumentException">The maximum is negative or not finite.</exception>
    public MaxNorm(double maxValue = 2, int axis = 0)
        : this(maxValue, [axis])
    {
    }

    /// <summary>Creates the constraint on norms along several axes, as those of a convolution's kernel.</summary>
    /// <param name="maxValue">The maximum, at least 0.</param>
    /// <param name="axis">The axes that norms run along. Negative ones count from the end.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public MaxNorm(double maxValue, IReadOnlyList<int> axis)
        : base(axis)
    {
        CheckAxes(new OptionCheck(ClassName).AtLeast("max_value", maxValue, 0), axis).ThrowIfAny();
        this.maxValue = maxValue;
    }

    /// <inheritdoc/>
    public override string ClassName => "MaxNorm";

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "max_value", maxValue }, { "axis", Axis } };

    /// <inheritdoc/>
    private protected override double Desired(double norm) => Math.Min(norm, maxValue);
}
