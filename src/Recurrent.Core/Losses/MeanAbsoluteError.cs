namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>|p − y|</c>.</summary>
/// <remarks>
/// Gradient: <c>sign(p − y) / n</c> for each of the <c>n</c> outputs, 0 where both are equal.
/// </remarks>
public sealed class MeanAbsoluteError : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>mean_absolute_error</c>.</param>
    public MeanAbsoluteError(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "mean_absolute_error")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MeanAbsoluteError";

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Mean<Term>(default, targets, predictions, rows, losses, gradient);

    /// <inheritdoc/>
    internal override double Large(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        ElementLoss.Large<Term>(default, target, prediction);

    private readonly struct Term : IElementLoss
    {
        public double Value(Real target, Real prediction, out Real slope)
        {
            double difference = (double)prediction - target;
            slope = ElementLoss.Sign((Real)difference);
            return Math.Abs(difference);
        }
    }
}
