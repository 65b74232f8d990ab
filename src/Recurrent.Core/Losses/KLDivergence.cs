namespace Recurrent.Losses;

/// <summary>The Kullback–Leibler divergence <c>Σ y log(y / p)</c> of two distributions, both clipped to [1e-7, 1].</summary>
/// <remarks>
/// Gradient: <c>−y / p</c>, 0 where the prediction is clipped (as in Keras).
/// </remarks>
public sealed class KLDivergence : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>kl_divergence</c>.</param>
    public KLDivergence(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "kl_divergence")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "KLDivergence";

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.Probabilities(ClassName, targets, targetRows);

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Sum<Term>(default, targets, predictions, rows, losses, gradient);

    private readonly struct Term : IElementLoss
    {
        public double Value(Real target, Real prediction, out Real slope)
        {
            Real y = Math.Clamp(target, (Real)Epsilon, 1);
            Real p = Math.Clamp(prediction, (Real)Epsilon, 1);
            slope = prediction < (Real)Epsilon || prediction > 1 ? 0 : -y / p;
            return y * RealMath.Log(y / p);
        }
    }
}
