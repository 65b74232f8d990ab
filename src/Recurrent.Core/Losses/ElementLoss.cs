namespace Recurrent.Losses;

/// <summary>The loss of one output: a function of its target and its prediction alone.</summary>
internal interface IElementLoss
{
    /// <summary>The loss, and its slope with respect to the prediction.</summary>
    double Value(Real target, Real prediction, out Real slope);
}

/// <summary>Carries the loss of one output over columns. Sums are taken in double.</summary>
internal static class ElementLoss
{
    /// <summary>The mean over the rows of each column.</summary>
    public static void Mean<TTerm>(
        TTerm term,
        ReadOnlySpan<Real> targets,
        ReadOnlySpan<Real> predictions,
        int rows,
        Span<Real> losses,
        Span<Real> gradient)
        where TTerm : struct, IElementLoss => Sum(term, targets, predictions, rows, losses, gradient, 1.0 / rows);

    /// <summary>The sum over the rows of each column, times a factor.</summary>
    public static void Sum<TTerm>(
        TTerm term,
        ReadOnlySpan<Real> targets,
        ReadOnlySpan<Real> predictions,
        int rows,
        Span<Real> losses,
        Span<Real> gradient,
        double factor = 1)
        where TTerm : struct, IElementLoss
    {
        Real scale = (Real)factor;
        for (int column = 0; column < losses.Length; column++)
        {
            ReadOnlySpan<Real> y = targets.Slice(column * rows, rows);
            ReadOnlySpan<Real> p = predictions.Slice(column * rows, rows);
            double sum = 0;
            if (gradient.IsEmpty)
            {
                for (int i = 0; i < rows; i++)
                {
                    sum += term.Value(y[i], p[i], out _);
                }
            }
            else
            {
                Span<Real> g = gradient.Slice(column * rows, rows);
                for (int i = 0; i < rows; i++)
                {
                    sum += term.Value(y[i], p[i], out Real slope);
                    g[i] = scale * slope;
                }
            }

            losses[column] = (Real)(sum * factor);
        }
    }

    /// <summary>The mean over the rows of one column, as a double.</summary>
    public static double Large<TTerm>(TTerm term, ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction, double factor = 1)
        where TTerm : struct, IElementLoss
    {
        double sum = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            sum += term.Value(target[i], prediction[i], out _);
        }

        return sum * factor / prediction.Length;
    }

    /// <summary>The sign of a number: 1, −1, or the number itself where it is 0 or not a number.</summary>
    public static Real Sign(Real x) => x > 0 ? 1 : x < 0 ? -1 : x;
}
