namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>100 |p − y| / max(|y|, 1e-7)</c>: the error in percent of the target.</summary>
/// <remarks>
/// Gradient: <c>100 sign(p − y) / (n · max(|y|, 1e-7))</c>. A target of zero makes both enormous; scale such data, or use
/// <see cref="MeanAbsoluteError"/>.
/// </remarks>
public sealed class MeanAbsolutePercentageError : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>mean_absolute_percentage_error</c>.</param>
    public MeanAbsolutePercentageError(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "mean_absolute_percentage_error")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MeanAbsolutePercentageError";

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Sum<Term>(default, targets, predictions, rows, losses, gradient, 100.0 / rows);

    /// <inheritdoc/>
    internal override double Large(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction) =>
        ElementLoss.Large<Term>(default, target, prediction, 100);

    private readonly struct Term : IElementLoss
    {
        public double Value(Real target, Real prediction, out Real slope)
        {
            Real size = RealMath.Max(RealMath.Abs(target), (Real)Epsilon);
            double ratio = ((double)prediction - target) / size;
            slope = ElementLoss.Sign((Real)ratio) / size;
            return Math.Abs(ratio);
        }
    }
}
