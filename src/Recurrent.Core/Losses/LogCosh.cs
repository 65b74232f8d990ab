using Recurrent.Numerics;

namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>log cosh(p − y)</c>: about half the square of small errors, and the size of large
/// ones.</summary>
/// <remarks>
/// Computed as <c>d + log(1 + e^(−2d)) − log 2</c> with <c>d = |p − y|</c>, which does not overflow. Gradient:
/// <c>tanh(p − y) / n</c>.
/// </remarks>
public sealed class LogCosh : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>log_cosh</c>.</param>
    public LogCosh(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "log_cosh")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "LogCosh";

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
            double size = Math.Abs(difference);
            slope = (Real)Math.Tanh(difference);
            return size + StableMath.Log1P(Math.Exp(-2 * size)) - Math.Log(2);
        }
    }
}
