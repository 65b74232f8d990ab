using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The negative log-likelihood of a normal distribution: <c>½ log 2π + log σ + ½ ((y − μ) / σ)²</c> with <c>μ = o₁</c> and
/// <c>σ = softplus(o₂) + ε</c>.
/// </summary>
/// <remarks>
/// With <c>z = (y − μ) / σ</c> the gradient is <c>−z / σ</c> in <c>o₁</c> and <c>(1 − z²) / σ · sigmoid(o₂)</c> in <c>o₂</c>,
/// each divided by the number of targets. As in DeepAR (Salinas, Flunkert, Gasthaus and Januschowski, 2020). Keras has no such
/// loss.
/// </remarks>
public sealed class GaussianNLL : LikelihoodLoss
{
    private static readonly string[] Names = ["mean", "scale"];
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>Creates the loss.</summary>
    /// <param name="minScale">ε: how small the standard deviation can become, above 0; default 1e-4.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>gaussian_nll</c>.</param>
    /// <exception cref="ArgumentException">minScale is not above 0.</exception>
    public GaussianNLL(double minScale = 1e-4, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "gaussian_nll")
    {
        new OptionCheck(ClassName).Above("minScale", minScale, 0).ThrowIfAny();
        MinScale = minScale;
    }

    /// <inheritdoc/>
    public override string ClassName => "GaussianNLL";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => Names;

    /// <summary>How small the standard deviation can become.</summary>
    public double MinScale { get; }

    /// <summary>Mean and standard deviation.</summary>
    /// <param name="outputs">Two outputs of the model.</param>
    /// <param name="parameters">Receives μ and σ.</param>
    public override void Parameters(ReadOnlySpan<double> outputs, Span<double> parameters)
    {
        parameters[0] = outputs[0];
        parameters[1] = Softplus(outputs[1]) + MinScale;
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
        double z = (target - outputs[0]) / sigma;
        slopes[0] = -z / sigma;
        slopes[1] = (1 - (z * z)) / sigma * Sigmoid(outputs[1]);
        return HalfLogTwoPi + Math.Log(sigma) + (0.5 * z * z);
    }
}
