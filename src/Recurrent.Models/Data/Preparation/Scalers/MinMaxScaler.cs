namespace Recurrent.Data;

/// <summary>
/// Maps the training part's smallest value to 0 and its largest to 1, or to bounds of your choice; later values may fall outside.
/// Where all values of the training part are the same, they become the lower bound, and come back as they were.
/// </summary>
public sealed class MinMaxScaler : Scaler
{
    // Half of Maximum − Minimum, which itself may be larger than any double; null where all values are the same.
    private readonly double? halfRange;
    private readonly double width;

    /// <summary>Fits the scaler.</summary>
    /// <param name="training">The training part, and nothing else.</param>
    /// <param name="low">What its smallest value becomes.</param>
    /// <param name="high">What its largest value becomes.</param>
    /// <exception cref="ArgumentException">There are no values, one is not a finite number, or the bounds are not in
    /// order.</exception>
    public MinMaxScaler(ReadOnlySpan<double> training, double low = 0, double high = 1)
    {
        CheckTraining(training);
        if (!(low < high))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"low must be below high, but low is {low} and high is {high}."), nameof(low));
        }

        width = high - low;
        if (!double.IsFinite(width))
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"From low, {low}, to high, {high}, is farther than a double can say. Choose bounds such as -1 and 1."),
                nameof(low));
        }

        Low = low;
        High = high;
        Minimum = Maximum = training[0];
        foreach (double value in training)
        {
            Minimum = Math.Min(Minimum, value);
            Maximum = Math.Max(Maximum, value);
        }

        halfRange = Maximum > Minimum ? HalfDifference(Maximum, Minimum) : null;
    }

    /// <summary>Smallest value of the training part.</summary>
    public double Minimum { get; }

    /// <summary>Largest value of the training part.</summary>
    public double Maximum { get; }

    /// <summary>What the smallest value becomes.</summary>
    public double Low { get; }

    /// <summary>What the largest value becomes.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override double Transform(double value)
    {
        if (halfRange is null)
        {
            return Low + (value - Minimum);
        }

        double range = Maximum - Minimum;
        double share = double.IsFinite(range)
            ? Magnitude.Quotient(value, Minimum, range)
            : HalfDifference(value, Minimum) / halfRange.Value;
        return Magnitude.Sum(share, width, Low);
    }

    /// <inheritdoc/>
    public override double Inverse(double value)
    {
        if (halfRange is null)
        {
            return Minimum + (value - Low);
        }

        double share = Magnitude.Quotient(value, Low, width);
        double range = Maximum - Minimum;
        return double.IsFinite(range)
            ? Magnitude.Sum(share, range, Minimum)
            : Magnitude.Sum(share, halfRange.Value, Magnitude.Sum(share, halfRange.Value, Minimum));
    }

    private static double HalfDifference(double a, double b) => (a / 2) - (b / 2);
}
