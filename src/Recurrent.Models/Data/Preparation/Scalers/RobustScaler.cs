namespace Recurrent.Data;

/// <summary>
/// Subtracts the median and divides by the distance between the quartiles of the training part, which outliers hardly move. Where
/// the quartiles are the same, it only subtracts.
/// </summary>
public sealed class RobustScaler : Scaler
{
    /// <summary>Fits the scaler.</summary>
    /// <param name="training">The training part, and nothing else.</param>
    /// <exception cref="ArgumentException">There are no values, or one is not a finite number.</exception>
    public RobustScaler(ReadOnlySpan<double> training)
    {
        CheckTraining(training);
        double[] sorted = [.. training];
        Array.Sort(sorted);
        Median = OrderStatistics.Quantile(sorted, 0.5);
        double range = OrderStatistics.Quantile(sorted, 0.75) - OrderStatistics.Quantile(sorted, 0.25);
        InterquartileRange = range > 0 ? Math.Min(range, double.MaxValue) : 1;
    }

    internal RobustScaler(double median, double range) => (Median, InterquartileRange) = (median, range);

    /// <summary>Median of the training part.</summary>
    public double Median { get; }

    /// <summary>Distance between the quartiles of the training part; 1 where they are the same.</summary>
    public double InterquartileRange { get; }

    /// <inheritdoc/>
    public override double Transform(double value) => Magnitude.Quotient(value, Median, InterquartileRange);

    /// <inheritdoc/>
    public override double Inverse(double value) => Magnitude.Sum(value, InterquartileRange, Median);
}
