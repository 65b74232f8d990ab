namespace Recurrent.Numerics;

/// <summary>The sweeps of <see cref="SelectiveStep"/> as plain loops: what the tests hold the kernels to.</summary>
internal static class NaiveSelectiveStep
{
    /// <summary>See <see cref="SelectiveStep.Forward"/>.</summary>
    public static void Forward(
        Real[] u, Real[] delta, Real[] rates, Real[] b, Real[] c, Real[] skip, Real[] before, Real[] after, Real[] y)
    {
        for (int k = 0; k < u.Length; k++)
        {
            double sum = (double)skip[k] * u[k];
            for (int n = 0; n < b.Length; n++)
            {
                int place = (n * u.Length) + k;
                double s = (Math.Exp((double)delta[k] * rates[place]) * before[place]) + ((double)b[n] * delta[k] * u[k]);
                after[place] = (Real)s;
                sum += c[n] * s;
            }

            y[k] = (Real)sum;
        }
    }

    /// <summary>See <see cref="SelectiveStep.Backward"/>.</summary>
    public static void Backward(
        Real[] u,
        Real[] delta,
        Real[] rates,
        Real[] b,
        Real[] c,
        Real[] skip,
        Real[] before,
        Real[] after,
        Real[] dy,
        Real[] ds,
        Real[] dDelta,
        Real[] dRates,
        Real[] dSkip)
    {
        var db = new double[b.Length];
        var dc = new double[c.Length];
        for (int k = 0; k < u.Length; k++)
        {
            double gradient = 0;
            double step = 0;
            for (int n = 0; n < b.Length; n++)
            {
                int place = (n * u.Length) + k;
                double d = ds[place] + ((double)c[n] * dy[k]);
                dc[n] += (double)after[place] * dy[k];
                db[n] += d * delta[k] * u[k];
                gradient += b[n] * d;
                d *= Math.Exp((double)delta[k] * rates[place]);
                ds[place] = (Real)d;
                step += d * before[place] * rates[place];
                dRates[place] += (Real)(d * before[place] * delta[k]);
            }

            dDelta[k] = (Real)(step + (u[k] * gradient));
            dSkip[k] += dy[k] * u[k];
            u[k] = (Real)((skip[k] * (double)dy[k]) + (delta[k] * gradient));
        }

        for (int n = 0; n < b.Length; n++)
        {
            b[n] = (Real)db[n];
            c[n] = (Real)dc[n];
        }
    }
}
