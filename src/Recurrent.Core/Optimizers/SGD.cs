using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>Stochastic gradient descent, <c>w ← w − η g</c>, plain or with momentum.</summary>
/// <remarks>
/// With momentum μ: <c>m ← μ m − η g</c>, then <c>w ← w + m</c>, or in Nesterov's variant <c>w ← w + μ m − η g</c>.
/// Slot: <c>momentum</c>, where μ is not 0. Sutskever et al., 2013: On the importance of initialization and momentum in deep
/// learning.
/// </remarks>
public sealed class SGD : Optimizer
{
    private DenseMatrix[] momenta = [];

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.01.</param>
    /// <param name="momentum">The momentum μ, in [0, 1]; default 0.</param>
    /// <param name="nesterov">Whether the step looks ahead along the momentum; default false.</param>
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
    /// <param name="name">Name of the optimizer; default <c>sgd</c>.</param>
    /// <param name="lossScaleFactor">By what the loss is multiplied before gradients are computed, and gradients are divided
    /// before an update, so that small ones keep their digits; default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public SGD(
        LearningRateSchedule? learningRate = null,
        double momentum = 0,
        bool nesterov = false,
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
        : this(learningRate, momentum, nesterov,
            new OptimizerOptions(weightDecay, clipNorm, clipValue, globalClipNorm, useEma, emaMomentum, emaOverwriteFrequency,
                gradientAccumulationSteps, name, lossScaleFactor))
    {
    }

    internal SGD(LearningRateSchedule? learningRate, double momentum, bool nesterov, OptimizerOptions options)
        : base(learningRate ?? 0.01, options, "sgd")
    {
        Check()
            .Require(
                momentum is >= 0 and <= 1,
                FormattableString.Invariant($"{nameof(momentum)} must be at least 0 and at most 1, but is {momentum}"),
                nameof(momentum))
            .ThrowIfAny();
        Momentum = momentum;
        Nesterov = nesterov;
    }

    /// <inheritdoc/>
    public override string ClassName => "SGD";

    /// <summary>The momentum.</summary>
    public double Momentum { get; }

    /// <summary>Whether the step looks ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() =>
        new SGD(Schedule, Momentum, Nesterov, Options);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("momentum", Momentum);
        config.Add("nesterov", Nesterov);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        if (Momentum != 0)
        {
            momenta = AddSlots("momentum")[0];
        }
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        if (Momentum == 0)
        {
            update.Sweep(new PlainRule(update.Rate));
        }
        else if (Nesterov)
        {
            update.Sweep(new NesterovRule(update.Rate, (Real)Momentum), momenta[index]);
        }
        else
        {
            update.Sweep(new MomentumRule(update.Rate, (Real)Momentum), momenta[index]);
        }
    }

    private readonly struct PlainRule(Real rate) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate);

        public static int Slots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second,
                ref Vector<Real> third) =>
            weight - (gradient * rate);
    }

    private readonly struct MomentumRule(Real rate, Real momentum) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate);
        private readonly Vector<Real> momentum = new(momentum);

        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            first = (first * momentum) - (gradient * rate);
            return weight + first;
        }
    }

    private readonly struct NesterovRule(Real rate, Real momentum) : IUpdateRule
    {
        private readonly Vector<Real> rate = new(rate);
        private readonly Vector<Real> momentum = new(momentum);

        public static int Slots => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            Vector<Real> step = gradient * rate;
            first = (first * momentum) - step;
            return weight + ((first * momentum) - step);
        }
    }
}
