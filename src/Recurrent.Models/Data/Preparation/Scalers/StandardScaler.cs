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
        (Mean, StandardDeviation) = training.IndexOfAnyExcept(training[0]) < 0 ? (training[0], 1) : Moments(training);
    }

    /// <summary>What was fitted before.</summary>
    internal StandardScaler(double mean, double deviation) => (Mean, StandardDeviation) = (mean, deviation);

    /// <summary>Mean of the training part.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of the training part (divided by its length); 1 where all its values are the same.</summary>
    public double StandardDeviation { get; }

    /// <inheritdoc/>
    public override double Transform(double value) => Magnitude.Quotient(value, Mean, StandardDeviation);

    /// <inheritdoc/>
    public override double Inverse(double value) => Magnitude.Sum(value, StandardDeviation, Mean);

    /// <summary>The mean, and the deviation from it, of values of any size: 1e200 as well as 1e-200.</summary>
    private static (double Mean, double Deviation) Moments(ReadOnlySpan<double> values)
    {
        int exponent = Magnitude.Exponent(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.ScaleB(value, -exponent);
        }

        // Beside a large mean its own rounding would count, so the deviations say by how much it is off.
        double mean = sum / values.Length;
        double off = 0;
        double largest = 0;
        foreach (double value in values)
        {
            double deviation = Math.ScaleB(value, -exponent) - mean;
            off += deviation;
            largest = Math.Max(largest, Math.Abs(deviation));
        }

        double rest = off / values.Length;
        mean += rest;
        int spread = Math.ILogB(largest);
        double squares = 0;
        foreach (double value in values)
        {
            double deviation = Math.ScaleB(Math.ScaleB(value, -exponent) - mean, -spread);
            squares += deviation * deviation;
        }

        double root = Math.ScaleB(Math.Sqrt(squares / values.Length), exponent + spread);
        return (Math.ScaleB(mean, exponent), Math.Max(root, double.Epsilon));
    }
}
