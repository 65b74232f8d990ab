namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>max(1 − y p, 0)</c> for labels of −1 and 1; a label of 0 counts as −1.</summary>
/// <remarks>
/// Gradient: <c>−y / n</c> where <c>y p &lt; 1</c>, else 0.
/// </remarks>
public sealed class Hinge : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>hinge</c>.</param>
    public Hinge(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "hinge")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Hinge";

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.HingeLabels(ClassName, targets, targetRows);

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
            Real label = target == 0 ? -1 : target;
            double margin = 1 - ((double)label * prediction);
            slope = margin <= 0 ? 0 : -label;
            return Math.Max(margin, 0);
        }
    }
}
