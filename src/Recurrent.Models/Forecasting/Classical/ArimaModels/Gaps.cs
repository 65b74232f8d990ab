namespace Recurrent.Forecasting;

/// <summary>Missing values of a series bridged, for first looks and starts only: estimates see what is there.</summary>
internal static class Gaps
{
    /// <summary>The straight line between neighbours, plus, where there is a season, the mean distance from it of the other
    /// values of that place in the season.</summary>
    internal static double[] Bridge(ReadOnlySpan<double> values, int season)
    {
        double[] line = Line(values);
        if (season < 2 || values.Length < 2 * season)
        {
            return line;
        }

        var level = new double[line.Length];
        for (int t = 0; t < line.Length; t++)
        {
            int from = Math.Max(0, t - (season / 2));
            int to = Math.Min(line.Length, from + season);
            from = Math.Max(0, to - season);
            double sum = 0;
            for (int i = from; i < to; i++)
            {
                sum += line[i];
            }

            level[t] = sum / (to - from);
        }

        var sums = new double[season];
        var counts = new int[season];
        for (int t = 0; t < line.Length; t++)
        {
            if (!double.IsNaN(values[t]))
            {
                sums[t % season] += line[t] - level[t];
                counts[t % season]++;
            }
        }

        for (int t = 0; t < line.Length; t++)
        {
            if (double.IsNaN(values[t]) && counts[t % season] > 0)
            {
                line[t] = level[t] + (sums[t % season] / counts[t % season]);
            }
        }

        return line;
    }

    private static double[] Line(ReadOnlySpan<double> values)
    {
        double[] line = values.ToArray();
        int last = -1;
        for (int t = 0; t < line.Length; t++)
        {
            if (double.IsNaN(line[t]))
            {
                continue;
            }

            for (int i = last + 1; i < t; i++)
            {
                double share = last < 0 ? 1 : (double)(i - last) / (t - last);
                line[i] = (share * line[t]) + (last < 0 ? 0 : (1 - share) * line[last]);
            }

            last = t;
        }

        for (int i = last + 1; i < line.Length && last >= 0; i++)
        {
            line[i] = line[last];
        }

        return line;
    }
}
