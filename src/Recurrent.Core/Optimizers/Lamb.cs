using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;

namespace Recurrent.Optimizers;

/// <summary><see cref="Adam"/>'s step for each parameter, made as long as the parameter is: for very large batches.</summary>
/// <remarks>
/// <c>m ← m + (1 − β₁)(g − m)</c>, <c>v ← v + (1 − β₂)(g² − v)</c>, <c>u = m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)</c>, and
/// <c>w ← w − η |w| / |u| · u</c>, with a ratio of 1 where <c>|w|</c> or <c>|u|</c> is 0. Slots: <c>momentum</c>,
/// <c>velocity</c>. Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19. You et al., 2019:
/// Large Batch Optimization for Deep Learning; without its bounds on |w|, as in Keras.
/// </remarks>
public sealed class Lamb : MomentOptimizer
{
    private DenseMatrix[] momenta = [];
    private DenseMatrix[] velocities = [];
    private Real[] step = [];
    private Real ofMean;
    private Real ofMeanSquare;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="beta1">How slowly the mean forgets, β₁ in [0, 1); default 0.9.</param>
    /// <param name="beta2">How slowly the mean square forgets, β₂ in [0, 1); default 0.999.</param>
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
    /// <param name="name">Name of the optimizer; default <c>lamb</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Lamb(
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

    internal Lamb(LearningRateSchedule? learningRate, double beta1, double beta2, double epsilon,
        OptimizerOptions options)
        : base(learningRate, beta1, beta2, epsilon, options, "lamb")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Lamb";

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Lamb(Schedule, Beta1, Beta2, Epsilon, Options);

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] slots = AddSlots("momentum", "velocity");
        momenta = slots[0];
        velocities = slots[1];
        step = new Real[momenta.Max(momentum => (int?)momentum.Values.Length) ?? 0];
    }

    /// <inheritdoc/>
    protected override void BeginStep(Real rate)
    {
        ofMean = (Real)(1 / -StableMath.ExpM1((Updates + 1) * Math.Log(Beta1)));
        ofMeanSquare = (Real)(1 / -StableMath.ExpM1((Updates + 1) * Math.Log(Beta2)));
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        update.Decay();
        Span<Real> step = this.step.AsSpan(0, update.Weights.Length);
        step.Clear();
        new Update(step, update.Gradient, 1, 0, 1, 0).Sweep(new Rule(this), momenta[index], velocities[index]);
        double lengthOfWeights = Sums.Norm<Real>(update.Weights);
        double lengthOfStep = Sums.Norm<Real>(step);
        double ratio = lengthOfWeights > 0 && lengthOfStep > 0 ? lengthOfWeights / lengthOfStep : 1;
        TensorPrimitives.MultiplyAdd(step, (Real)(update.Rate * ratio), update.Weights, update.Weights);
    }

    /// <summary>The step before it is given its length.</summary>
    private readonly struct Rule(Lamb options) : IUpdateRule
    {
        private readonly Vector<Real> ofMean = new(options.ofMean);
        private readonly Vector<Real> ofMeanSquare = new(options.ofMeanSquare);
        private readonly Vector<Real> take1 = new((Real)(1 - options.Beta1));
        private readonly Vector<Real> take2 = new((Real)(1 - options.Beta2));
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            first += (gradient - first) * take1;
            second += ((gradient * gradient) - second) * take2;
            return weight - Adaptive.Divide(first * ofMean, Vector.SquareRoot(second * ofMeanSquare) + epsilon);
        }
    }
}
