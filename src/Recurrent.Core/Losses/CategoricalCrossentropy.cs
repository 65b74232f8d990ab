using Recurrent.Registration;

namespace Recurrent.Losses;

/// <summary>The crossentropy <c>−Σ y log p</c> of class probabilities against one-hot (or soft) targets.</summary>
/// <remarks>
/// Probabilities are divided by their sum and clipped to [1e-7, 1 − 1e-7] (as in Keras); the gradient follows that arithmetic.
/// From logits the loss is <c>−Σ y log softmax(z)</c> with the gradient <c>softmax(z) Σy − y</c>. Label smoothing replaces the
/// target by <c>y (1 − s) + s / n</c>. For integer labels use <see cref="SparseCategoricalCrossentropy"/>.
/// </remarks>
public sealed class CategoricalCrossentropy : Loss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="fromLogits">Whether the outputs are logits, that is, the last layer has no softmax; default false.</param>
    /// <param name="labelSmoothing">How far targets are drawn towards equal probabilities, in [0, 1]; default 0.</param>
    /// <param name="reduction">How the losses of the columns become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>categorical_crossentropy</c>.</param>
    /// <param name="axis">The axis that losses are taken along, 0 being the samples of a batch; default −1, the outputs.</param>
    /// <exception cref="ArgumentException">The label smoothing is not in [0, 1].</exception>
    public CategoricalCrossentropy(
        bool fromLogits = false,
        double labelSmoothing = 0,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null,
        int axis = -1)
        : base(reduction, name ?? "categorical_crossentropy")
    {
        SoftmaxColumns.CheckSmoothing(ClassName, labelSmoothing);
        FromLogits = fromLogits;
        LabelSmoothing = labelSmoothing;
        Axis = axis;
    }

    /// <inheritdoc/>
    public override string ClassName => "CategoricalCrossentropy";

    /// <summary>The axis that losses are taken along, 0 being the samples of a batch and −1 the outputs.</summary>
    public int Axis { get; }

    /// <inheritdoc/>
    internal override int ColumnAxis => Axis;

    /// <summary>Whether the outputs are logits.</summary>
    public bool FromLogits { get; }

    /// <summary>How far targets are drawn towards equal probabilities.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        if (predictionRows == 1)
        {
            throw new ArgumentException(
                "CategoricalCrossentropy needs one output for each class, but the model has 1 output. For a yes or no use "
                + "BinaryCrossentropy.");
        }

        TargetCheck.Probabilities(ClassName, targets, targetRows);
    }

    /// <inheritdoc/>
    public override void Evaluate(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, Span<Real> losses, Span<Real> gradient)
    {
        for (int column = 0; column < losses.Length; column++)
        {
            int start = column * rows;
            var target = new Distribution(targets.Slice(start, rows), LabelSmoothing);
            ReadOnlySpan<Real> p = predictions.Slice(start, rows);
            Span<Real> g = gradient.IsEmpty ? [] : gradient.Slice(start, rows);
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
        config.Add("label_smoothing", LabelSmoothing);
        config.Add("axis", Axis);
        return config;
    }

    private readonly ref struct Distribution(ReadOnlySpan<Real> column, double smoothing) : ITarget
    {
        private readonly ReadOnlySpan<Real> column = column;
        private readonly Real keep = (Real)(1 - smoothing);
        private readonly Real shift = (Real)(smoothing / column.Length);

        public int First => 0;

        public int End => column.Length;

        public Real At(int index) => (column[index] * keep) + shift;
    }
}
