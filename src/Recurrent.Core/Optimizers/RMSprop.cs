using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Divides the gradient by a running root mean square of itself.</summary>
/// <remarks>
/// <c>v ← ρ v + (1 − ρ) g²</c>, then <c>w ← w − η g / √(v + ε)</c>: ε stands inside the root, as in Keras. Centered:
/// <c>a ← ρ a + (1 − ρ) g</c> and the root of <c>v − a² + ε</c>. With momentum μ: <c>m ← μ m + η g / √…</c> and <c>w ← w − m</c>.
/// Slots: <c>velocity</c>; <c>momentum</c> where μ is above 0; <c>average_gradient</c> where centered.
/// Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19. Tieleman and Hinton, 2012: Lecture
/// 6.5, rmsprop.
/// </remarks>
public sealed class RMSprop : Optimizer
{
    private DenseMatrix[] velocities = [];
    private DenseMatrix[]? momenta;
    private DenseMatrix[]? averages;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="rho">How slowly the mean square forgets, ρ in [0, 1]; default 0.9.</param>
    /// <param name="momentum">The momentum μ, in [0, 1]; default 0.</param>
    /// <param name="epsilon">The small ε that keeps the root above 0; default 1e-7.</param>
    /// <param name="centered">Whether the running mean is taken off, so that a variance is left; default false.</param>
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
    /// <param name="name">Name of the optimizer; default <c>rm_sprop</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public RMSprop(
        LearningRateSchedule? learningRate = null,
        double rho = 0.9,
        double momentum = 0,
        double epsilon = 1e-7,
        bool centered = false,
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
        : this(learningRate, rho, momentum, epsilon, centered,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal RMSprop(LearningRateSchedule? learningRate, double rho, double momentum, double epsilon, bool centered,
        OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "rm_sprop")
    {
        Check()
            .Require(rho is >= 0 and <= 1,
                FormattableString.Invariant($"{nameof(rho)} must be at least 0 and at most 1, but is {rho}"), nameof(rho))
            .Require(
                momentum is >= 0 and <= 1,
                FormattableString.Invariant($"{nameof(momentum)} must be at least 0 and at most 1, but is {momentum}"),
                nameof(momentum))
            .AtLeast(nameof(epsilon), epsilon, 0)
            .ThrowIfAny();
        Rho = rho;
        Momentum = momentum;
        Epsilon = epsilon;
        Centered = centered;
    }

    /// <inheritdoc/>
    public override string ClassName => "RMSprop";

    /// <summary>How slowly the mean square forgets.</summary>
    public double Rho { get; }

    /// <summary>The momentum.</summary>
    public double Momentum { get; }

    /// <summary>What keeps the root above 0.</summary>
    public double Epsilon { get; }

    /// <summary>Whether the running mean is taken off.</summary>
    public bool Centered { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new RMSprop(
        Schedule, Rho, Momentum, Epsilon, Centered, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("rho", Rho);
        config.Add("momentum", Momentum);
        config.Add("epsilon", Epsilon);
        config.Add("centered", Centered);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        velocities = AddSlots("velocity")[0];
        momenta = Momentum > 0 ? AddSlots("momentum")[0] : null;
        averages = Centered ? AddSlots("average_gradient")[0] : null;
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        var rates = new Rates(update.Rate, this);
        if (momenta is null && averages is null)
        {
            update.Sweep(new PlainRule(rates), velocities[index]);
        }
        else if (averages is null)
        {
            update.Sweep(new MomentumRule(rates), velocities[index], momenta![index]);
        }
        else if (momenta is null)
        {
            update.Sweep(new CenteredRule(rates), velocities[index], averages[index]);
        }
        else
        {
            update.Sweep(new CenteredMomentumRule(rates), velocities[index], averages[index], momenta[index]);
        }
    }

    private readonly struct Rates(Real rate, RMSprop options)
    {
        private readonly Vector<Real> rate = new(rate);
        private readonly Vector<Real> keep = new((Real)options.Rho);
        private readonly Vector<Real> take = new((Real)(1 - options.Rho));
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);
        private readonly Vector<Real> momentum = new((Real)options.Momentum);
        private readonly Vector<Real> keepAndTake = new((Real)Math.Sqrt(options.Rho * (1 - options.Rho)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Mean(Vector<Real> mean, Vector<Real> value) => (keep * mean) + (take * value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Increment(Vector<Real> gradient, Vector<Real> variance) =>
            Adaptive.Divide(rate * gradient, Vector.SquareRoot(variance + epsilon));

        /// <summary>
        /// v − a² after the step, from what was before it: <c>ρ (v − a²) + ρ (1 − ρ)(g − a)²</c> is the same number, and unlike
        /// the difference it cannot fall below 0, where a gradient that hardly changes would end in the root of a negative
        /// number.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Variance(Vector<Real> gradient, Vector<Real> meanSquare, Vector<Real> mean)
        {
            Vector<Real> before = Vector.Max(meanSquare - (mean * mean), Vector<Real>.Zero);
            Vector<Real> change = (gradient - mean) * keepAndTake;
            return (keep * before) + (change * change);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Push(Vector<Real> momenta, Vector<Real> increment) => (momentum * momenta) + increment;
    }

    private readonly struct PlainRule(Rates rates) : IUpdateRule
    {
        private readonly Rates rates = rates;

        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            first = rates.Mean(first, gradient * gradient);
            return weight - rates.Increment(gradient, first);
        }
    }

    private readonly struct MomentumRule(Rates rates) : IUpdateRule
    {
        private readonly Rates rates = rates;

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            first = rates.Mean(first, gradient * gradient);
            second = rates.Push(second, rates.Increment(gradient, first));
            return weight - second;
        }
    }

    private readonly struct CenteredRule(Rates rates) : IUpdateRule
    {
        private readonly Rates rates = rates;

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            Vector<Real> variance = rates.Variance(gradient, first, second);
            first = rates.Mean(first, gradient * gradient);
            second = rates.Mean(second, gradient);
            return weight - rates.Increment(gradient, variance);
        }
    }

    private readonly struct CenteredMomentumRule(Rates rates) : IUpdateRule
    {
        private readonly Rates rates = rates;

        public static int Slots => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            Vector<Real> variance = rates.Variance(gradient, first, second);
            first = rates.Mean(first, gradient * gradient);
            second = rates.Mean(second, gradient);
            third = rates.Push(third, rates.Increment(gradient, variance));
            return weight - third;
        }
    }
}
