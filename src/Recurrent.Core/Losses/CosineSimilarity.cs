using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The negative cosine <c>−ŷ · p̂</c> between targets and predictions, each divided by its length: −1 where both point
/// the same way.</summary>
/// <remarks>
/// With <c>p̂ = p / |p|</c>, the gradient is <c>−(ŷ − (ŷ · p̂) p̂) / |p|</c>. A vector shorter than 1e-7 is multiplied by 1e7
/// instead (as in Keras), so a vector of zeros has the similarity 0. As a metric the sign is turned: 1 is best.
/// </remarks>
public sealed class CosineSimilarity : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>cosine_similarity</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    public CosineSimilarity(Reduction reduction = Reduction.SumOverBatchSize, string? name = null, int axis = -1)
        : base(reduction, name ?? "cosine_similarity") => Axis = axis;

    /// <inheritdoc/>
    public override string ClassName => "CosineSimilarity";

    /// <summary>The axis that losses are taken along, 0 being the samples of a batch and −1 the outputs.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override int ColumnAxis => Axis;

    /// <inheritdoc/>
    public override int MetricSign => -1;

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        for (int column = 0; column < losses.Length; column++)
        {
            ReadOnlySpan<Real> y = targets.Slice(column * rows, rows);
            ReadOnlySpan<Real> p = predictions.Slice(column * rows, rows);
            double targetScale = InverseLength(y, out _);
            double scale = InverseLength(p, out bool isShort);

            // Each vector is scaled before the product, which else might leave the range though the cosine does not.
            double cosine = 0;
            for (int i = 0; i < rows; i++)
            {
                cosine += y[i] * targetScale * (p[i] * scale);
            }

            losses[column] = (Real)(-cosine);
            for (int i = 0; i < (gradient.IsEmpty ? 0 : rows); i++)
            {
                double along = isShort ? 0 : cosine * (p[i] * scale);
                gradient[(column * rows) + i] = (Real)(-((y[i] * targetScale) - along) * scale);
            }
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        if (Axis != -1)
        {
            config.Add("axis", Axis); // Keras has the option, and does not write it.
        }

        return config;
    }

    private static double InverseLength(ReadOnlySpan<Real> values, out bool isShort)
    {
        double length = Sums.Norm(values);
        isShort = length < Epsilon;
        return 1 / (isShort ? Epsilon : length);
    }
}
