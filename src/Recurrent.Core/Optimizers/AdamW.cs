using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary><see cref="Adam"/> with a decay of the weights that is kept apart from the gradient.</summary>
/// <remarks>
/// Before the step of <see cref="Adam"/>, <c>w ← w − w · decay · η</c>. Slots as in <see cref="Adam"/>.
/// Loshchilov and Hutter, 2017: Decoupled Weight Decay Regularization.
/// </remarks>
public sealed class AdamW : Optimizer
{
    private readonly AdamMoments moments;

    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">The learning rate η, a number or a schedule; default 0.001.</param>
    /// <param name="beta1">How slowly the mean forgets, β₁ in [0, 1); default 0.9.</param>
    /// <param name="beta2">How slowly the mean square forgets, β₂ in [0, 1); default 0.999.</param>
    /// <param name="epsilon">The small ε that keeps the divisor above 0; default 1e-7.</param>
    /// <param name="amsgrad">Whether the divisor never shrinks; default false.</param>
    /// <param name="weightDecay">Share of the weights, times the learning rate, that is taken off before each step; default 0.004.</param>
    /// <param name="clipNorm">Greatest length of the gradient of one parameter; default none.</param>
    /// <param name="clipValue">Greatest size of an entry of a gradient; default none.</param>
    /// <param name="globalClipNorm">Greatest length of all gradients together; default none. Only one of the three can be set.</param>
    /// <param name="name">Name of the optimizer; default <c>adam_w</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names them all.</exception>
    public AdamW(
        LearningRateSchedule? learningRate = null,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-7,
        bool amsgrad = false,
        double? weightDecay = 0.004,
        double? clipNorm = null,
        double? clipValue = null,
        double? globalClipNorm = null,
        string? name = null)
        : base(learningRate ?? 0.001, weightDecay, clipNorm, clipValue, globalClipNorm, name ?? "adam_w")
    {
        moments = new(beta1, beta2, epsilon, amsgrad);
        moments.Check(Check());
    }

    /// <inheritdoc/>
    public override string ClassName => "AdamW";

    /// <summary>How slowly the mean forgets.</summary>
    public double Beta1 => moments.Beta1;

    /// <summary>How slowly the mean square forgets.</summary>
    public double Beta2 => moments.Beta2;

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon => moments.Epsilon;

    /// <summary>Whether the divisor never shrinks.</summary>
    public bool Amsgrad => moments.Amsgrad;

    /// <inheritdoc/>
    public override Optimizer Fresh() => new AdamW(
        Schedule, Beta1, Beta2, Epsilon, Amsgrad, WeightDecay, ClipNorm, ClipValue, GlobalClipNorm, Name);

    /// <inheritdoc/>
    public override Config GetConfig() => moments.AddTo(base.GetConfig());

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity" or "velocity_hat";

    /// <inheritdoc/>
    protected override void AddSlots() =>
        moments.Keep(AddSlots("momentum", "velocity"), Amsgrad ? AddSlots("velocity_hat")[0] : null);

    /// <inheritdoc/>
    protected override void BeginStep(Real rate) => moments.Begin(rate, Iterations);

    /// <inheritdoc/>
    protected override void Step(int index, Update update) => moments.Step(index, update);
}
