namespace Recurrent.Data;

/// <summary>The least value of a function of one number.</summary>
internal static class LineSearch
{
    /// <summary>
    /// Golden sections and parabolas in turn: R. P. Brent, "Algorithms for minimization without derivatives" (1973), chapter 5,
    /// with the tolerance of R's <c>optimize</c>.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="low">Least number.</param>
    /// <param name="high">Greatest number.</param>
    /// <param name="tolerance">How near the result is to where the least value is; null for the fourth root of 2⁻⁵².</param>
    internal static double Minimum(Func<double, double> function, double low, double high, double? tolerance = null)
    {
        double golden = (3 - Math.Sqrt(5)) / 2;
        double near = tolerance ?? Math.Pow(double.BitIncrement(1) - 1, 0.25);
        double root = Math.Sqrt(double.BitIncrement(1) - 1);
        (double a, double b) = (low, high);
        double best = a + (golden * (b - a));
        (double second, double third) = (best, best);
        (double step, double before) = (0, 0);
        double least = function(best);
        (double secondValue, double thirdValue) = (least, least);
        for (int i = 0; i < 1000; i++)
        {
            double middle = (a + b) / 2;
            double unit = (root * Math.Abs(best)) + (near / 3);
            if (Math.Abs(best - middle) <= (2 * unit) - ((b - a) / 2))
            {
                break;
            }

            (double p, double q, double last) = (0, 0, 0);
            if (Math.Abs(before) > unit)
            {
                double r = (best - second) * (least - thirdValue);
                q = (best - third) * (least - secondValue);
                p = ((best - third) * q) - ((best - second) * r);
                q = (q - r) * 2;
                p = q > 0 ? -p : p;
                q = Math.Abs(q);
                last = before;
                before = step;
            }

            if (Math.Abs(p) >= Math.Abs(q / 2 * last) || p <= q * (a - best) || p >= q * (b - best))
            {
                before = best < middle ? b - best : a - best;
                step = golden * before;
            }
            else
            {
                step = p / q;
                double tried = best + step;
                if (tried - a < 2 * unit || b - tried < 2 * unit)
                {
                    step = best >= middle ? -unit : unit;
                }
            }

            double next = Math.Abs(step) >= unit ? best + step : step > 0 ? best + unit : best - unit;
            double value = function(next);
            if (value <= least)
            {
                (a, b) = next < best ? (a, best) : (best, b);
                (third, thirdValue, second, secondValue) = (second, secondValue, best, least);
                (best, least) = (next, value);
            }
            else
            {
                (a, b) = next < best ? (next, b) : (a, next);
                if (value <= secondValue || second == best)
                {
                    (third, thirdValue, second, secondValue) = (second, secondValue, next, value);
                }
                else if (value <= thirdValue || third == best || third == second)
                {
                    (third, thirdValue) = (next, value);
                }
            }
        }

        return best;
    }
}
