using MathNet.Numerics;
using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The negative log-likelihood of counts under a negative binomial distribution with mean <c>μ = exp(o₁)</c> and dispersion
/// <c>α = softplus(o₂) + ε</c>: the variance is <c>μ + α μ²</c>.
/// </summary>
/// <remarks>
/// <para>
/// With <c>r = 1 / α</c>: <c>log Γ(r) + log Γ(y + 1) − log Γ(y + r) + (r + y) log(1 + α μ) − y log(α μ)</c>.
/// </para>
/// <para>
/// Gradient: <c>(μ − y) / (1 + α μ)</c> in <c>o₁</c> and <c>(r² (ψ(y + r) − ψ(r) − log(1 + α μ)) − (y − μ) / (α (1 + α μ))) ·
/// sigmoid(o₂)</c> in <c>o₂</c>, each divided by the number of targets. The mean is exp and not softplus, as DeepAR has it
/// (Salinas and others, 2020), so that adding <c>log s</c> to <c>o₁</c> is a scale s of the series. Targets are numbers of at
/// least 0; they need not be whole. Keras has no such loss.
/// </para>
/// </remarks>
public sealed class NegativeBinomialNLL : LikelihoodLoss
{
    // exp of more is no number that sums can be taken of.
    private const double LargestLogMean = 80;
    private static readonly string[] Names = ["mean", "dispersion"];

    /// <summary>Creates the loss.</summary>
    /// <param name="minDispersion">ε: how small the dispersion can become, above 0; default 1e-3, almost Poisson.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>negative_binomial_nll</c>.</param>
    /// <exception cref="ArgumentException">minDispersion is not above 0.</exception>
    public NegativeBinomialNLL(
        double minDispersion = 1e-3, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "negative_binomial_nll")
    {
        new OptionCheck(ClassName).Above("minDispersion", minDispersion, 0).ThrowIfAny();
        MinDispersion = minDispersion;
    }

    /// <inheritdoc/>
    public override string ClassName => "NegativeBinomialNLL";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => Names;

    /// <summary>How small the dispersion can become.</summary>
    public double MinDispersion { get; }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.Counts(ClassName, targets, targetRows);

    /// <summary>Mean and dispersion.</summary>
    /// <param name="outputs">Two outputs of the model.</param>
    /// <param name="parameters">Receives μ and α.</param>
    public override void Parameters(ReadOnlySpan<double> outputs, Span<double> parameters)
    {
        parameters[0] = Math.Exp(Math.Clamp(outputs[0], -LargestLogMean, LargestLogMean));
        parameters[1] = Softplus(outputs[1]) + MinDispersion;
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("min_dispersion", MinDispersion);
        return config;
    }

    private protected override double Negative(double target, ReadOnlySpan<double> outputs, Span<double> slopes)
    {
        double logMean = Math.Clamp(outputs[0], -LargestLogMean, LargestLogMean);
        double mean = Math.Exp(logMean);
        double alpha = Softplus(outputs[1]) + MinDispersion;
        double r = 1 / alpha;
        double log = Log1p(alpha * mean);
        double spread = 1 + (alpha * mean);
        slopes[0] = (mean - target) / spread;
        slopes[1] = Sigmoid(outputs[1])
            * ((r * r * (SpecialFunctions.DiGamma(target + r) - SpecialFunctions.DiGamma(r) - log))
                - ((target - mean) / (alpha * spread)));
        return SpecialFunctions.GammaLn(r) + SpecialFunctions.GammaLn(target + 1) - SpecialFunctions.GammaLn(target + r)
            + ((r + target) * log) - (target * (Math.Log(alpha) + logMean));
    }
}
