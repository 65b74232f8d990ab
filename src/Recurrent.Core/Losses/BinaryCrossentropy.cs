using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>−y log p − (1 − y) log(1 − p)</c>: each output is the probability of a yes.</summary>
/// <remarks>
/// Probabilities are clipped to [1e-7, 1 − 1e-7]; gradient <c>(p − y) / (n p (1 − p))</c>, 0 where clipped (as in Keras). From
/// logits the loss is <c>max(z, 0) − z y + log(1 + e^(−|z|))</c> with the gradient <c>(σ(z) − y) / n</c>. Label smoothing
/// replaces the target by <c>y (1 − s) + s / 2</c>.
/// </remarks>
public sealed class BinaryCrossentropy : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="fromLogits">Whether the outputs are logits, that is, the last layer has no sigmoid; default false.</param>
    /// <param name="labelSmoothing">How far targets are drawn towards one half, in [0, 1]; default 0.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>binary_crossentropy</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">The label smoothing is not in [0, 1].</exception>
    public BinaryCrossentropy(
        bool fromLogits = false,
        double labelSmoothing = 0,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null,
        int axis = -1)
        : base(reduction, name ?? "binary_crossentropy")
    {
        SoftmaxColumns.CheckSmoothing(ClassName, labelSmoothing);
        FromLogits = fromLogits;
        LabelSmoothing = labelSmoothing;
        Axis = axis;
    }

    /// <inheritdoc/>
    public override string ClassName => "BinaryCrossentropy";

    /// <summary>The axis that losses are taken along, 0 being the samples of a batch and −1 the outputs.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override int ColumnAxis => Axis;

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <summary>How far targets are drawn towards one half.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.Probabilities(ClassName, targets, targetRows);

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        if (FromLogits)
        {
            ElementLoss.Mean(new LogitTerm(LabelSmoothing), targets, predictions, rows, losses, gradient);
        }
        else
        {
            ElementLoss.Mean(new ProbabilityTerm(LabelSmoothing), targets, predictions, rows, losses, gradient);
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("from_logits", FromLogits);
        config.Add("label_smoothing", LabelSmoothing);
        config.Add("axis", Axis);
        return config;
    }

    private readonly struct ProbabilityTerm(double smoothing) : IElementLoss
    {
        private readonly Real keep = (Real)(1 - smoothing);
        private readonly Real shift = (Real)(0.5 * smoothing);

        public double Value(Real target, Real prediction, out Real slope)
        {
            const Real Least = (Real)Epsilon;
            const Real Most = (Real)(1 - Epsilon);
            Real y = (target * keep) + shift;
            Real p = Math.Clamp(prediction, Least, Most);
            slope = prediction < Least || prediction > Most ? 0 : (p - y) / (p * (1 - p));
            return -((y * RealMath.Log(p)) + ((1 - y) * RealMath.Log(1 - p)));
        }
    }

    private readonly struct LogitTerm(double smoothing) : IElementLoss
    {
        private readonly Real keep = (Real)(1 - smoothing);
        private readonly Real shift = (Real)(0.5 * smoothing);

        public double Value(Real target, Real prediction, out Real slope)
        {
            Real y = (target * keep) + shift;
            Real small = RealMath.Exp(-RealMath.Abs(prediction));
            slope = ((prediction >= 0 ? 1 : small) / (1 + small)) - y;
            return RealMath.Max(prediction, 0) - (prediction * y) + RealMath.Log(1 + small);
        }
    }
}
