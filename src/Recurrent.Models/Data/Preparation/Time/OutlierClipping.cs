using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>
/// Clips outliers of the training part: values whose remainder, after trend and seasons (robust STL), lies farther outside the
/// quartiles than a few times their distance. What comes later is left as it is.
/// </summary>
/// <remarks>
/// Outliers are found much as R's <c>tsoutliers</c> finds them; a season counts where its strength, with the outliers clipped, is
/// at least 0.6. Missing values stay missing. <see cref="Preparation.Inverse(TimeSeries)"/> of the training part brings the
/// outliers back.
/// </remarks>
public sealed class OutlierClipping : VariablePreparation
{
    private const double LeastStrength = 0.6;

    /// <summary>Creates the preparation.</summary>
    /// <param name="factor">How many times the distance between the quartiles; above 0, 3 by default.</param>
    /// <param name="seasons">Lengths of the seasons in steps, each at least 2; null takes those of the series' frequency, if it
    /// has some.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public OutlierClipping(double factor = 3, IReadOnlyList<int>? seasons = null, IReadOnlyList<string>? variables = null)
        : base(variables)
    {
        new OptionCheck(nameof(OutlierClipping)).Above(nameof(factor), factor, 0).Check(seasons).ThrowIfAny();
        Factor = factor;
        Seasons = seasons is null ? null : [.. seasons];
    }

    /// <summary>How many times the distance between the quartiles.</summary>
    public double Factor { get; }

    /// <summary>Lengths of the seasons in steps; null for those of the frequency.</summary>
    public IReadOnlyList<int>? Seasons { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(OutlierClipping);

    /// <summary>The outliers of a series.</summary>
    /// <param name="values">The series, at least 3 values; NaN where one is missing, which is none.</param>
    /// <param name="seasons">Lengths of its seasons in steps; empty for none.</param>
    /// <param name="factor">How many times the distance between the quartiles; above 0.</param>
    /// <returns>Place of each outlier and the value at the bound, which it exceeds.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or fewer than 3 values are there.</exception>
    public static IReadOnlyList<(int Place, double Bound)> Find(
        ReadOnlySpan<double> values, IReadOnlyList<int> seasons, double factor = 3)
    {
        new OptionCheck(nameof(OutlierClipping)).Above(nameof(factor), factor, 0).ThrowIfAny();
        double[] filled = FillMissing.Linear(values);
        double[] given = [.. values];
        Decomposition parts = Mstl.Decompose(filled, seasons, robust: true);
        (double Least, double Most) bounds = Bounds(parts, given, factor);
        if (parts.Seasons.Count > 0 && !IsSeasonal(parts, bounds))
        {
            parts = Mstl.Decompose(filled, [], robust: true);
            bounds = Bounds(parts, given, factor);
        }

        return
        [
            .. from i in Enumerable.Range(0, given.Length)
               where !double.IsNaN(given[i])
               let bound = Math.Clamp(parts.Remainder[i], bounds.Least, bounds.Most)
               where bound != parts.Remainder[i]
               select (i, parts.Trend[i] + parts.Seasonal[i] + bound),
        ];
    }

    /// <summary>Between which remainders a value is none.</summary>
    private static (double Least, double Most) Bounds(Decomposition parts, double[] given, double factor)
    {
        double[] sorted = [.. parts.Remainder.Where((_, i) => !double.IsNaN(given[i]))];
        Array.Sort(sorted);
        double low = OrderStatistics.Quantile(sorted, 0.25);
        double high = OrderStatistics.Quantile(sorted, 0.75);

        // What rounding leaves of a series without noise is no outlier.
        double noise = 1e-9 * given.Where(value => !double.IsNaN(value)).Max(Math.Abs);
        return (low - (factor * (high - low)) - noise, high + (factor * (high - low)) + noise);
    }

    /// <summary>Whether a season is strong; outliers count as the bounds, or they would hide it.</summary>
    private static bool IsSeasonal(Decomposition parts, (double Least, double Most) bounds)
    {
        double[] clipped = [.. parts.Remainder.Select(value => Math.Clamp(value, bounds.Least, bounds.Most))];
        var calm = new Decomposition(parts.Seasons, parts.Seasonals, parts.Trend, clipped, parts.Weights);
        return Enumerable.Range(0, parts.Seasons.Count).Any(season => calm.SeasonalStrength(season) >= LeastStrength);
    }

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("factor", Factor);
        config.Add("seasons", Seasons);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable)
    {
        ArgumentNullException.ThrowIfNull(series);
        IReadOnlyList<(int Place, double Bound)> found = training.Length < 3 ? []
            : Find(training, Seasons ?? series.Frequency?.Seasons.Where(season => season > 1).ToArray() ?? [], Factor);
        double[] values = [.. training];
        return new Fitted(
            [.. found.Select(one => one.Place)], [.. found.Select(one => values[one.Place])],
                [.. found.Select(one => one.Bound)]);
    }

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int[] places = [.. state.Ints("places")];
        return new Fitted(
            places,
            PreparationNames.Numbers(ClassName, state, "outliers", places.Length),
            PreparationNames.Numbers(ClassName, state, "clipped", places.Length));
    }

    private sealed class Fitted(int[] places, double[] outliers, double[] clipped) : FittedVariable
    {
        public override double[] Transform(ReadOnlySpan<double> values, int place) => Swap(values, place, outliers, clipped);

        public override double[] Inverse(ReadOnlySpan<double> values, int place) => Swap(values, place, clipped, outliers);

        public override Config GetState() => new() { { "places", places }, { "outliers", outliers }, { "clipped", clipped } };

        private double[] Swap(ReadOnlySpan<double> values, int place, double[] from, double[] to)
        {
            double[] result = [.. values];
            for (int i = 0; i < places.Length; i++)
            {
                // Forecasts of the past, which are not what was clipped, stay.
                int at = places[i] - place;
                if (at >= 0 && at < result.Length && Math.Abs(result[at] - from[i]) <= 1e-9 * Math.Abs(from[i]))
                {
                    result[at] = to[i];
                }
            }

            return result;
        }
    }
}
