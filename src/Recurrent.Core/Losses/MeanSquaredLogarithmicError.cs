namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>(log(1 + max(p, 1e-7)) − log(1 + max(y, 1e-7)))²</c>.</summary>
/// <remarks>
/// Gradient: <c>2 (log(1 + p) − log(1 + y)) / (n (1 + p))</c>, 0 where the prediction is below 1e-7 (as in Keras).
/// </remarks>
public sealed class MeanSquaredLogarithmicError : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>mean_squared_logarithmic_error</c>.</param>
    public MeanSquaredLogarithmicError(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "mean_squared_logarithmic_error")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "MeanSquaredLogarithmicError";

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient) =>
        ElementLoss.Mean<Term>(default, targets, predictions, rows, losses, gradient);

    private readonly struct Term : IElementLoss
    {
        public double Value(Real target, Real prediction, out Real slope)
        {
            Real clipped = RealMath.Max(prediction, (Real)Epsilon);
            Real difference = RealMath.Log(clipped + 1) - RealMath.Log(RealMath.Max(target, (Real)Epsilon) + 1);
            slope = prediction < (Real)Epsilon ? 0 : 2 * difference / (clipped + 1);
            return difference * difference;
        }
    }
}
