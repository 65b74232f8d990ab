using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Follow the regularized leader: weights as far from 0 as the gradients so far are worth, and 0 where they are
/// not.</summary>
/// <remarks>
/// With <c>g' = g + 2 λ_s w</c>, <c>a' = a + g²</c> and the power p: <c>l ← l + g' − (a'⁻ᵖ − a⁻ᵖ) / η · w</c>, then
/// <c>w ← (clip(l, −λ₁, λ₁) − l) / (a'⁻ᵖ / η + 2 λ₂ + β / η)</c> and <c>a ← a'</c>. Slots: <c>accumulator</c> (a),
/// <c>linear</c> (l). Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19,
/// and so does the root of the sum of squares. McMahan et al., 2013: Ad Click Prediction; the shrinkage λ_s is Keras's.
/// </remarks>
public sealed class Ftrl : Optimizer
{
    private DenseMatrix[] accumulators = [];
    private DenseMatrix[] linears = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="learningRatePower">The power p of the sum of squares, at most 0: 0 is a constant rate; default
    /// −0.5.</param>
    /// <param name="initialAccumulatorValue">What the sums of squares start from, at least 0; default 0.1.</param>
    /// <param name="l1RegularizationStrength">The strength λ₁ of the penalty that makes weights 0, at least 0; default 0.</param>
    /// <param name="l2RegularizationStrength">The strength λ₂ of the penalty of squares, at least 0; default 0.</param>
    /// <param name="l2ShrinkageRegularizationStrength">The strength λ_s of a penalty of squares that counts as part of the
    /// gradient, at least 0; default 0.</param>
    /// <param name="beta">The paper's β, at least 0; default 0.</param>
    /// <param name="weightDecay">Share of the weights, times the learning rate, that is taken off before each step; default
    /// none.</param>
    /// <param name="clipNorm">Greatest length of the gradient of one parameter; default none.</param>
    /// <param name="clipValue">Greatest size of an entry of a gradient; default none.</param>
    /// <param name="globalClipNorm">Greatest length of all gradients together; default none. Only one of the three can be
    /// set.</param>
    /// <param name="useEma">Whether a running mean of the weights is kept, which they are set to when training ends; default
    /// false.</param>
    /// <param name="emaMomentum">How slowly that mean forgets, in [0, 1]; default 0.99.</param>
    /// <param name="emaOverwriteFrequency">After how many updates the weights are set to that mean; default never before the
    /// end.</param>
    /// <param name="gradientAccumulationSteps">How many batches share one update, with the mean of their gradients; default
    /// one.</param>
    /// <param name="name">Name of the optimizer; default <c>ftrl</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Ftrl(
        LearningRateSchedule? learningRate = null,
        double learningRatePower = -0.5,
        double initialAccumulatorValue = 0.1,
        double l1RegularizationStrength = 0,
        double l2RegularizationStrength = 0,
        double l2ShrinkageRegularizationStrength = 0,
        double beta = 0,
        double? weightDecay = null,
        double? clipNorm = null,
        double? clipValue = null,
        double? globalClipNorm = null,
        bool useEma = false,
        double emaMomentum = OptimizerOptions.DefaultEmaMomentum,
        int? emaOverwriteFrequency = null,
        int? gradientAccumulationSteps = null,
        string? name = null,
        double? lossScaleFactor = null)
        : this(learningRate, learningRatePower, initialAccumulatorValue, l1RegularizationStrength, l2RegularizationStrength,
            l2ShrinkageRegularizationStrength, beta,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Ftrl(LearningRateSchedule? learningRate, double learningRatePower, double initialAccumulatorValue,
        double l1RegularizationStrength, double l2RegularizationStrength, double l2ShrinkageRegularizationStrength,
        double beta, OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "ftrl")
    {
        Check()
            .Require(double.IsFinite(learningRatePower) && learningRatePower <= 0,
                FormattableString.Invariant($"{nameof(learningRatePower)} must be at most 0, but is {learningRatePower}"),
                nameof(learningRatePower))
            .AtLeast(nameof(initialAccumulatorValue), initialAccumulatorValue, 0)
            .AtLeast(nameof(l1RegularizationStrength), l1RegularizationStrength, 0)
            .AtLeast(nameof(l2RegularizationStrength), l2RegularizationStrength, 0)
            .AtLeast(nameof(l2ShrinkageRegularizationStrength), l2ShrinkageRegularizationStrength, 0)
            .AtLeast(nameof(beta), beta, 0)
            .ThrowIfAny();
        LearningRatePower = learningRatePower;
        InitialAccumulatorValue = initialAccumulatorValue;
        L1RegularizationStrength = l1RegularizationStrength;
        L2RegularizationStrength = l2RegularizationStrength;
        L2ShrinkageRegularizationStrength = l2ShrinkageRegularizationStrength;
        Beta = beta;
    }

    /// <inheritdoc/>
    public override string ClassName => "Ftrl";

    /// <summary>The power of the sum of squares.</summary>
    public double LearningRatePower { get; }

    /// <summary>What the sums of squares start from.</summary>
    public double InitialAccumulatorValue { get; }

    /// <summary>The strength of the penalty that makes weights 0.</summary>
    public double L1RegularizationStrength { get; }

    /// <summary>The strength of the penalty of squares.</summary>
    public double L2RegularizationStrength { get; }

    /// <summary>The strength of the penalty of squares that counts as part of the gradient.</summary>
    public double L2ShrinkageRegularizationStrength { get; }

    /// <summary>The paper's β.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Ftrl(
        Schedule, LearningRatePower, InitialAccumulatorValue, L1RegularizationStrength, L2RegularizationStrength,
        L2ShrinkageRegularizationStrength, Beta, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("learning_rate_power", LearningRatePower);
        config.Add("initial_accumulator_value", InitialAccumulatorValue);
        config.Add("l1_regularization_strength", L1RegularizationStrength);
        config.Add("l2_regularization_strength", L2RegularizationStrength);
        config.Add("l2_shrinkage_regularization_strength", L2ShrinkageRegularizationStrength);
        config.Add("beta", Beta);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "accumulator";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] slots = AddSlots("accumulator", "linear");
        accumulators = slots[0];
        linears = slots[1];
        foreach (DenseMatrix accumulator in accumulators)
        {
            accumulator.Values.AsSpan().Fill((Real)InitialAccumulatorValue);
        }
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        // Number by number, since a power has no vector, and in double precision, which differences of roots need.
        Span<Real> accumulator = accumulators[index].Values.AsSpan(update.Start, update.Weights.Length);
        Span<Real> linear = linears[index].Values.AsSpan(update.Start, update.Weights.Length);
        update.Decay();
        double rate = update.Rate;
        for (int i = 0; i < update.Weights.Length && rate > 0; i++)
        {
            double weight = update.Weights[i];
            double gradient = Adaptive.Squarable(update.Gradient[i]);
            double before = accumulator[i];
            double squares = Math.Min(before + (gradient * gradient), Adaptive.MostSquares);
            double root = Root(squares);
            double sum = linear[i] + gradient + (2 * L2ShrinkageRegularizationStrength * weight)
                - ((root - Root(before)) / rate * weight);
            double curvature = ((root + Beta) / rate) + (2 * L2RegularizationStrength);
            double pull = Math.Clamp(sum, -L1RegularizationStrength, L1RegularizationStrength) - sum;
            accumulator[i] = (Real)squares;
            linear[i] = (Real)sum;
            update.Weights[i] = (Real)(curvature == 0 ? 0 : pull / curvature);
        }
    }

    private double Root(double squares) =>
        LearningRatePower == -0.5 ? Math.Sqrt(squares) : Math.Pow(squares, -LearningRatePower);
}
