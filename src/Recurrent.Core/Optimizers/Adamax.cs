using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;

namespace Recurrent.Optimizers;

/// <summary><see cref="Adam"/> with the greatest gradient of the past, fading, in place of the mean square.</summary>
/// <remarks>
/// <c>m ← m + (1 − β₁)(g − m)</c>, <c>u ← max(β₂ u, |g|)</c>, <c>w ← w − η m / ((1 − β₁ᵗ)(u + ε))</c>.
/// Slots: <c>momentum</c>, <c>norm</c>. Kingma and Ba, 2014: Adam, section 7.
/// </remarks>
public sealed class Adamax : MomentOptimizer
{
    private DenseMatrix[] momenta = [];
    private DenseMatrix[] norms = [];
    private Real alpha;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="beta1">How slowly the mean forgets, β₁ in [0, 1); default 0.9.</param>
    /// <param name="beta2">How slowly the greatest gradient fades, β₂ in [0, 1); default 0.999.</param>
    /// <param name="epsilon">The small ε that keeps the divisor above 0; default 1e-7.</param>
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
    /// <param name="name">Name of the optimizer; default <c>adamax</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Adamax(
        LearningRateSchedule? learningRate = null,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-7,
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
        : this(learningRate, beta1, beta2, epsilon,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Adamax(LearningRateSchedule? learningRate, double beta1, double beta2, double epsilon,
        OptimizerOptions options)
        : base(learningRate, beta1, beta2, epsilon, options, "adamax")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Adamax";

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Adamax(Schedule, Beta1, Beta2, Epsilon, Options);

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "norm";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] slots = AddSlots("momentum", "norm");
        momenta = slots[0];
        norms = slots[1];
    }

    /// <inheritdoc/>
    protected override void BeginStep(Real rate) =>
        alpha = (Real)(rate / -StableMath.ExpM1((Updates + 1) * Math.Log(Beta1)));

    /// <inheritdoc/>
    protected override void Step(int index, Update update) => update.Sweep(
        new Rule(this, update.Multiplier), momenta[index], norms[index]);

    private readonly struct Rule(Adamax options, Real multiplier) : IUpdateRule
    {
        private readonly Vector<Real> alpha = new(options.alpha * multiplier);
        private readonly Vector<Real> take = new((Real)(1 - options.Beta1));
        private readonly Vector<Real> keep = new((Real)options.Beta2);
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            // Halves, since the difference of two numbers may be none.
            Vector<Real> half = new((Real)0.5);
            first += ((gradient * half) - (first * half)) * (take + take);
            second = Vector.Max(second * keep, Vector.Abs(gradient));

            // The quotient first: it is of the size of 1 however large the gradients are.
            return weight - (Adaptive.Divide(first, second + epsilon) * alpha);
        }
    }
}
