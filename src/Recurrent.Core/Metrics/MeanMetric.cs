namespace Recurrent.Metrics;

/// <summary>The weighted mean over columns of a figure of one column. A column of weight 0 is not looked at. Sums are taken in
/// double.</summary>
public abstract class MeanMetric : Metric
{
    private double sum;
    private double weight;

    /// <summary>Keeps the name.</summary>
    /// <param name="name">Name of the metric.</param>
    protected MeanMetric(string name)
        : base(name)
    {
    }

    /// <inheritdoc/>
    protected sealed override IReadOnlyList<double>? Gathered
    {
        get => [sum, weight];
        set
        {
            double[][] parts = Parts(value, 2, 1);
            (sum, weight) = (parts[0][0], parts[1][0]);
        }
    }

    /// <inheritdoc/>
    protected override double Compute() => weight == 0 ? 0 : sum / weight;

    /// <inheritdoc/>
    protected sealed override void Clear() => (sum, weight) = (0, 0);

    /// <inheritdoc/>
    protected sealed override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        for (int column = 0; column < predictions.Length / rows; column++)
        {
            ReadOnlySpan<Real> target = targets.Slice(column * targetRows, targetRows);
            double columnWeight = Weight(weights, column);
            if (columnWeight != 0 && !Ignores(target))
            {
                sum += columnWeight * Value(target, predictions.Slice(column * rows, rows));
                weight += columnWeight;
            }
        }
    }

    /// <inheritdoc/>
    private protected sealed override void AddEntries(
        ReadOnlySpan<Real> targets, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        // An entry is a share of its column, so that batches with weights for columns and for entries can follow each other.
        for (int i = 0; i < predictions.Length; i++)
        {
            double entryWeight = (double)weights[i] / rows;
            if (entryWeight != 0)
            {
                sum += entryWeight * Value(targets.Slice(i, 1), predictions.Slice(i, 1));
                weight += entryWeight;
            }
        }
    }

    /// <summary>The figure of one column.</summary>
    /// <param name="target">Its target.</param>
    /// <param name="prediction">Its prediction.</param>
    protected abstract double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction);

    /// <summary>Whether a column does not count because of its target.</summary>
    /// <param name="target">Its target.</param>
    private protected virtual bool Ignores(ReadOnlySpan<Real> target) => false;
}
