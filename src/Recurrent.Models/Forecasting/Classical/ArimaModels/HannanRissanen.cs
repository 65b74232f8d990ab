namespace Recurrent.Forecasting;

/// <summary>
/// First guesses of φ, θ, Φ, Θ: a long autoregression gives innovations, and least squares of the series on its own past and
/// on theirs gives coefficients (Hannan and Rissanen, 1982), here with plain and seasonal lags but without their products.
/// </summary>
internal static class HannanRissanen
{
    /// <summary>The guess, stationary and invertible; null where the series is too short for one.</summary>
    /// <param name="values">The stationary series.</param>
    /// <param name="order">The orders.</param>
    internal static double[]? Guess(ReadOnlySpan<double> values, ArimaOrder order)
    {
        int most = Math.Max(order.AutoregressiveLags, order.MovingAverageLags);
        int longest = Math.Min(values.Length / 4, Math.Max(order.Season + 2, (int)(4 * Math.Log(values.Length + 1))));
        int start = (order.MovingAverageLags > 0 ? longest : 0) + most;
        int count = values.Length - start;
        if (order.Coefficients == 0 || count < (2 * order.Coefficients) + 2)
        {
            return null;
        }

        double[] centred = Centred(values);
        double[] innovations = order.MovingAverageLags > 0 ? Innovations(centred, longest) : [];
        double[][] columns = [Tail(centred, start, 0),
            .. Lags(order.P, 1).Select(lag => Tail(centred, start, lag)),
            .. Lags(order.Q, 1).Select(lag => Tail(innovations, start, lag)),
            .. Lags(order.SeasonalP, order.Season).Select(lag => Tail(centred, start, lag)),
            .. Lags(order.SeasonalQ, order.Season).Select(lag => Tail(innovations, start, lag))];
        var regression = new InnovationRegression(order.Coefficients, count);
        if (regression.Solve(columns) >= 0)
        {
            return null;
        }

        double[] guess = regression.Coefficients;
        for (int block = 0; block < 4; block++)
        {
            Span<double> part = ArimaEstimation.Block(guess, order, block);
            Sign(part, block);
            PartialCoefficients.Stabilize(part);
            Sign(part, block);
        }

        return guess;
    }

    private static void Sign(Span<double> part, int block)
    {
        for (int i = 0; i < part.Length && block % 2 == 1; i++)
        {
            part[i] = -part[i];
        }
    }

    private static IEnumerable<int> Lags(int count, int step) => Enumerable.Range(1, count).Select(i => i * step);

    private static double[] Tail(double[] values, int start, int lag) => values[(start - lag)..(values.Length - lag)];

    private static double[] Centred(ReadOnlySpan<double> values)
    {
        double mean = 0;
        foreach (double value in values)
        {
            mean += value / values.Length;
        }

        double[] centred = values.ToArray();
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] -= mean;
        }

        return centred;
    }

    private static double[] Innovations(double[] centred, int lags)
    {
        double[] phi = YuleWalker.Coefficients(YuleWalker.Autocovariances(centred, lags), lags);
        var innovations = new double[centred.Length];
        for (int t = lags; t < centred.Length; t++)
        {
            double sum = centred[t];
            for (int i = 0; i < lags; i++)
            {
                sum -= phi[i] * centred[t - 1 - i];
            }

            innovations[t] = sum;
        }

        return innovations;
    }
}
