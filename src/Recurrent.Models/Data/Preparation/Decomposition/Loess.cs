namespace Recurrent.Data;

/// <summary>
/// Locally weighted regression of evenly spaced values, as STL uses it: at each place a straight line (or a constant) is fitted
/// to the nearest values, which count by the tricube of their distance (1 − (r/h)³)³, and by robustness weights where there are
/// some.
/// </summary>
/// <remarks>
/// W. S. Cleveland, "Robust locally weighted regression and smoothing scatterplots", JASA 74 (1979). Beyond the window, where it
/// is longer than the series, the bandwidth h grows by half of what is missing, as in Cleveland et al. (1990). The object holds
/// scratch memory: one for each thread.
/// </remarks>
internal sealed class Loess
{
    private double[] weights = [];

    // What the weights in the scratch memory were computed for, where they depend on nothing else.
    private (double Before, double Bandwidth, int Length, int Degree, int Values) known;

    /// <summary>Smooths a series.</summary>
    /// <param name="values">The series.</param>
    /// <param name="window">Number of values that count at each place; odd.</param>
    /// <param name="degree">0 fits constants, 1 lines.</param>
    /// <param name="jump">Distance between the places where a fit is made; the ones between are interpolated.</param>
    /// <param name="robustness">A weight for each value; empty where all count the same.</param>
    /// <param name="smooth">The result, as long as the series.</param>
    internal void Smooth(
        ReadOnlySpan<double> values, int window, int degree, int jump, ReadOnlySpan<double> robustness, Span<double> smooth)
    {
        int count = values.Length;
        if (count < 2)
        {
            values.CopyTo(smooth);
            return;
        }

        int step = Math.Min(jump, count - 1);
        int last = 0;
        for (int i = 0; i < count; i += step)
        {
            (int from, int to) = Around(i, window, count);
            smooth[i] = Fit(values, window, degree, i, from, to, robustness) ?? values[i];
            Interpolate(smooth, last, i);
            last = i;
        }

        if (last != count - 1)
        {
            (int from, int to) = Around(last, window, count);
            smooth[count - 1] = Fit(values, window, degree, count - 1, from, to, robustness) ?? values[count - 1];
            Interpolate(smooth, last, count - 1);
        }
    }

    /// <summary>The fit at one place.</summary>
    /// <param name="values">The series.</param>
    /// <param name="window">Number of values that count.</param>
    /// <param name="degree">0 fits a constant, 1 a line.</param>
    /// <param name="place">The place, which may be outside the series.</param>
    /// <param name="from">First value that counts.</param>
    /// <param name="to">Last one.</param>
    /// <param name="robustness">A weight for each value; empty where all count the same.</param>
    /// <returns>The fit; null where all weights are 0.</returns>
    internal double? Fit(
        ReadOnlySpan<double> values, int window, int degree, int place, int from, int to, ReadOnlySpan<double> robustness)
    {
        int length = to - from + 1;
        double before = place - from;
        double after = to - place;
        double bandwidth = Math.Max(before, after) + (window > values.Length ? (window - values.Length) / 2 : 0);
        (double, double, int, int, int) wanted = (before, bandwidth, length, degree, values.Length);
        if (!robustness.IsEmpty || known != wanted)
        {
            if (weights.Length < length)
            {
                weights = new double[length];
            }

            known = default;
            if (!Weigh(weights.AsSpan(0, length), before, bandwidth, robustness.IsEmpty ? [] : robustness[from..(to + 1)]))
            {
                return null;
            }

            if (degree > 0 && bandwidth > 0)
            {
                Tilt(weights.AsSpan(0, length), before, 0.001 * (values.Length - 1));
            }

            known = robustness.IsEmpty ? wanted : default;
        }

        double sum = 0;
        ReadOnlySpan<double> counting = values.Slice(from, length);
        for (int i = 0; i < counting.Length; i++)
        {
            sum += weights[i] * counting[i];
        }

        return sum;
    }

    /// <summary>The values nearest to a place: as many as the window is long, all of them in the series.</summary>
    private static (int From, int To) Around(int place, int window, int count)
    {
        if (window >= count)
        {
            return (0, count - 1);
        }

        int from = Math.Clamp(place - (window / 2), 0, count - window);
        return (from, from + window - 1);
    }

    /// <summary>Weights by distance and robustness that sum to 1.</summary>
    private static bool Weigh(Span<double> weights, double before, double bandwidth, ReadOnlySpan<double> robustness)
    {
        double total = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double distance = Math.Abs(i - before);
            double weight = 0;
            if (distance <= 0.001 * bandwidth)
            {
                weight = 1;
            }
            else if (distance <= 0.999 * bandwidth)
            {
                double share = distance / bandwidth;
                double rest = 1 - (share * share * share);
                weight = rest * rest * rest;
            }

            weight = robustness.IsEmpty ? weight : weight * robustness[i];
            weights[i] = weight;
            total += weight;
        }

        if (!(total > 0))
        {
            return false;
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] /= total;
        }

        return true;
    }

    /// <summary>Turns the weights of a mean into those of a line's value at the place.</summary>
    private static void Tilt(Span<double> weights, double before, double least)
    {
        double center = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            center += weights[i] * i;
        }

        double spread = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            spread += weights[i] * (i - center) * (i - center);
        }

        if (Math.Sqrt(spread) > least)
        {
            double slope = (before - center) / spread;
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] *= (slope * (i - center)) + 1;
            }
        }
    }

    /// <summary>Robustness weights: the bisquare of the distances, in units of six times their median.</summary>
    /// <param name="distances">How far each value is from its fit; sorted afterwards.</param>
    /// <param name="weights">The result, 0 to 1.</param>
    internal static void Bisquare(Span<double> distances, Span<double> weights)
    {
        distances.CopyTo(weights);
        distances.Sort();
        int middle = distances.Length / 2;
        double unit = 3 * (distances[middle] + distances[distances.Length - middle - 1]);
        foreach (ref double weight in weights)
        {
            double share = weight / unit;
            double rest = 1 - (share * share);
            weight = weight <= 0.001 * unit ? 1 : weight <= 0.999 * unit ? rest * rest : 0;
        }
    }

    private static void Interpolate(Span<double> values, int from, int to)
    {
        double slope = (values[to] - values[from]) / (to - from);
        for (int i = from + 1; i < to; i++)
        {
            values[i] = values[from] + (slope * (i - from));
        }
    }
}
