namespace Recurrent.Data;

/// <summary>
/// Subtracts the mean and divides by the standard deviation of the training part. Where all its values are the same, it only
/// subtracts: they become 0, and come back as they were.
/// </summary>
public sealed class StandardScaler : Scaler
{
    /// <summary>Fits the scaler.</summary>
    /// <param name="training">The training part, and nothing else.</param>
    /// <exception cref="ArgumentException">There are no values, or one is not a finite number.</exception>
    public StandardScaler(ReadOnlySpan<double> training)
    {
        CheckTraining(training);
        double sum = 0;
        foreach (double value in training)
        {
            sum += value;
        }

        Mean = sum / training.Length;
        double squares = 0;
        foreach (double value in training)
        {
            squares += (value - Mean) * (value - Mean);
        }

        double deviation = Math.Sqrt(squares / training.Length);

        // Rounding leaves a deviation of about one part in 10¹⁶ where the values are all the same.
        StandardDeviation = deviation > 1e-14 * Math.Abs(Mean) ? deviation : 1;
    }

    /// <summary>Mean of the training part.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of the training part (divided by its length); 1 where all its values are the same.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public override double Transform(double value) => (value - Mean) / StandardDeviation;

    /// <inheritdoc/>
    public override double Inverse(double value) => (value * StandardDeviation) + Mean;
}
