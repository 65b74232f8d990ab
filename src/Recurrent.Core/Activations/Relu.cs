using System.Numerics;
using System.Numerics.Tensors;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// The rectified linear unit: <c>min(x, max_value)</c> above the threshold, <c>negative_slope · (x − threshold)</c> up to it;
/// with the default options <c>max(x, 0)</c>.
/// </summary>
/// <remarks>
/// The derivative is 1 between the threshold and the maximum, <c>negative_slope</c> below and 0 above; at the threshold it is the
/// one from below, at the maximum 0. Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", ICML 2010.
/// </remarks>
public sealed class Relu : ActivationFunction
{
    private readonly double negativeSlope;
    private readonly double? maxValue;
    private readonly double threshold;

    /// <summary>Creates the activation.</summary>
    /// <param name="negativeSlope">Slope below the threshold, at least 0; default 0.</param>
    /// <param name="maxValue">Largest value of the function, at least 0; null (the default) sets no limit.</param>
    /// <param name="threshold">Where the linear part begins, at least 0; default 0.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names them all.</exception>
    public Relu(double negativeSlope = 0, double? maxValue = null, double threshold = 0)
    {
        OptionCheck check = new OptionCheck(ClassName)
            .AtLeast("negative_slope", negativeSlope, 0)
            .AtLeast("threshold", threshold, 0);
        if (maxValue is double max)
        {
            check.AtLeast("max_value", max, 0);
        }

        check.ThrowIfAny();
        this.negativeSlope = negativeSlope;
        this.maxValue = maxValue;
        this.threshold = threshold;
    }

    /// <inheritdoc/>
    public override string ClassName => "relu";

    /// <inheritdoc/>
    public override bool NeedsInput => false;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows)
    {
        if (negativeSlope == 0 && threshold == 0)
        {
            TensorPrimitives.Max(x, 0, y);
            if (maxValue is double max)
            {
                TensorPrimitives.Min(y[..x.Length], (Real)max, y);
            }

            return;
        }

        Real limit = (Real)(maxValue ?? double.PositiveInfinity);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] > (Real)threshold ? RealMath.Min(x[i], limit) : Below(x[i]);
        }
    }

    /// <inheritdoc/>
    public override void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows) =>
        ChainRule.Sweep(
            new Rule((Real)negativeSlope, (Real)(maxValue ?? double.PositiveInfinity)), y, dy, dx);

    /// <inheritdoc/>
    public override Config GetConfig() =>
        Changed(("negative_slope", negativeSlope, 0.0), ("max_value", maxValue, null), ("threshold", threshold, 0.0));

    private Real Below(Real x) => negativeSlope == 0 && !Real.IsNaN(x) ? 0 : (Real)negativeSlope * (x - (Real)threshold);

    // The output is positive, or at its limit of 0, exactly above the threshold, so it tells where the input was.
    private readonly struct Rule(Real negativeSlope, Real maxValue) : IChainRule
    {
        public Real Apply(Real y, Real dy) => y >= maxValue ? 0 : y > 0 ? dy : dy * negativeSlope;

        public Vector<Real> Apply(Vector<Real> y, Vector<Real> dy) => Vector.ConditionalSelect(
            Vector.GreaterThanOrEqual(y, new Vector<Real>(maxValue)),
            Vector<Real>.Zero,
            Vector.ConditionalSelect(Vector.GreaterThan(y, Vector<Real>.Zero), dy, dy * negativeSlope));
    }
}
