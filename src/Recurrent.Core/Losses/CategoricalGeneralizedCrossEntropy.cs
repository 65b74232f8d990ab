using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>
/// The loss <c>(1 − p_cᑫ) / q</c> of class probabilities against integer labels <c>c</c>: between the crossentropy (q → 0) and
/// the mean absolute error (q → 1), so that wrong labels among the targets do less harm.
/// </summary>
/// <remarks>
/// Gradient: <c>−p_cᑫ⁻¹</c> at the label, 0 elsewhere; a probability below 1e-7 has the gradient of 1e-7, which is steep and
/// finite, and a negative one counts as 0. Probabilities are taken as they are, not divided by their sum (as in Keras).
/// Zhang and Sabuncu, 2018: Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels.
/// </remarks>
public sealed class CategoricalGeneralizedCrossEntropy : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="q">The power, above 0 and below 1; default 0.5.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>categorical_generalized_cross_entropy</c>.</param>
    /// <exception cref="ArgumentException">The power is out of range.</exception>
    public CategoricalGeneralizedCrossEntropy(
        double q = 0.5, Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "categorical_generalized_cross_entropy")
    {
        new OptionCheck(ClassName)
            .Require(q is > 0 and < 1, FormattableString.Invariant($"{nameof(q)} must be above 0 and below 1, but is {q}"),
                nameof(q))
            .ThrowIfAny();
        Q = q;
    }

    /// <inheritdoc/>
    public override string ClassName => "CategoricalGeneralizedCrossEntropy";

    /// <summary>The power of the probability.</summary>
    public double Q { get; }

    /// <inheritdoc/>
    public override int TargetRows(int predictionRows) => 1;

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        if (predictionRows == 1)
        {
            throw new ArgumentException(
                "CategoricalGeneralizedCrossEntropy needs one output for each class, but the model has 1 output. Give the last "
                + "layer two units for a yes or no.");
        }

        TargetCheck.ClassIndices(ClassName, targets, targetRows, predictionRows, null);
    }

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        Real q = (Real)Q;
        gradient.Clear();
        for (int column = 0; column < losses.Length; column++)
        {
            int index = (column * rows) + TargetCheck.ClassIndex(ClassName, column, targets[column], rows);
            Real p = RealMath.Max(predictions[index], 0);
            losses[column] = (1 - RealMath.Pow(p, q)) / q;
            if (!gradient.IsEmpty)
            {
                gradient[index] = -RealMath.Pow(RealMath.Max(p, (Real)Epsilon), q - 1);
            }
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("q", Q);
        return config;
    }
}
