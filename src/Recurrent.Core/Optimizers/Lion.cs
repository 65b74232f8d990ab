using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Steps of one size, in the direction of the sign of a running mean of the gradient.</summary>
/// <remarks>
/// <c>w ← w − η sign(β₁ m + (1 − β₁) g)</c>, then <c>m ← β₂ m + (1 − β₂) g</c>. Rates are commonly a third to a tenth of Adam's.
/// Slot: <c>momentum</c>. Chen et al., 2023: Symbolic Discovery of Optimization Algorithms.
/// </remarks>
public sealed class Lion : Optimizer
{
    private DenseMatrix[] momenta = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="beta1">Share of the mean in the direction, β₁ in [0, 1); default 0.9.</param>
    /// <param name="beta2">How slowly the mean forgets, β₂ in [0, 1); default 0.99.</param>
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
    /// <param name="name">Name of the optimizer; default <c>lion</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Lion(
        LearningRateSchedule? learningRate = null,
        double beta1 = 0.9,
        double beta2 = 0.99,
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
        : this(learningRate, beta1, beta2,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Lion(LearningRateSchedule? learningRate, double beta1, double beta2, OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "lion")
    {
        Check().Rate(nameof(beta1), beta1).Rate(nameof(beta2), beta2).ThrowIfAny();
        Beta1 = beta1;
        Beta2 = beta2;
    }

    /// <inheritdoc/>
    public override string ClassName => "Lion";

    /// <summary>Share of the mean in the direction.</summary>
    public double Beta1 { get; }

    /// <summary>How slowly the mean forgets.</summary>
    public double Beta2 { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Lion(
        Schedule, Beta1, Beta2, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("beta_1", Beta1);
        config.Add("beta_2", Beta2);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override void AddSlots() => momenta = AddSlots("momentum")[0];

    /// <inheritdoc/>
    protected override void Step(int index, Update update) => update.Sweep(new Rule(update.Rate, this), momenta[index]);

    private readonly struct Rule(Real rate, Lion options) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate);
        private readonly Vector<Real> keep1 = new((Real)options.Beta1);
        private readonly Vector<Real> take1 = new((Real)(1 - options.Beta1));
        private readonly Vector<Real> keep2 = new((Real)options.Beta2);
        private readonly Vector<Real> take2 = new((Real)(1 - options.Beta2));

        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            Vector<Real> direction = (first * keep1) + (gradient * take1);
            first = (first * keep2) + (gradient * take2);
            return weight - Adaptive.Signed(rate, direction);
        }
    }
}
