namespace Recurrent.Layers;

/// <summary>Means and variances of data.</summary>
/// <param name="Shape">Lengths of the axes along which there is one for each place.</param>
/// <param name="Means">The means.</param>
/// <param name="Squares">Sums of squared deviations.</param>
/// <param name="Count">Number of values of each.</param>
/// <param name="Values">Number of all values.</param>
internal sealed record NormalizationStatistics(int[] Shape, double[] Means, double[] Squares, double Count, double Values)
{
    public Real[] Mean => [.. Means.Select(mean => (Real)mean)];

    public Real[] Variance => [.. Squares.Select(sum => (Real)(sum / Count))];

    /// <summary>
    /// Joins those of a batch with those before: sums of squared deviations, which lose nothing where means are large.
    /// </summary>
    public static NormalizationStatistics Of(NormalizationStatistics? before, NDArray batch, int[] shape, int[]? places, int size)
    {
        int number = shape.Aggregate(1, (product, axis) => product * axis);
        double[] means = new double[number];
        double[] squares = new double[number];
        double count = (double)batch.Size / number;
        for (int i = 0; i < batch.Size; i++)
        {
            means[Own(i)] += batch.Values[i] / count;
        }

        for (int i = 0; i < batch.Size; i++)
        {
            double away = batch.Values[i] - means[Own(i)];
            squares[Own(i)] += away * away;
        }

        if (before is null)
        {
            return new(shape, means, squares, count, batch.Size);
        }

        double all = before.Count + count;
        for (int i = 0; i < number; i++)
        {
            double apart = means[i] - before.Means[i];
            squares[i] += before.Squares[i] + (apart * apart * before.Count * count / all);
            means[i] = before.Means[i] + (apart * count / all);
        }

        return new(shape, means, squares, all, before.Values + batch.Size);

        int Own(int index) => places is null ? index % number : places[index % size];
    }

    public NDArray[] ToWeights() => [new(Shape, Mean), new(Shape, Variance), new([], [(Real)Values])];
}
