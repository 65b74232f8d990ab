namespace Recurrent.Metrics;

/// <summary>The share of outputs that equal their target exactly.</summary>
/// <remarks>
/// The name <c>"accuracy"</c> does not stand for this class but, as in Keras, for the accuracy that fits outputs and targets:
/// a model is compiled with a choice (<see cref="MetricChoice"/>).
/// </remarks>
public sealed class Accuracy : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>accuracy</c>.</param>
    public Accuracy(string? name = null)
        : base(name ?? "accuracy")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "Accuracy";

    /// <inheritdoc/>
    internal override bool WeighsEntries => true;

    /// <inheritdoc/>
    public override Metric Fresh() => new Accuracy(Name);

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction)
    {
        int hits = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            hits += prediction[i] == target[i] ? 1 : 0;
        }

        return (double)hits / prediction.Length;
    }
}
