namespace Recurrent.Forecasting;

/// <summary>How forecasts of several methods become one.</summary>
public enum Combination
{
    /// <summary>The median of the members' points, and of their quantiles level by level: one that is far off does no
    /// harm.</summary>
    Median,

    /// <summary>The mean of the members' points and quantiles, with weights where there are any.</summary>
    Mean,

    /// <summary>The median of the members' points, and around it the distribution of the first member, moved: for methods whose
    /// points are good and whose intervals are too narrow.</summary>
    MedianAroundFirst,
}

/// <summary>Makes one distribution of several.</summary>
internal static class QuantileMean
{
    /// <summary>The combination of distributions, level by level (Vincent's average; Lichtendahl, Grushka-Cockayne and Winkler,
    /// "Is it better to average probabilities or quantiles?", 2013).</summary>
    /// <param name="grids">The distributions, of as many steps; at least one.</param>
    /// <param name="combination">How they are combined.</param>
    /// <param name="weights">A weight for each, at least 0 and not all 0; null where all weigh the same.</param>
    internal static QuantileGrid Of(IReadOnlyList<QuantileGrid> grids, Combination combination,
        IReadOnlyList<double>? weights = null)
    {
        if (grids.Count == 1)
        {
            return grids[0];
        }

        double total = weights?.Sum() ?? grids.Count;
        double[] shares = [.. Enumerable.Range(0, grids.Count).Select(i => (weights?[i] ?? 1) / total)];
        var numbers = new double[grids.Count];
        var point = new double[grids[0].Horizon];
        var quantiles = new double[grids[0].Quantiles.Length];
        for (int step = 0; step < point.Length; step++)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = grids[i].Point[step];
            }

            point[step] = Middle(numbers, shares, combination);
        }

        if (combination == Combination.MedianAroundFirst)
        {
            for (int place = 0; place < quantiles.Length; place++)
            {
                int step = place / QuantileGrid.Levels.Count;
                quantiles[place] = grids[0].Quantiles[place] + (point[step] - grids[0].Point[step]);
            }

            return QuantileGrid.Of(point, quantiles);
        }

        for (int place = 0; place < quantiles.Length; place++)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = grids[i].Quantiles[place];
            }

            quantiles[place] = Middle(numbers, shares, combination);
        }

        return QuantileGrid.Of(point, quantiles);
    }

    private static double Middle(double[] numbers, double[] shares, Combination combination)
    {
        if (combination == Combination.Mean)
        {
            double sum = 0;
            for (int i = 0; i < numbers.Length; i++)
            {
                sum += numbers[i] * shares[i];
            }

            return sum;
        }

        numbers.AsSpan().Sort();
        int half = numbers.Length / 2;
        return numbers.Length % 2 == 1 ? numbers[half] : (numbers[half - 1] / 2) + (numbers[half] / 2);
    }
}
