namespace Recurrent.Forecasting;

/// <summary>Autoregressions from autocovariances, by the recursion of Levinson and Durbin.</summary>
internal static class YuleWalker
{
    /// <summary>γ(k) = (1/n) Σ (y_t − ȳ)(y_{t+k} − ȳ) of values whose mean is 0 already.</summary>
    internal static double[] Autocovariances(ReadOnlySpan<double> centred, int lags)
    {
        var covariances = new double[lags + 1];
        for (int lag = 0; lag <= lags && lag < centred.Length; lag++)
        {
            double sum = 0;
            for (int t = lag; t < centred.Length; t++)
            {
                sum += centred[t] * centred[t - lag];
            }

            covariances[lag] = sum / centred.Length;
        }

        return covariances;
    }

    /// <summary>φ of one order; zeros where the values do not vary.</summary>
    internal static double[] Coefficients(ReadOnlySpan<double> covariances, int order)
    {
        var phi = new double[order];
        _ = Recurse(covariances, order, (k, current, _) =>
        {
            if (k == order)
            {
                current.AsSpan(0, order).CopyTo(phi);
            }
        });
        return phi;
    }

    /// <summary>Goes through the orders 1, 2, …, and tells for each its number, its φ (the first of an array) and the share
    /// of the variance that is left.</summary>
    /// <returns>How many orders there were: fewer than asked for where nothing is left.</returns>
    internal static int Recurse(ReadOnlySpan<double> covariances, int orders, Action<int, double[], double> each)
    {
        if (!(covariances[0] > 0))
        {
            return 0;
        }

        var phi = new double[orders];
        var previous = new double[orders];
        double left = 1;
        for (int k = 1; k <= orders; k++)
        {
            double sum = covariances[k] / covariances[0];
            for (int i = 0; i < k - 1; i++)
            {
                sum -= phi[i] * covariances[k - 1 - i] / covariances[0];
            }

            double partial = sum / left;
            Extend(phi, previous, k, partial);
            left *= 1 - (partial * partial);
            each(k, phi, left);
            if (!(left > 1e-8))
            {
                return k;
            }
        }

        return orders;
    }

    /// <summary>Levinson and Durbin's step: the coefficients of order k from those of order k − 1.</summary>
    /// <param name="phi">The coefficients, of which the first k are set.</param>
    /// <param name="previous">Room for them.</param>
    /// <param name="k">The order.</param>
    /// <param name="partial">The partial coefficient at lag k.</param>
    internal static void Extend(double[] phi, double[] previous, int k, double partial)
    {
        phi.AsSpan(0, k - 1).CopyTo(previous);
        for (int i = 0; i < k - 1; i++)
        {
            phi[i] = previous[i] - (partial * previous[k - 2 - i]);
        }

        phi[k - 1] = partial;
    }
}
