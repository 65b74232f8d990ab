namespace Recurrent.Data;

/// <summary>
/// Maps the training part's smallest value to 0 and its largest to 1, or to bounds of your choice; later values may fall outside.
/// Where all values of the training part are the same, they become the lower bound, and come back as they were.
/// </summary>
public sealed class MinMaxScaler : Scaler
{
    private readonly double factor;

    /// <summary>Fits the scaler.</summary>
    /// <param name="training">The training part, and nothing else.</param>
    /// <param name="low">What its smallest value becomes.</param>
    /// <param name="high">What its largest value becomes.</param>
    /// <exception cref="ArgumentException">There are no values, one is not a finite number, or the bounds are not in order.</exception>
    public MinMaxScaler(ReadOnlySpan<double> training, double low = 0, double high = 1)
    {
        CheckTraining(training);
        if (!(low < high) || !double.IsFinite(high - low))
        {
            throw new ArgumentException(FormattableString.Invariant($"low must be below high, but low is {low} and high is {high}."), nameof(low));
        }

        Low = low;
        High = high;
        Minimum = Maximum = training[0];
        foreach (double value in training)
        {
            Minimum = Math.Min(Minimum, value);
            Maximum = Math.Max(Maximum, value);
        }

        factor = Maximum > Minimum ? (high - low) / (Maximum - Minimum) : 1;
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
    public override double Transform(double value) => Low + ((value - Minimum) * factor);

    /// <inheritdoc/>
    public override double Inverse(double value) => Minimum + ((value - Low) / factor);
}
