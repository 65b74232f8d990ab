using MathNet.Numerics;
using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The negative log-likelihood of Student's t-distribution, whose tails forgive outliers: location <c>μ = o₁</c>, scale <c>σ =
/// softplus(o₂) + ε</c> and degrees of freedom <c>ν = 2 + softplus(o₃)</c>.
/// </summary>
/// <remarks>
/// <para>
/// <c>−log Γ((ν + 1) / 2) + log Γ(ν / 2) + ½ log νπ + log σ + (ν + 1) / 2 · log(1 + z² / ν)</c> with <c>z = (y − μ) / σ</c>.
/// </para>
/// <para>
/// Gradient, with <c>w = (ν + 1) / (ν + z²)</c>: <c>−w z / σ</c> in μ, <c>(1 − w z²) / σ</c> in σ and <c>½ (ψ(ν / 2) − ψ((ν + 1)
/// / 2) + 1 / ν + log(1 + z² / ν) − w z² / ν)</c> in ν, times <c>sigmoid(o)</c> where softplus stands, each divided by the
/// number of targets. The variance exists, as ν is above 2. Keras has no such loss.
/// </para>
/// </remarks>
public sealed class StudentTNLL : LikelihoodLoss
{
    private static readonly string[] Names = ["location", "scale", "degrees_of_freedom"];

    /// <summary>Creates the loss.</summary>
    /// <param name="minScale">ε: how small the scale can become, above 0; default 1e-4.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>student_t_nll</c>.</param>
    /// <exception cref="ArgumentException">minScale is not above 0.</exception>
    public StudentTNLL(double minScale = 1e-4, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "student_t_nll")
    {
        new OptionCheck(ClassName).Above("minScale", minScale, 0).ThrowIfAny();
        MinScale = minScale;
    }

    /// <inheritdoc/>
    public override string ClassName => "StudentTNLL";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => Names;

    /// <summary>How small the scale can become.</summary>
    public double MinScale { get; }

    /// <summary>Location, scale and degrees of freedom.</summary>
    /// <param name="outputs">Three outputs of the model.</param>
    /// <param name="parameters">Receives μ, σ and ν.</param>
    public override void Parameters(ReadOnlySpan<double> outputs, Span<double> parameters)
    {
        parameters[0] = outputs[0];
        parameters[1] = Softplus(outputs[1]) + MinScale;
        parameters[2] = 2 + Softplus(outputs[2]);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("min_scale", MinScale);
        return config;
    }

    private protected override double Negative(double target, ReadOnlySpan<double> outputs, Span<double> slopes)
    {
        double sigma = Softplus(outputs[1]) + MinScale;
        double nu = 2 + Softplus(outputs[2]);
        double z = (target - outputs[0]) / sigma;
        double ratio = z / Math.Sqrt(nu);

        // z² / ν may be beyond the range of numbers; w z = (ν + 1) / ν · z / (1 + z² / ν) is not.
        double share = 1 / (1 + (ratio * ratio));
        double weighted = (nu + 1) * (1 - share);
        double log = Math.Abs(ratio) < 1e100 ? Log1p(ratio * ratio) : 2 * Math.Log(Math.Abs(ratio));
        slopes[0] = -(nu + 1) / nu * (Math.Abs(ratio) < 1e100 ? z * share : nu / z) / sigma;
        slopes[1] = (1 - weighted) / sigma * Sigmoid(outputs[1]);
        slopes[2] = 0.5 * Sigmoid(outputs[2]) * (SpecialFunctions.DiGamma(nu / 2) - SpecialFunctions.DiGamma((nu + 1) / 2)
            + (1 / nu) + log - (weighted / nu));
        return SpecialFunctions.GammaLn(nu / 2) - SpecialFunctions.GammaLn((nu + 1) / 2) + (0.5 * Math.Log(nu * Math.PI))
            + Math.Log(sigma) + ((nu + 1) / 2 * log);
    }
}
