namespace Recurrent.Forecasting;

/// <summary>
/// Where forecasts that look back on forecasts stay: within three deviations of the series around what its last steps held, and
/// as much further as these moved in the same time. A network whose steps grow a little each time, as a linear part with a root
/// above 1 does, would run away else.
/// </summary>
/// <param name="Low">The lowest of the last steps, on the scale of the series.</param>
/// <param name="High">The highest of them.</param>
/// <param name="Steps">How many steps lie between the first and the last of them.</param>
/// <param name="Scale">The scale.</param>
internal readonly record struct RecursionBounds(double Low, double High, int Steps, SeriesScale Scale)
{
    private const double Deviations = 3;

    /// <summary>The bounds behind some steps.</summary>
    /// <param name="past">The steps, NaN where missing.</param>
    /// <param name="scale">The scale of the series.</param>
    internal static RecursionBounds Of(double[] past, SeriesScale scale) =>
        Of(Array.ConvertAll(past, value => double.IsFinite(value) ? scale.Forward(value) : Real.NaN), scale);

    /// <summary>The bounds behind some steps on the scale of the series.</summary>
    /// <param name="past">The steps, NaN where missing.</param>
    /// <param name="scale">The scale.</param>
    internal static RecursionBounds Of(ReadOnlySpan<Real> past, SeriesScale scale)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (Real z in past)
        {
            low = z < low ? z : low;
            high = z > high ? z : high;
        }

        return low <= high ? new(low, high, Math.Max(1, past.Length - 1), scale) : new(0, 0, 1, scale);
    }

    /// <summary>Brings the last steps of a forecast within the bounds: their points, and their quantiles within three deviations
    /// more.</summary>
    /// <param name="forecast">The forecast, from the first step behind what was seen.</param>
    /// <param name="first">The first step to look at.</param>
    internal void Hold(BlockForecast forecast, int first)
    {
        int levels = QuantileGrid.Levels.Count;
        for (int step = first; step < forecast.Point.Length; step++)
        {
            double reach = ReachOf(step);
            forecast.Point[step] = Math.Clamp(forecast.Point[step], Scale.Back(Low - reach), Scale.Back(High + reach));
            foreach (ref double quantile in forecast.Quantiles.AsSpan(step * levels, levels))
            {
                quantile = Math.Clamp(quantile, Scale.Back(Low - reach - Deviations), Scale.Back(High + reach + Deviations));
            }
        }
    }

    /// <summary>A step of a path, on the scale of the series, within the bounds of quantiles.</summary>
    /// <param name="z">The step.</param>
    /// <param name="before">How many steps lie between it and what was seen.</param>
    internal double Held(double z, int before)
    {
        double reach = ReachOf(before) + Deviations;
        return Math.Clamp(z, Low - reach, High + reach);
    }

    private double ReachOf(int before) => Deviations + ((High - Low) * (before + 1) / Steps);
}
