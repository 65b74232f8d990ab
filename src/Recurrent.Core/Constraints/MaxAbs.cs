using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Constraints;

/// <summary>Clips every value into an interval around zero: <c>w ← clip(w, −max, max)</c>.</summary>
/// <remarks>
/// What Li, Li, Cook, Zhu and Gao ("Independently recurrent neural network (IndRNN): building a longer and deeper RNN", CVPR
/// 2018) do to recurrent weights after each update, so that nothing grows beyond a factor over the steps of a sequence.
/// </remarks>
public sealed class MaxAbs : Constraint
{
    private readonly double maxValue;

    /// <summary>Creates the constraint.</summary>
    /// <param name="maxValue">The largest magnitude, at least 0; default 1.</param>
    /// <exception cref="ArgumentException">It is negative or not finite.</exception>
    public MaxAbs(double maxValue = 1)
    {
        new OptionCheck(ClassName).AtLeast("max_value", maxValue, 0).ThrowIfAny();
        this.maxValue = maxValue;
    }

    /// <inheritdoc/>
    public override string ClassName => "MaxAbs";

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> shape, Span<Real> values)
    {
        TensorPrimitives.Min(values, (Real)maxValue, values);
        TensorPrimitives.Max(values, (Real)(-maxValue), values);
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "max_value", maxValue } };
}
