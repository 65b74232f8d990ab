namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>(p − y)²</c>.</summary>
/// <remarks>Gradient: <c>2 (p − y) / n</c> for each of the <c>n</c> outputs.</remarks>
public sealed class MeanSquaredError : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>mean_squared_error</c>.</param>
    public MeanSquaredError(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "mean_squared_error")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MeanSquaredError";

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
            slope = (Real)(2 * difference);
            return difference * difference;
        }
    }
}
