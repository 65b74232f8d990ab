using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Adam's steps with a mean of all steps so far in place of a falling learning rate: no schedule is needed, and training
/// may end at any time.</summary>
/// <remarks>
/// The weights y stand between a point z that takes the steps and the mean x of all z: at update t with <c>v ← v + (1 − β₂)(g² −
/// v)</c> and <c>α = η min(t / warmup, 1)</c>, <c>x = (y − (1 − β₁) z) / β₁</c>, <c>z ← z − α g / (√(v / (1 − β₂ᵗ)) + ε)</c>,
/// <c>x ← (1 − 1/t) x + z / t</c>, <c>y ← (1 − β₁) z + β₁ x</c>. Slots: <c>momentum</c> (z, from the first weights on),
/// <c>velocity</c> (v). Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19.
/// Defazio et al., 2024: The Road Less Scheduled; Keras's variant, which weighs all steps alike.
/// </remarks>
public sealed class ScheduleFreeAdamW : Optimizer
{
    private DenseMatrix[] points = [];
    private DenseMatrix[] velocities = [];
    private Factors factors;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.0025.</param>
    /// <param name="beta1">How near the weights are to the mean, β₁ in (0, 1); default 0.9.</param>
    /// <param name="beta2">How slowly the mean square forgets, β₂ in [0, 1); default 0.999.</param>
    /// <param name="epsilon">The small ε that keeps the divisor above 0; default 1e-8.</param>
    /// <param name="warmupSteps">Number of updates over which the rate rises to η, at least 0; default 0.</param>
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
    /// <param name="name">Name of the optimizer; default <c>schedule_free_adam_w</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public ScheduleFreeAdamW(
        LearningRateSchedule? learningRate = null,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        int warmupSteps = 0,
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
        : this(learningRate, beta1, beta2, epsilon, warmupSteps,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal ScheduleFreeAdamW(LearningRateSchedule? learningRate, double beta1, double beta2, double epsilon, int warmupSteps,
        OptimizerOptions options)
        : base(learningRate ?? 0.0025, options, "schedule_free_adam_w")
    {
        Check()
            .Rate(nameof(beta1), beta1)
            .Require(beta1 != 0, "beta1 must be above 0: the mean of the steps could not be found again", nameof(beta1))
            .Rate(nameof(beta2), beta2)
            .AtLeast(nameof(epsilon), epsilon, 0)
            .AtLeast(nameof(warmupSteps), warmupSteps, 0)
            .ThrowIfAny();
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        WarmupSteps = warmupSteps;
    }

    /// <inheritdoc/>
    public override string ClassName => "ScheduleFreeAdamW";

    /// <summary>How near the weights are to the mean.</summary>
    public double Beta1 { get; }

    /// <summary>How slowly the mean square forgets.</summary>
    public double Beta2 { get; }

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon { get; }

    /// <summary>Number of updates over which the rate rises.</summary>
    public int WarmupSteps { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new ScheduleFreeAdamW(Schedule, Beta1, Beta2, Epsilon, WarmupSteps, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("beta_1", Beta1);
        config.Add("beta_2", Beta2);
        config.Add("epsilon", Epsilon);
        config.Add("warmup_steps", WarmupSteps);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] slots = AddSlots("momentum", "velocity");
        points = slots[0];
        velocities = slots[1];
        for (int i = 0; i < points.Length; i++)
        {
            ParameterAt(i).Values.CopyTo(points[i].Values);
        }
    }

    /// <inheritdoc/>
    protected override void BeginStep(Real rate)
    {
        double step = Updates + 1;
        double warmup = WarmupSteps > 0 ? Math.Min(step / WarmupSteps, 1) : 1;
        factors = new((Real)warmup, (Real)(1 / -StableMath.ExpM1(step * Math.Log(Beta2))), (Real)(1 / step));
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update) =>
        update.Sweep(new Rule(update.Rate, this), points[index], velocities[index]);

    /// <summary>What is the same for all weights of an update.</summary>
    private readonly record struct Factors(Real Warmup, Real MeanSquare, Real Share);

    private readonly struct Rule(Real rate, ScheduleFreeAdamW options) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate * options.factors.Warmup);
        private readonly Vector<Real> ofMeanSquare = new(options.factors.MeanSquare);
        private readonly Vector<Real> share = new(options.factors.Share);
        private readonly Vector<Real> ofMean = new((Real)options.Beta1);
        private readonly Vector<Real> ofPoint = new((Real)(1 - options.Beta1));
        private readonly Vector<Real> take = new((Real)(1 - options.Beta2));
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            second += ((gradient * gradient) - second) * take;
            Vector<Real> mean = (weight - (first * ofPoint)) / ofMean;

            // The quotient first: it is of the size of 1 however large the gradients are.
            first -= rate * Adaptive.Divide(gradient, RootOf(second) + epsilon);
            mean += (first - mean) * share;
            return (first * ofPoint) + (mean * ofMean);
        }

        // A mean square that is corrected first may be no number where its root is one.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector<Real> RootOf(Vector<Real> meanSquare) =>
            Vector.SquareRoot(meanSquare) * Vector.SquareRoot(ofMeanSquare);
    }
}
