using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// A piecewise linear sigmoid: <c>slope·x + 1/2</c> cut off at 0 and 1; derivative slope between, else 0. The slope is 1/6 where
/// none is given, so that it is cut off at −3 and 3.
/// </summary>
/// <remarks>
/// 1/6 is the form of Keras 3 and PyTorch. Keras 1 and 2, TensorFlow.js and ONNX have <c>0.2 x + 0.5</c>, a slope of 0.2, which
/// gives other numbers.
/// </remarks>
public sealed class HardSigmoid : ActivationFunction
{
    private const double UsualSlope = 1.0 / 6;

    private readonly double slope;

    /// <summary>Creates the activation.</summary>
    /// <param name="slope">Slope of the line between 0 and 1, greater than 0; default 1/6.</param>
    /// <exception cref="ArgumentException">The slope is not greater than 0, or not finite.</exception>
    public HardSigmoid(double slope = UsualSlope)
    {
        new OptionCheck(ClassName)
            .Require(slope > 0 && double.IsFinite(slope),
                FormattableString.Invariant($"slope must be greater than 0, but is {slope}"), nameof(slope))
            .ThrowIfAny();
        this.slope = slope;
    }

    /// <inheritdoc/>
    public override string ClassName => "hard_sigmoid";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        y = y[..x.Length];
        if (slope == UsualSlope)
        {
            TensorPrimitives.Divide(x, 6, y);
        }
        else
        {
            TensorPrimitives.Multiply(x, (Real)slope, y);
        }

        TensorPrimitives.Add(y, (Real)0.5, y);
        TensorPrimitives.Max(y, 0, y);
        TensorPrimitives.Min(y, 1, y);
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(new InsideRule(0, 1, (Real)slope), y, dy, dx);

    /// <inheritdoc/>
    public override Config GetConfig() => Changed(("slope", slope, UsualSlope));
}
