namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>p − y log(p + 1e-7)</c>: the likelihood of counts <c>y</c> with the expectation
/// <c>p</c>.</summary>
/// <remarks>
/// The term <c>log y!</c>, which does not depend on the prediction, is left out. Gradient: <c>(1 − y / (p + 1e-7)) / n</c>. The
/// prediction must be positive: give the last layer the activation <c>exponential</c> or <c>softplus</c>.
/// </remarks>
public sealed class Poisson : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>poisson</c>.</param>
    public Poisson(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "poisson")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Poisson";

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Mean<Term>(default, targets, predictions, rows, losses, gradient);

    private readonly struct Term : IElementLoss
    {
        public double Value(Real target, Real prediction, out Real slope)
        {
            Real safe = prediction + (Real)Epsilon;
            slope = 1 - (target / safe);
            return prediction - (target * RealMath.Log(safe));
        }
    }
}
