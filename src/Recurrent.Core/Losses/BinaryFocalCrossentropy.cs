using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The mean over the outputs of <c>w fᵞ b</c>: the binary crossentropy <c>b</c>, times a power of how wrong the output is,
/// <c>f = y (1 − p) + (1 − y) p</c>, so that what is right already hardly counts.
/// </summary>
/// <remarks>
/// <para>
/// <c>b = −y log q − (1 − y) log(1 − q)</c> with <c>q</c>, the probability <c>p</c> clipped to [1e-7, 1 − 1e-7] (as in Keras);
/// the weight is <c>w = α y + (1 − α)(1 − y)</c> with class balancing, else 1. Label smoothing replaces the target by <c>y (1 −
/// s) + s / 2</c>.
/// </para>
/// <para>
/// Gradient: <c>w (γ fᵞ⁻¹ (1 − 2y) b + fᵞ (q − y) / (q (1 − q))) / n</c>, whose second term is 0 where clipped; from logits <c>p
/// = σ(z)</c> and the gradient is multiplied by <c>p (1 − p)</c>. Outputs outside [0, 1] count as 0 and 1.
/// Lin, Goyal, Girshick, He and Dollár, 2017: Focal Loss for Dense Object Detection.
/// </para>
/// </remarks>
public sealed class BinaryFocalCrossentropy : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="applyClassBalancing">Whether a yes counts <paramref name="alpha"/> and a no <c>1 − alpha</c>; default
    /// false.</param>
    /// <param name="alpha">Weight of the yes targets, in [0, 1]; default 0.25.</param>
    /// <param name="gamma">The power γ, at least 0, which is the binary crossentropy; default 2.</param>
    /// <param name="fromLogits">Whether the outputs are logits, that is, the last layer has no sigmoid; default false.</param>
    /// <param name="labelSmoothing">How far targets are drawn towards one half, in [0, 1]; default 0.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>binary_focal_crossentropy</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public BinaryFocalCrossentropy(
        bool applyClassBalancing = false,
        double alpha = 0.25,
        double gamma = 2,
        bool fromLogits = false,
        double labelSmoothing = 0,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null,
        int axis = -1)
        : base(reduction, name ?? "binary_focal_crossentropy")
    {
        new OptionCheck(ClassName)
            .Require(alpha is >= 0 and <= 1,
                FormattableString.Invariant($"{nameof(alpha)} must be at least 0 and at most 1, but is {alpha}"), nameof(alpha))
            .AtLeast(nameof(gamma), gamma, 0)
            .ThrowIfAny();
        SoftmaxColumns.CheckSmoothing(ClassName, labelSmoothing);
        ApplyClassBalancing = applyClassBalancing;
        Alpha = alpha;
        Gamma = gamma;
        FromLogits = fromLogits;
        LabelSmoothing = labelSmoothing;
        Axis = axis;
    }

    /// <inheritdoc/>
    public override string ClassName => "BinaryFocalCrossentropy";

    /// <summary>The axis that losses are taken along, 0 being the samples of a batch and −1 the outputs.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override int ColumnAxis => Axis;

    /// <summary>Whether a yes counts <see cref="Alpha"/> and a no <c>1 − Alpha</c>.</summary>
    public bool ApplyClassBalancing { get; }

    /// <summary>Weight of the yes targets under class balancing.</summary>
    public double Alpha { get; }

    /// <summary>The power of how wrong an output is.</summary>
    public double Gamma { get; }

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <summary>How far targets are drawn towards one half.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.Probabilities(ClassName, targets, targetRows);

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Mean(new Term(this), targets, predictions, rows, losses, gradient);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("from_logits", FromLogits);
        config.Add("label_smoothing", LabelSmoothing);
        config.Add("axis", Axis);
        config.Add("apply_class_balancing", ApplyClassBalancing);
        config.Add("alpha", Alpha);
        config.Add("gamma", Gamma);
        return config;
    }

    private readonly struct Term(BinaryFocalCrossentropy loss) : IElementLoss
    {
        private readonly Real keep = (Real)(1 - loss.LabelSmoothing);
        private readonly Real shift = (Real)(0.5 * loss.LabelSmoothing);
        private readonly Real gamma = (Real)loss.Gamma;
        private readonly Real yesWeight = loss.ApplyClassBalancing ? (Real)loss.Alpha : 1;
        private readonly Real noWeight = loss.ApplyClassBalancing ? (Real)(1 - loss.Alpha) : 1;
        private readonly bool fromLogits = loss.FromLogits;

        public double Value(Real target, Real prediction, out Real slope)
        {
            const Real Least = (Real)Epsilon;
            const Real Most = (Real)(1 - Epsilon);
            Real y = (target * keep) + shift;
            Real p = fromLogits ? Sigmoid(prediction) : Math.Clamp(prediction, 0, 1);
            Real q = Math.Clamp(p, Least, Most);
            Real crossentropy = -((y * RealMath.Log(q)) + ((1 - y) * RealMath.Log(1 - q)));
            Real wrong = (y * (1 - p)) + ((1 - y) * p);
            Real factor = RealMath.Pow(wrong, gamma);
            Real weight = (y * yesWeight) + ((1 - y) * noWeight);

            Real inner = p < Least || p > Most ? 0 : (q - y) / (q * (1 - q));
            Real outer = wrong > 0 ? gamma * RealMath.Pow(wrong, gamma - 1) * (1 - (2 * y)) : 0;
            slope = weight * ((outer * crossentropy) + (factor * inner));
            if (fromLogits)
            {
                slope *= p * (1 - p);
            }
            else if (prediction is < 0 or > 1)
            {
                slope = 0;
            }

            return weight * factor * crossentropy;
        }

        private static Real Sigmoid(Real z)
        {
            Real small = RealMath.Exp(-RealMath.Abs(z));
            return (z >= 0 ? 1 : small) / (1 + small);
        }
    }
}
