using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <summary>What optimizers share that keep two moments of each gradient: β₁, β₂ and ε.</summary>
public abstract class MomentOptimizer : Optimizer
{
    private const double DefaultLearningRate = 0.001;

    /// <summary>Keeps and checks the options.</summary>
    private protected MomentOptimizer(
        LearningRateSchedule? learningRate,
        double beta1,
        double beta2,
        double epsilon,
        OptimizerOptions options,
        string defaultName)
        : base(learningRate ?? DefaultLearningRate, options, defaultName)
    {
        Beta1 = beta1;
        Beta2 = beta2;
        Epsilon = epsilon;
        Check()
            .Rate(nameof(beta1), beta1)
            .Rate(nameof(beta2), beta2)
            .AtLeast(nameof(epsilon), epsilon, 0)
            .ThrowIfAny();
    }

    /// <summary>How slowly the first moment forgets, the mean of the gradient.</summary>
    public double Beta1 { get; }

    /// <summary>How slowly the second moment forgets: the mean of the gradient's square; of <see cref="Adamax"/>, its greatest
    /// size.</summary>
    public double Beta2 { get; }

    /// <summary>What keeps the divisor above 0.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("beta_1", Beta1);
        config.Add("beta_2", Beta2);
        config.Add("epsilon", Epsilon);
        return config;
    }
}
