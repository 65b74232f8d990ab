namespace Recurrent.Metrics;

/// <summary>The weighted sum of values. The values are the predictions; targets play no part.</summary>
public sealed class Sum : Metric
{
    private double total;

    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>sum</c>.</param>
    public Sum(string? name = null)
        : base(name ?? "sum")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Sum);

    /// <inheritdoc/>
    internal override bool WeighsEntries => true;

    /// <inheritdoc/>
    public override Metric Fresh() => new Sum(Name);

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
    protected override IReadOnlyList<double>? Gathered
    {
        get => [total];
        set => total = Parts(value, 1, 1)[0][0];
    }

    /// <inheritdoc/>
    protected override double Compute() => total;

    /// <inheritdoc/>
    protected override void Clear() => total = 0;

    /// <inheritdoc/>
    protected override void Add(
        ReadOnlySpan<Real> targets, int targetRows, ReadOnlySpan<Real> predictions, int rows, ReadOnlySpan<Real> weights)
    {
        for (int i = 0; i < predictions.Length; i++)
        {
            double weight = Weight(weights, i / rows);
            total += weight == 0 ? 0 : weight * predictions[i];
        }
    }
}
