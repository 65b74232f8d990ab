using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Steps as large as past steps were, over gradients as large as past gradients were: no rate needs choosing.</summary>
/// <remarks>
/// <c>a ← ρ a + (1 − ρ) g²</c>, <c>δ = − √(d + ε) / √(a + ε) · g</c>, <c>d ← ρ d + (1 − ρ) δ²</c>, <c>w ← w + η δ</c>. The
/// paper's method is that of <c>η = 1</c>; Keras's default is 0.001. Slots: <c>accumulated_grad</c>,
/// <c>accumulated_delta_var</c>.
/// Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19. Zeiler, 2012: ADADELTA.
/// </remarks>
public sealed class Adadelta : Optimizer
{
    private DenseMatrix[] gradients = [];
    private DenseMatrix[] steps = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="rho">How slowly the mean squares forget, ρ in [0, 1]; default 0.95.</param>
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
    /// <param name="name">Name of the optimizer; default <c>adadelta</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public Adadelta(
        LearningRateSchedule? learningRate = null,
        double rho = 0.95,
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
        : this(learningRate, rho, epsilon,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal Adadelta(LearningRateSchedule? learningRate, double rho, double epsilon, OptimizerOptions options)
        : base(learningRate ?? 0.001, options, "adadelta")
    {
        Check()
            .Require(rho is >= 0 and <= 1,
                FormattableString.Invariant($"{nameof(rho)} must be at least 0 and at most 1, but is {rho}"), nameof(rho))
            .AtLeast(nameof(epsilon), epsilon, 0)
            .ThrowIfAny();
        Rho = rho;
        Epsilon = epsilon;
    }

    /// <inheritdoc/>
    public override string ClassName => "Adadelta";

    /// <summary>How slowly the mean squares forget.</summary>
    public double Rho { get; }

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Adadelta(
        Schedule, Rho, Epsilon, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("rho", Rho);
        config.Add("epsilon", Epsilon);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "accumulated_grad" or "accumulated_delta_var";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] slots = AddSlots("accumulated_grad", "accumulated_delta_var");
        gradients = slots[0];
        steps = slots[1];
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update) =>
        update.Sweep(new Rule(update.Rate, this), gradients[index], steps[index]);

    private readonly struct Rule(Real rate, Adadelta options) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate);
        private readonly Vector<Real> keep = new((Real)options.Rho);
        private readonly Vector<Real> take = new((Real)(1 - options.Rho));
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            gradient = Adaptive.Squarable(gradient);
            first = (keep * first) + (take * (gradient * gradient));

            // The quotient of gradients first: it is of the size of 1 however large they are.
            Vector<Real> step = Vector.SquareRoot(second + epsilon)
                * Adaptive.Divide(gradient, Vector.SquareRoot(first + epsilon));
            second = (keep * second) + (take * (step * step));
            return weight - (rate * step);
        }
    }
}
