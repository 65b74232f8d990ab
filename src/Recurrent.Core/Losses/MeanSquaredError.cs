using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The mean over the outputs of <c>(p − y)²</c>.</summary>
public sealed class MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override string ClassName => "MeanSquaredError";

    /// <inheritdoc/>
    public override string Name => "mean_squared_error";

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        Real scale = (Real)1 / rows;
        for (int column = 0; column < losses.Length; column++)
        {
            Real sum = 0;
            for (int i = column * rows; i < (column + 1) * rows; i++)
            {
                Real difference = predictions[i] - targets[i];
                sum += difference * difference;
                if (!gradient.IsEmpty)
                {
                    gradient[i] = 2 * scale * difference;
                }
            }

            losses[column] = sum * scale;
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig() => new() { { "name", Name }, { "reduction", "sum_over_batch_size" } };
}
