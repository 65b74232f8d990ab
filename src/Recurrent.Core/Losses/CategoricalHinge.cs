namespace Recurrent.Losses;

/// <summary>The margin <c>max(1 + max((1 − y) p) − Σ y p, 0)</c> of one-hot targets over the best wrong class.</summary>
/// <remarks>
/// Gradient where the margin is above 0: <c>−yᵢ</c>, and <c>1 − yᵢ</c> more at the class (the first of equals) that reaches the
/// inner maximum; else 0.
/// </remarks>
public sealed class CategoricalHinge : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>categorical_hinge</c>.</param>
    public CategoricalHinge(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "categorical_hinge")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "CategoricalHinge";

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.Probabilities(ClassName, targets, targetRows);

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        for (int column = 0; column < losses.Length; column++)
        {
            ReadOnlySpan<Real> y = targets.Slice(column * rows, rows);
            ReadOnlySpan<Real> p = predictions.Slice(column * rows, rows);
            Span<Real> g = gradient.IsEmpty ? [] : gradient.Slice(column * rows, rows);
            losses[column] = Evaluate(y, p, g);
        }
    }

    private static Real Evaluate(ReadOnlySpan<Real> y, ReadOnlySpan<Real> p, Span<Real> g)
    {
        double right = 0;
        int worst = 0;
        for (int i = 0; i < p.Length; i++)
        {
            right += y[i] * p[i];
            worst = (1 - y[i]) * p[i] > (1 - y[worst]) * p[worst] ? i : worst;
        }

        Real margin = (Real)(((1 - y[worst]) * p[worst]) - right + 1);
        for (int i = 0; i < g.Length; i++)
        {
            g[i] = margin <= 0 ? 0 : -y[i] + (i == worst ? 1 - y[i] : 0);
        }

        return RealMath.Max(margin, 0);
    }
}
