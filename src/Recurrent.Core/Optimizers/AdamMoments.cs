using System.Numerics;
using System.Runtime.CompilerServices;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>The step that <see cref="Adam"/> and <see cref="AdamW"/> share.</summary>
internal sealed class AdamMoments(double beta1, double beta2, double epsilon, bool amsgrad)
{
    private DenseMatrix[] momenta = [];
    private DenseMatrix[] velocities = [];
    private DenseMatrix[]? greatest;
    private Real alpha;

    /// <summary>How slowly the mean forgets.</summary>
    public double Beta1 { get; } = beta1;

    /// <summary>How slowly the mean square forgets.</summary>
    public double Beta2 { get; } = beta2;

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon { get; } = epsilon;

    /// <summary>Whether the divisor never shrinks.</summary>
    public bool Amsgrad { get; } = amsgrad;

    /// <summary>Requires options in range.</summary>
    /// <param name="check">The check to add to.</param>
    public void Check(OptionCheck check) => check
        .Rate("beta1", Beta1)
        .Rate("beta2", Beta2)
        .AtLeast("epsilon", Epsilon, 0)
        .ThrowIfAny();

    /// <summary>Adds the options to a config.</summary>
    /// <param name="config">The config.</param>
    public Config AddTo(Config config)
    {
        config.Add("beta_1", Beta1);
        config.Add("beta_2", Beta2);
        config.Add("epsilon", Epsilon);
        config.Add("amsgrad", Amsgrad);
        return config;
    }

    /// <summary>Keeps the slots.</summary>
    /// <param name="moments">Momenta and velocities.</param>
    /// <param name="velocityHats">The greatest velocities so far; null without AMSGrad.</param>
    public void Keep(DenseMatrix[][] moments, DenseMatrix[]? velocityHats)
    {
        momenta = moments[0];
        velocities = moments[1];
        greatest = velocityHats;
    }

    /// <summary>Computes the step size with its bias correction, in the precision that Keras computes it in.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="iteration">Number of updates done before this one.</param>
    public void Begin(Real rate, long iteration)
    {
        Real step = iteration + 1;
        alpha = rate * RealMath.Sqrt(1 - RealMath.Pow((Real)Beta2, step)) / (1 - RealMath.Pow((Real)Beta1, step));
    }

    /// <summary>Updates one parameter.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="update">Its weights and gradient.</param>
    public void Step(int index, Update update)
    {
        if (greatest is null)
        {
            update.Sweep(new Rule(this), momenta[index], velocities[index]);
        }
        else
        {
            update.Sweep(new AmsgradRule(new(this)), momenta[index], velocities[index], greatest[index]);
        }
    }

    private readonly struct Rule(AdamMoments options) : IUpdateRule
    {
        private readonly Vector<Real> alpha = new(options.alpha);
        private readonly Vector<Real> take1 = new((Real)(1 - options.Beta1));
        private readonly Vector<Real> take2 = new((Real)(1 - options.Beta2));
        private readonly Vector<Real> epsilon = new((Real)options.Epsilon);

        public static int Slots => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Move(Vector<Real> gradient, ref Vector<Real> momentum, ref Vector<Real> velocity)
        {
            momentum += (gradient - momentum) * take1;
            velocity += ((gradient * gradient) - velocity) * take2;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Increment(Vector<Real> momentum, Vector<Real> velocity) =>
            momentum * alpha / (Vector.SquareRoot(velocity) + epsilon);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> weight, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third)
        {
            Move(gradient, ref first, ref second);
            return weight - Increment(first, second);
        }
    }

    private readonly struct AmsgradRule(Rule rule) : IUpdateRule
    {
        private readonly Rule rule = rule;

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
