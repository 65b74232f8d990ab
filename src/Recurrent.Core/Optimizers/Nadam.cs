using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;

namespace Recurrent.Optimizers;

/// <summary><see cref="Adam"/> whose step looks ahead along the momentum, as Nesterov's does.</summary>
/// <remarks>
/// <c>m ← m + (1 − β₁)(g − m)</c>, <c>v ← v + (1 − β₂)(g² − v)</c>, and with <c>μ_t = β₁ (1 − 0.96ᵗ / 2)</c> and
/// <c>Π_t = μ_1 ⋯ μ_t</c>: <c>w ← w − η (μ_{t+1} m / (1 − Π_{t+1}) + (1 − μ_t) g / (1 − Π_t)) / (√(v / (1 − β₂ᵗ)) + ε)</c>.
/// Slots: <c>momentum</c>, <c>velocity</c>; Π follows from the number of updates. Gradients beyond 1.8e19, whose square is no
/// number in single precision, count as 1.8e19. Dozat, 2016: Incorporating Nesterov Momentum into Adam.
/// </remarks>
public sealed class Nadam : MomentOptimizer
{
    private const double MomentumDecay = 0.96;

    private DenseMatrix[] momenta = [];
    private DenseMatrix[] velocities = [];
    private Factors factors;
    private double product = 1;
    private long productOf;

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
    /// <param name="name">Name of the optimizer; default <c>nadam</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Nadam(
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

    internal Nadam(LearningRateSchedule? learningRate, double beta1, double beta2, double epsilon,
        OptimizerOptions options)
        : base(learningRate, beta1, beta2, epsilon, options, "nadam")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Nadam";

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Nadam(Schedule, Beta1, Beta2, Epsilon, Options);

    /// <summary>Π of the updates done, which Keras keeps as a variable.</summary>
    internal double ProductOfMomenta => ProductTo(Updates);

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] slots = AddSlots("momentum", "velocity");
        momenta = slots[0];
        velocities = slots[1];
    }

    /// <inheritdoc/>
    protected override void BeginStep(Real rate)
    {
        long step = Updates + 1;
        double momentum = MomentumAt(step);
        double next = MomentumAt(step + 1);
        double soFar = ProductTo(step);
        factors = new(
            (Real)(rate * next / (1 - (soFar * next))),
            (Real)(rate * (1 - momentum) / (1 - soFar)),
            (Real)(1 / -StableMath.ExpM1(step * Math.Log(Beta2))));
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update) =>
        update.Sweep(new Rule(this, update.Multiplier), momenta[index], velocities[index]);

    private double MomentumAt(long step) => Beta1 * (1 - (0.5 * Math.Pow(MomentumDecay, step)));

    /// <summary>μ_1 ⋯ μ_t, from the last one where updates follow one another.</summary>
    private double ProductTo(long step)
    {
        if (productOf > step)
        {
            (product, productOf) = (1, 0);
        }

        // A product that has vanished stays 0.
        while (productOf < step && product > 0)
        {
            product *= MomentumAt(++productOf);
        }

        productOf = step;
        return product;
    }

    /// <summary>What all weights of an update are multiplied by.</summary>
    private readonly record struct Factors(Real Momentum, Real Gradient, Real MeanSquare);

    private readonly struct Rule(Nadam options, Real multiplier) : IUpdateRule
    {
        private readonly Vector<Real> ofMomentum = new(options.factors.Momentum * multiplier);
        private readonly Vector<Real> ofGradient = new(options.factors.Gradient * multiplier);
        private readonly Vector<Real> ofMeanSquare = new(options.factors.MeanSquare);
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
            Vector<Real> ahead = (first * ofMomentum) + (gradient * ofGradient);
            return weight - Adaptive.Divide(ahead, Vector.SquareRoot(second * ofMeanSquare) + epsilon);
        }
    }
}
