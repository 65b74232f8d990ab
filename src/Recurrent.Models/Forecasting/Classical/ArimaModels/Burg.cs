namespace Recurrent.Forecasting;

/// <summary>Autoregressions by the method of Burg: each partial coefficient makes the forward and backward errors
/// least.</summary>
internal static class Burg
{
    /// <summary>Goes through the orders 1, 2, …, and tells for each its number, its φ (the first of an array) and the share
    /// of the variance that is left.</summary>
    internal static void Recurse(double[] centred, int orders, Action<int, double[], double> each)
    {
        double[] forward = (double[])centred.Clone();
        double[] backward = (double[])centred.Clone();
        var phi = new double[orders];
        var previous = new double[orders];
        double left = 1;
        for (int k = 1; k <= orders; k++)
        {
            double product = 0;
            double squares = 0;
            for (int t = k; t < centred.Length; t++)
            {
                product += forward[t] * backward[t - 1];
                squares += (forward[t] * forward[t]) + (backward[t - 1] * backward[t - 1]);
            }

            if (!(squares > 0))
            {
                return;
            }

            double partial = Math.Clamp(2 * product / squares, -1 + 1e-8, 1 - 1e-8);
            for (int t = centred.Length - 1; t >= k; t--)
            {
                double ahead = forward[t];
                forward[t] = ahead - (partial * backward[t - 1]);
                backward[t] = backward[t - 1] - (partial * ahead);
            }

            YuleWalker.Extend(phi, previous, k, partial);
            left *= 1 - (partial * partial);
            each(k, phi, left);
            if (!(left > 1e-8))
            {
                return;
            }
        }
    }
}
