using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The crossentropy <c>−log p_c</c> of class probabilities against integer labels <c>c</c>.</summary>
/// <remarks>
/// The arithmetic is that of <see cref="CategoricalCrossentropy"/> with a one-hot target. A column whose label is
/// <see cref="IgnoreClass"/> has the loss 0 and does not count in the mean, as if a mask hid it.
/// </remarks>
public sealed class SparseCategoricalCrossentropy : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="fromLogits">Whether the outputs are logits, that is, the last layer has no softmax; default false.</param>
    /// <param name="ignoreClass">A label that does not count, or null; it may lie outside the classes, as −1 does.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>sparse_categorical_crossentropy</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    public SparseCategoricalCrossentropy(
        bool fromLogits = false,
        int? ignoreClass = null,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null,
        int axis = -1)
        : base(reduction, name ?? "sparse_categorical_crossentropy")
    {
        FromLogits = fromLogits;
        IgnoreClass = ignoreClass;
        Axis = axis;
    }

    /// <inheritdoc/>
    public override string ClassName => "SparseCategoricalCrossentropy";

    /// <summary>The axis that losses are taken along, 0 being the samples of a batch and −1 the outputs.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override int ColumnAxis => Axis;

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <summary>The label that does not count, or null.</summary>
    public int? IgnoreClass { get; }

    /// <inheritdoc/>
    internal override bool TakesLabels => true;

    /// <inheritdoc/>
    public override bool IgnoresTargets => IgnoreClass is not null;

    /// <inheritdoc/>
    public override bool Ignores(ReadOnlySpan<Real> target) => IgnoreClass is int label && target[0] == label;

    /// <inheritdoc/>
    public override int TargetRows(int predictionRows) => 1;

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows) =>
        TargetCheck.ClassIndices(ClassName, targets, targetRows, predictionRows, IgnoreClass);

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        for (int column = 0; column < losses.Length; column++)
        {
            Span<Real> g = gradient.IsEmpty ? [] : gradient.Slice(column * rows, rows);
            if (Ignores(targets.Slice(column, 1)))
            {
                losses[column] = 0;
                g.Clear();
                continue;
            }

            var target = new Label(TargetCheck.ClassIndex(ClassName, column, targets[column], rows));
            ReadOnlySpan<Real> p = predictions.Slice(column * rows, rows);
            losses[column] = FromLogits
                ? SoftmaxColumns.FromLogits(target, p, g)
                : SoftmaxColumns.FromProbabilities(target, p, g);
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("from_logits", FromLogits);
        config.Add("ignore_class", IgnoreClass);
        if (Axis != -1)
        {
            config.Add("axis", Axis); // Keras has the option, and does not write it.
        }

        return config;
    }

    private readonly struct Label(int label) : ITarget
    {
        public int First => label;

        public int End => label + 1;

        public Real At(int index) => index == label ? 1 : 0;
    }
}
