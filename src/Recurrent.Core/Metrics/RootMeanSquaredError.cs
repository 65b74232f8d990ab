namespace Recurrent.Metrics;

/// <summary>The root of the weighted mean over everything seen of <c>(p − y)²</c>: an error in the unit of the targets.</summary>
public sealed class RootMeanSquaredError : MeanMetric
{
    /// <summary>Creates the metric.</summary>
    /// <param name="name">Name of the metric; default <c>root_mean_squared_error</c>.</param>
    public RootMeanSquaredError(string? name = null)
        : base(name ?? "root_mean_squared_error")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => "RootMeanSquaredError";

    /// <inheritdoc/>
    internal override bool WeighsEntries => true;

    /// <inheritdoc/>
    public override Metric Fresh() => new RootMeanSquaredError(Name);

    /// <inheritdoc/>
    protected override double Compute() => Math.Sqrt(base.Compute());

    /// <inheritdoc/>
    protected override double Value(ReadOnlySpan<Real> target, ReadOnlySpan<Real> prediction)
    {
        double sum = 0;
        for (int i = 0; i < prediction.Length; i++)
        {
            // In double: the square of an error above 1.8e19 is no float.
            double difference = (double)prediction[i] - target[i];
            sum += difference * difference;
        }

        return sum / prediction.Length;
    }
}
