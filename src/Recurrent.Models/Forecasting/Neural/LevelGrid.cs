namespace Recurrent.Forecasting;

/// <summary>From a few quantiles to those of <see cref="QuantileGrid.Levels"/>.</summary>
internal static class LevelGrid
{
    /// <summary>Quantiles at the levels of the grid: linear in Φ⁻¹(p) between two that are given, and beyond the outer ones as
    /// between the outer two. Those that cross are put in order.</summary>
    /// <param name="levels">The levels that are given, ascending.</param>
    /// <param name="given">The quantiles at these levels.</param>
    /// <param name="target">Receives one for each of <see cref="QuantileGrid.Levels"/>.</param>
    /// <returns>The median.</returns>
    public static double Widen(IReadOnlyList<double> levels, ReadOnlySpan<Real> given, Span<double> target)
    {
        Span<double> sorted = stackalloc double[given.Length];
        Span<double> places = stackalloc double[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            sorted[i] = given[i];
            places[i] = Gaussian.Quantile(levels[i]);
        }

        sorted.Sort();
        int upper = 1;
        for (int i = 0; i < target.Length; i++)
        {
            double place = QuantileGrid.NormalScores[i];
            while (upper < places.Length - 1 && places[upper] < place)
            {
                upper++;
            }

            double share = (place - places[upper - 1]) / (places[upper] - places[upper - 1]);
            target[i] = sorted[upper - 1] + (share * (sorted[upper] - sorted[upper - 1]));
        }

        return target[target.Length / 2];
    }

    /// <summary>The quantiles of an even mixture of distributions, each given by its quantiles.</summary>
    /// <param name="mixed">The quantiles of all, which are put in order.</param>
    /// <param name="count">Number of distributions.</param>
    /// <param name="target">Receives the quantiles of the mixture.</param>
    public static void Mix(double[] mixed, int count, Span<double> target)
    {
        // Each quantile stands for the probability between the middles to its neighbours.
        IReadOnlyList<double> levels = QuantileGrid.Levels;
        var weights = new double[mixed.Length];
        for (int i = 0; i < mixed.Length; i++)
        {
            int level = i % levels.Count;
            double low = level == 0 ? 0 : (levels[level - 1] + levels[level]) / 2;
            double high = level == levels.Count - 1 ? 1 : (levels[level] + levels[level + 1]) / 2;
            weights[i] = (high - low) / count;
        }

        Array.Sort(mixed, weights);
        double below = 0;
        int next = 0;
        for (int i = 0; i < target.Length; i++)
        {
            // The middle of each one's share is where it is the quantile.
            while (next < mixed.Length - 1 && below + (weights[next] / 2) < levels[i])
            {
                below += weights[next++];
            }

            double place = below + (weights[next] / 2);
            if (next == 0 || place <= levels[i])
            {
                target[i] = mixed[next];
                continue;
            }

            double before = below - (weights[next - 1] / 2);
            double share = (levels[i] - before) / (place - before);
            target[i] = mixed[next - 1] + (share * (mixed[next] - mixed[next - 1]));
        }
    }
}
