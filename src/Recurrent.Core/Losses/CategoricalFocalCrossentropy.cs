using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The crossentropy of class probabilities against one-hot (or soft) targets, each class times a power of how far it is from
/// certain: <c>−Σ αᵢ (1 − pᵢ)ᵞ yᵢ log pᵢ</c>.
/// </summary>
/// <remarks>
/// <para>
/// Probabilities are divided by their sum and clipped to [1e-7, 1 − 1e-7] (as in Keras). With
/// <c>gᵢ = αᵢ yᵢ (γ (1 − pᵢ)ᵞ⁻¹ log pᵢ − (1 − pᵢ)ᵞ / pᵢ)</c>, 0 where clipped, the gradient is <c>(gᵢ − Σ gⱼ pⱼ) / Σ</c> of the
/// outputs; from logits <c>p</c> is their softmax and the gradient is <c>pᵢ (gᵢ − Σ gⱼ pⱼ)</c>. Label smoothing replaces the
/// target by <c>y (1 − s) + s / n</c>.
/// </para>
/// <para>Lin, Goyal, Girshick, He and Dollár, 2017: Focal Loss for Dense Object Detection.</para>
/// </remarks>
public sealed class CategoricalFocalCrossentropy : Loss
{
    private readonly double[] alpha;

    /// <summary>Creates the loss with one weight for all classes.</summary>
    /// <param name="alpha">The weight α, at least 0; default 0.25.</param>
    /// <param name="gamma">The power γ, at least 0, which is the crossentropy times α; default 2.</param>
    /// <param name="fromLogits">Whether the outputs are logits, that is, the last layer has no softmax; default false.</param>
    /// <param name="labelSmoothing">How far targets are drawn towards equal probabilities, in [0, 1]; default 0.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>categorical_focal_crossentropy</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public CategoricalFocalCrossentropy(
        double alpha = 0.25,
        double gamma = 2,
        bool fromLogits = false,
        double labelSmoothing = 0,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null,
        int axis = -1)
        : this([alpha], gamma, fromLogits, labelSmoothing, reduction, name, axis)
    {
    }

    /// <summary>Creates the loss with a weight for each class.</summary>
    /// <param name="alpha">The weights α, each at least 0: one for each class, or one for all.</param>
    /// <param name="gamma">The power γ, at least 0; default 2.</param>
    /// <param name="fromLogits">Whether the outputs are logits, that is, the last layer has no softmax; default false.</param>
    /// <param name="labelSmoothing">How far targets are drawn towards equal probabilities, in [0, 1]; default 0.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>categorical_focal_crossentropy</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public CategoricalFocalCrossentropy(
        IReadOnlyList<double> alpha,
        double gamma = 2,
        bool fromLogits = false,
        double labelSmoothing = 0,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null,
        int axis = -1)
        : base(reduction, name ?? "categorical_focal_crossentropy")
    {
        ArgumentNullException.ThrowIfNull(alpha);
        this.alpha = [.. alpha];
        var check = new OptionCheck(ClassName);
        check.Require(alpha.Count > 0, "alpha must have at least one entry", "alpha");
        for (int i = 0; i < alpha.Count; i++)
        {
            check.AtLeast(alpha.Count == 1 ? "alpha" : FormattableString.Invariant($"alpha[{i}]"), alpha[i], 0);
        }

        check.AtLeast(nameof(gamma), gamma, 0).ThrowIfAny();
        SoftmaxColumns.CheckSmoothing(ClassName, labelSmoothing);
        Gamma = gamma;
        FromLogits = fromLogits;
        LabelSmoothing = labelSmoothing;
        Axis = axis;
    }

    /// <inheritdoc/>
    public override string ClassName => "CategoricalFocalCrossentropy";

    /// <summary>The axis that losses are taken along, 0 being the samples of a batch and −1 the outputs.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override int ColumnAxis => Axis;

    /// <inheritdoc/>
    internal override bool NeedsWholeColumns => alpha.Length > 1;

    /// <summary>The weight of each class; one alone is that of all.</summary>
    public IReadOnlyList<double> Alpha => alpha;

    /// <summary>The power of how far a class is from certain.</summary>
    public double Gamma { get; }

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <summary>How far targets are drawn towards equal probabilities.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are several weights α, and not one for each output.</exception>
    public override int TargetRows(int predictionRows) => alpha.Length == 1 || alpha.Length == predictionRows
        ? predictionRows
        : throw new ArgumentException(
            $"CategoricalFocalCrossentropy has {alpha.Length} weights in alpha, but the model has {predictionRows} outputs. "
            + "Give one weight for each, or one for all.");

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        if (predictionRows == 1)
        {
            throw new ArgumentException(
                "CategoricalFocalCrossentropy needs one output for each class, but the model has 1 output. For a yes or no use "
                + "BinaryFocalCrossentropy.");
        }

        TargetCheck.Probabilities(ClassName, targets, targetRows);
    }

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        Real keep = (Real)(1 - LabelSmoothing);
        Real shift = (Real)(LabelSmoothing / rows);
        for (int column = 0; column < losses.Length; column++)
        {
            ReadOnlySpan<Real> y = targets.Slice(column * rows, rows);
            ReadOnlySpan<Real> z = predictions.Slice(column * rows, rows);
            Span<Real> g = gradient.IsEmpty ? [] : gradient.Slice(column * rows, rows);
            Real most = FromLogits ? Greatest(z) : 0;
            Real sum = Total(z, most);
            double loss = 0;
            double pull = 0; // Σ gⱼ pⱼ
            for (int i = 0; i < rows; i++)
            {
                Real p = (FromLogits ? RealMath.Exp(z[i] - most) : z[i]) / sum;
                loss += Value((y[i] * keep) + shift, p, i, out Real slope);
                pull += slope * p;
                if (!g.IsEmpty)
                {
                    g[i] = slope;
                }
            }

            losses[column] = (Real)loss;
            for (int i = 0; i < g.Length; i++)
            {
                Real scale = FromLogits ? RealMath.Exp(z[i] - most) / sum : 1 / sum;
                g[i] = (g[i] - (Real)pull) * scale;
            }
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("from_logits", FromLogits);
        config.Add("label_smoothing", LabelSmoothing);
        config.Add("axis", Axis);
        config.Add("alpha", alpha.Length == 1 ? alpha[0] : alpha);
        config.Add("gamma", Gamma);
        return config;
    }

    private static Real Greatest(ReadOnlySpan<Real> values)
    {
        Real most = values[0];
        foreach (Real value in values)
        {
            most = RealMath.Max(most, value);
        }

        return most;
    }

    private Real Total(ReadOnlySpan<Real> values, Real most)
    {
        double total = 0;
        foreach (Real value in values)
        {
            total += FromLogits ? RealMath.Exp(value - most) : value;
        }

        return (Real)total;
    }

    /// <summary>The share of one class, and its slope with respect to the probability.</summary>
    private double Value(Real y, Real p, int index, out Real slope)
    {
        const Real Least = (Real)Epsilon;
        const Real Most = (Real)(1 - Epsilon);
        Real gamma = (Real)Gamma;
        Real weight = y * (Real)(alpha.Length == 1 ? alpha[0] : alpha[index]);
        Real q = Math.Clamp(p, Least, Most);
        Real log = RealMath.Log(q);
        Real factor = RealMath.Pow(1 - q, gamma);
        slope = p < Least || p > Most ? 0 : weight * ((gamma * RealMath.Pow(1 - q, gamma - 1) * log) - (factor / q));
        return -weight * factor * log;
    }
}
