using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Divides the gradient by the root of the sum of all its squares so far.</summary>
/// <remarks>
/// <c>a ← a + g²</c>, <c>w ← w − η g / √(a + ε)</c>: ε stands inside the root, as in Keras. Slot: <c>accumulator</c>. Gradients
/// beyond 1.8e19, whose square is no number in single precision, count as 1.8e19, and so does the root of the sum. Duchi, Hazan
/// and Singer, 2011: Adaptive Subgradient Methods for Online Learning and Stochastic Optimization.
/// </remarks>
public sealed class Adagrad : Optimizer
{
    private DenseMatrix[] accumulators = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="initialAccumulatorValue">What the sums of squares start from, at least 0; default 0.1.</param>
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
    /// <param name="name">Name of the optimizer; default <c>adagrad</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Adagrad(
        LearningRateSchedule? learningRate = null,
        double initialAccumulatorValue = 0.1,
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
        : this(learningRate, initialAccumulatorValue, epsilon,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Adagrad(LearningRateSchedule? learningRate, double initialAccumulatorValue, double epsilon,
        OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "adagrad")
    {
        Check()
            .AtLeast(nameof(initialAccumulatorValue), initialAccumulatorValue, 0)
            .AtLeast(nameof(epsilon), epsilon, 0)
            .ThrowIfAny();
        InitialAccumulatorValue = initialAccumulatorValue;
        Epsilon = epsilon;
    }

    /// <inheritdoc/>
    public override string ClassName => "Adagrad";

    /// <summary>What the sums of squares start from.</summary>
    public double InitialAccumulatorValue { get; }

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Adagrad(
        Schedule, InitialAccumulatorValue, Epsilon, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("initial_accumulator_value", InitialAccumulatorValue);
        config.Add("epsilon", Epsilon);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "accumulator";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        accumulators = AddSlots("accumulator")[0];
        foreach (DenseMatrix accumulator in accumulators)
        {
            accumulator.Values.AsSpan().Fill((Real)InitialAccumulatorValue);
        }
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update) =>
        update.Sweep(new Rule(update.Rate, this), accumulators[index]);

    private readonly struct Rule(Real rate, Adagrad options) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate);
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);

        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            first = Adaptive.Sum(first, gradient * gradient);
            return weight - Adaptive.Divide(rate * gradient, Vector.SquareRoot(first + epsilon));
        }
    }
}
