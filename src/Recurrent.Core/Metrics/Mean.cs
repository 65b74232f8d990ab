namespace Recurrent.Metrics;

/// <summary>The weighted mean of values: each column's mean, times its weight. The values are the predictions; targets play no
/// part.</summary>
/// <remarks>With the outputs of a model it shows where they are, whatever they should be.</remarks>
public sealed class Mean : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>mean</c>.</param>
    public Mean(string? name = null)
        : base(name ?? "mean")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Mean);

    /// <inheritdoc/>
    internal override bool WeighsEntries => true;

    /// <inheritdoc/>
    public override Metric Fresh() => new Mean(Name);

    /// <summary>Takes in values.</summary>
    /// <param name="values">The values, each a column of its own.</param>
    /// <param name="weights">Weight of each value; empty where all count once.</param>
    public void Update(ReadOnlySpan<Real> values, ReadOnlySpan<Real> weights = default) => Update(values, 1, values, 1, weights);

    /// <summary>Accepts any targets.</summary>
    /// <param name="targetRows">Rows of the targets.</param>
    /// <param name="rows">Rows of the predictions.</param>
    public override void CheckRows(int targetRows, int rows)
    {
    }

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction)
    {
        double sum = 0;
        foreach (Real value in prediction)
        {
            sum += value;
        }

        return sum / prediction.Length;
    }
}
