namespace Recurrent.Forecasting;

/// <summary>Differences of a series, and what undoes them.</summary>
internal static class Differencing
{
    /// <summary>y_t − y_{t−lag}, <paramref name="times"/> times over; the result is shorter by lag · times.</summary>
    internal static double[] Of(ReadOnlySpan<double> values, int lag, int times = 1)
    {
        double[] result = values.ToArray();
        for (int round = 0; round < times; round++)
        {
            int count = Math.Max(0, result.Length - lag);
            var next = new double[count];
            for (int t = 0; t < count; t++)
            {
                next[t] = result[t + lag] - result[t];
            }

            result = next;
        }

        return result;
    }

    /// <summary>(1 − B)ᵈ (1 − Bᵐ)ᴰ y.</summary>
    internal static double[] Of(ReadOnlySpan<double> values, ArimaOrder order) =>
        Of(Of(values, order.Season, order.SeasonalD), 1, order.D);

    /// <summary>δ with (1 − B)ᵈ (1 − Bᵐ)ᴰ = 1 − δ₁B − δ₂B² − …; δ₁ stands first.</summary>
    internal static double[] Polynomial(ArimaOrder order)
    {
        var product = new double[order.Lost + 1];
        product[0] = 1;
        int degree = 0;
        for (int i = 0; i < order.D + order.SeasonalD; i++)
        {
            int lag = i < order.D ? 1 : order.Season;
            for (int k = degree; k >= 0; k--)
            {
                product[k + lag] -= product[k];
            }

            degree += lag;
        }

        var delta = new double[order.Lost];
        for (int k = 0; k < delta.Length; k++)
        {
            delta[k] = -product[k + 1];
        }

        return delta;
    }
}
