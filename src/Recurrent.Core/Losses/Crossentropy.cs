namespace Recurrent.Losses;

/// <summary>
/// The crossentropy that fits the outputs and the targets, known once both are: <see cref="BinaryCrossentropy"/> for one output,
/// <see cref="SparseCategoricalCrossentropy"/> for integer labels, else <see cref="CategoricalCrossentropy"/>.
/// </summary>
/// <remarks>This is what Keras's <c>compile</c> makes of the names <c>crossentropy</c> and <c>ce</c>.</remarks>
public sealed class Crossentropy : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>crossentropy</c>.</param>
    public Crossentropy(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "crossentropy")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Crossentropy";

    /// <inheritdoc/>
    public override Loss Resolve(int predictionRows, int targetRows) =>
        predictionRows == 1 ? new BinaryCrossentropy(reduction: Reduction, name: Name)
        : targetRows == 1 ? new SparseCategoricalCrossentropy(reduction: Reduction, name: Name)
        : new CategoricalCrossentropy(reduction: Reduction, name: Name);

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        Resolve(predictionRows, targetRows).CheckTargets(targets, targetRows, predictionRows);

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        if (losses.Length > 0)
        {
            Resolve(rows, targets.Length / losses.Length).Evaluate(targets, predictions, rows, losses, gradient);
        }
    }
}
