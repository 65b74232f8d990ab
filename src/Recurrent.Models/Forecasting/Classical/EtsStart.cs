namespace Recurrent.Forecasting;

/// <summary>How the first states of an exponential smoothing model are found.</summary>
public enum EtsInitial
{
    /// <summary>With the smoothing parameters, by the likelihood.</summary>
    Estimated,

    /// <summary>
    /// From the beginning of the series, by a straight line and classical seasons, before the smoothing parameters are estimated:
    /// less likely, and often the better forecast, because the first values cannot be followed too closely.
    /// </summary>
    Simple,
}

/// <summary>Where the search for an exponential smoothing model begins: first states from the beginning of the series.</summary>
internal static class EtsStart
{
    /// <summary>Writes first states into the variables of an objective.</summary>
    internal static void States(EtsForm form, EtsObjective objective, ReadOnlySpan<double> values, int season, Span<double> x)
    {
        bool multiply = form.Season == EtsComponent.Multiplicative;
        double[] seasons = form.HasSeason ? Seasons(values, season, multiply) : [];
        int count = Math.Min(values.Length, form.HasSeason ? Math.Max(10, 2 * season) : 10);
        var adjusted = new double[count];
        for (int t = 0; t < count; t++)
        {
            adjusted[t] = !form.HasSeason ? values[t]
                : multiply ? values[t] / seasons[t % season] : values[t] - seasons[t % season];
        }

        (double level, double slope) = Line(adjusted, form.HasTrend);
        level -= slope;
        if (form.Trend == EtsComponent.Multiplicative)
        {
            double factor = level > 0 ? 1 + (slope / level) : 1;
            slope = factor > 0.1 && factor < 10 ? factor : 1;
        }

        if (form.NeedsPositive && !(level > 0))
        {
            // A line that begins below 0: flat instead.
            (level, double flat) = Line(adjusted, false);
            slope = form.Trend == EtsComponent.Multiplicative ? 1 : flat;
        }

        x[objective.LevelPlace] = level;
        if (form.HasTrend)
        {
            x[objective.SlopePlace] = slope;
        }

        for (int i = 1; i < seasons.Length; i++)
        {
            x[objective.FirstSeason + i - 1] = seasons[i];
        }
    }

    /// <summary>First states that any series above 0 can be smoothed from: its mean, no trend, no season.</summary>
    internal static void Neutral(EtsForm form, EtsObjective objective, ReadOnlySpan<double> values, Span<double> x)
    {
        (x[objective.LevelPlace], _) = Line(values, false);
        if (form.HasTrend)
        {
            x[objective.SlopePlace] = form.Trend == EtsComponent.Multiplicative ? 1 : 0;
        }

        x[objective.FirstSeason..].Fill(form.Season == EtsComponent.Multiplicative ? 1 : 0);
    }

    private static double[] Seasons(ReadOnlySpan<double> values, int season, bool multiply)
    {
        if (values.Length >= 2 * season)
        {
            double[] seasons = ClassicalDecomposition.Seasons(values, season, multiply);
            if (multiply)
            {
                // Room for the search; the sum stays what it is by the oldest one.
                Floor(seasons);
            }

            return seasons;
        }

        (double level, double slope) = Line(values, true);
        var left = new double[season];
        for (int t = 0; t < season; t++)
        {
            double trend = level + (slope * t);
            left[t] = !multiply ? values[t] - trend : trend > 0 ? values[t] / trend : 1;
        }

        double mean = left.Average();
        for (int t = 0; t < season; t++)
        {
            left[t] = multiply ? left[t] / mean : left[t] - mean;
        }

        if (multiply)
        {
            Floor(left);
        }

        return left;
    }

    private static void Floor(Span<double> seasons)
    {
        double mean = 0;
        for (int i = 0; i < seasons.Length; i++)
        {
            seasons[i] = Math.Max(seasons[i], 0.01);
            mean += seasons[i] / seasons.Length;
        }

        for (int i = 0; i < seasons.Length; i++)
        {
            seasons[i] /= mean;
        }
    }

    /// <summary>Intercept and slope of the straight line through values, or their mean.</summary>
    internal static (double Level, double Slope) Line(ReadOnlySpan<double> values, bool sloping)
    {
        double n = values.Length, mean = 0, moment = 0;
        for (int t = 0; t < values.Length; t++)
        {
            mean += values[t] / n;
        }

        for (int t = 0; t < values.Length; t++)
        {
            moment += (t - ((n - 1) / 2)) * (values[t] - mean);
        }

        double slope = sloping && n > 1 ? moment / (n * ((n * n) - 1) / 12) : 0;
        return (mean - (slope * (n - 1) / 2), slope);
    }
}
