namespace Recurrent.Data;

/// <summary>Values at irregular stamps, read at the points of a grid.</summary>
internal static class Grid
{
    // More points than this for each value given is no series on a grid, but a grid of another kind.
    private const int MostPoints = 1000;

    /// <summary>The points of a grid between two dates, both included.</summary>
    /// <returns>The points; null where they would be too many for the values.</returns>
    internal static DateTime[]? Points(DateTime first, DateTime last, Frequency frequency, int values)
    {
        DateTime point = frequency.Label(frequency.StartOf(first));
        while (point < first && frequency.Reaches(point, 1))
        {
            point = frequency.Step(point, 1);
        }

        if ((last - point) / frequency.MeanSpan > (double)MostPoints * Math.Max(values, MostPoints))
        {
            return null;
        }

        var points = new List<DateTime>();
        while (point <= last)
        {
            points.Add(point);
            if (!frequency.Reaches(point, 1))
            {
                break;
            }

            point = frequency.Step(point, 1);
        }

        return [.. points];
    }

    /// <summary>Values at points.</summary>
    /// <param name="points">The points, rising.</param>
    /// <param name="dates">The stamps, rising.</param>
    /// <param name="values">The values at the stamps; those that are missing are passed over.</param>
    /// <param name="method">How.</param>
    /// <param name="longest">The longest distance between the neighbours of a point, or to the one it takes; beyond, it is
    /// missing.</param>
    internal static double[] Read(DateTime[] points, DateTime[] dates, double[] values, GridMethod method, TimeSpan longest)
    {
        int[] seen = [.. Enumerable.Range(0, values.Length).Where(row => !double.IsNaN(values[row]))];
        var read = new double[points.Length];
        int after = 0;
        for (int i = 0; i < points.Length; i++)
        {
            while (after < seen.Length && dates[seen[after]] < points[i])
            {
                after++;
            }

            read[i] = At(points[i], after > 0 ? seen[after - 1] : -1, after < seen.Length ? seen[after] : -1);
        }

        return read;

        double At(DateTime point, int before, int next)
        {
            if (next >= 0 && dates[next] == point)
            {
                return values[next];
            }

            TimeSpan left = before < 0 ? TimeSpan.MaxValue : point - dates[before];
            TimeSpan right = next < 0 ? TimeSpan.MaxValue : dates[next] - point;
            if (method == GridMethod.Linear)
            {
                double share = left / (left + (before < 0 || next < 0 ? TimeSpan.Zero : right));
                return before < 0 || next < 0 || left + right > longest ? double.NaN
                    : (values[before] * (1 - share)) + (values[next] * share);
            }

            bool takesNext = method == GridMethod.Nearest && right < left;
            return (takesNext ? right : left) > longest || (!takesNext && before < 0) ? double.NaN
                : values[takesNext ? next : before];
        }
    }
}
