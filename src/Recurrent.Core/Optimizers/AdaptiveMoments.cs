using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>What <see cref="Adam"/> and <see cref="AdamW"/> share: AMSGrad and their step.</summary>
/// <remarks>
/// Gradients beyond 1.8e19, whose square is no number in single precision, count as 1.8e19; where ε and all gradients of a weight
/// have been 0, it stays as it is. So finite gradients give finite steps.
/// </remarks>
public abstract class AdaptiveMoments : MomentOptimizer
{
    private DenseMatrix[] momenta = [];
    private DenseMatrix[] velocities = [];
    private DenseMatrix[]? greatest;
    private Real alpha;

    private protected AdaptiveMoments(
        LearningRateSchedule? learningRate,
        double beta1,
        double beta2,
        double epsilon,
        bool amsgrad,
        OptimizerOptions options,
        string defaultName)
        : base(learningRate, beta1, beta2, epsilon, options, defaultName) => Amsgrad = amsgrad;

    /// <summary>Whether the divisor never shrinks.</summary>
    public bool Amsgrad { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("amsgrad", Amsgrad);
        return config;
    }

    /// <inheritdoc/>
    protected override bool WorksInPieces => true;

    /// <inheritdoc/>
    protected override bool IsNonNegative(string slot) => slot is "velocity" or "velocity_hat";

    /// <inheritdoc/>
    protected override void AddSlots()
    {
        DenseMatrix[][] moments = AddSlots("momentum", "velocity");
        momenta = moments[0];
        velocities = moments[1];
        greatest = Amsgrad ? AddSlots("velocity_hat")[0] : null;
    }

    /// <summary>Computes the step size with its bias correction, in the precision that Keras computes it in.</summary>
    /// <param name="rate">The learning rate.</param>
    protected override void BeginStep(Real rate)
    {
        Real step = Updates + 1;
        Real shortfall = 1 - RealMath.Pow((Real)Beta1, step);
        if (shortfall == 0)
        {
            // A β₁ that single precision cannot tell from 1.
            shortfall = (Real)(-StableMath.ExpM1((Updates + 1) * Math.Log(Beta1)));
        }

        alpha = rate * RealMath.Sqrt(1 - RealMath.Pow((Real)Beta2, step)) / shortfall;
    }

    /// <inheritdoc/>
    protected override void Step(int index, Update update)
    {
        if (greatest is null)
        {
            update.Sweep(RuleOf(update), momenta[index], velocities[index]);
        }
        else
        {
            update.Sweep(
                new AmsgradRule(RuleOf(update)), momenta[index], velocities[index], greatest[index]);
        }
    }

    private AdamRule RuleOf(Update update) =>
        new(alpha * update.Multiplier, (Real)(1 - Beta1), (Real)(1 - Beta2), (Real)Epsilon);

    private readonly struct AmsgradRule(AdamRule rule) : IUpdateRule
    {
        private readonly AdamRule rule = rule;

        public static int Slots => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            rule.Move(gradient, ref first, ref second);
            third = Vector.Max(third, second);
            return weight - rule.Increment(first, third);
        }
    }
}
