using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary><see cref="Adam"/> with the greatest gradient of the past, fading, in place of the mean square.</summary>
/// <remarks>
/// <c>m ← m + (1 − β₁)(g − m)</c>, <c>u ← max(β₂ u, |g|)</c>, <c>w ← w − η m / ((1 − β₁ᵗ)(u + ε))</c>.
/// Slots: <c>momentum</c>, <c>norm</c>. Kingma and Ba, 2014: Adam, section 7.
/// </remarks>
public sealed class Adamax : Optimizer
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
    /// <param name="name">Name of the optimizer; default <c>adamax</c>.</param>
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
        string? name = null)
        : base(learningRate ?? 0.001, weightDecay, clipNorm, clipValue, globalClipNorm, name ?? "adamax")
    {
        Check().Rate(nameof(beta1), beta1).Rate(nameof(beta2), beta2).AtLeast(nameof(epsilon), epsilon, 0).ThrowIfAny();
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
    }

    /// <inheritdoc/>
    public override string ClassName => "Adamax";

    /// <summary>How slowly the mean forgets.</summary>
    public double Beta1 { get; }

    /// <summary>How slowly the greatest gradient fades.</summary>
    public double Beta2 { get; }

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Optimizer Fresh() => new Adamax(
        Schedule, Beta1, Beta2, Epsilon, WeightDecay, ClipNorm, ClipValue, GlobalClipNorm, Name);

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("beta_1", Beta1);
        config.Add("beta_2", Beta2);
        config.Add("epsilon", Epsilon);
        return config;
    }

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
        alpha = (Real)(rate / -StableMath.ExpM1((Iterations + 1) * Math.Log(Beta1)));

    /// <inheritdoc/>
    protected override void Step(int index, Update update) => update.Sweep(new Rule(this), momenta[index], norms[index]);

    private readonly struct Rule(Adamax options) : IUpdateRule
    {
        private readonly Vector<Real> alpha = new(options.alpha);
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
