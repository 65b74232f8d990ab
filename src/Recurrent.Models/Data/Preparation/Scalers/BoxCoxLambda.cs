using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>The λ of a <see cref="BoxCoxTransform"/> that suits a series.</summary>
public static class BoxCoxLambda
{
    /// <summary>
    /// The λ for which the spread of parts of the series depends least on their level: the least coefficient of variation of
    /// sᵢ / mᵢ^(1−λ) over parts of a season's length. R's <c>BoxCox.lambda(method = "guerrero")</c>.
    /// </summary>
    /// <remarks>V. M. Guerrero, "Time-series analysis supported by power transformations", Journal of Forecasting 12
    /// (1993).</remarks>
    /// <param name="values">The series; missing values, NaN, are left out.</param>
    /// <param name="season">Length of a season; 1 for none, which takes parts of 2 values.</param>
    /// <param name="lower">Least λ.</param>
    /// <param name="upper">Greatest λ.</param>
    /// <returns>λ; 1 where the series is too short to say.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or a value is infinite.</exception>
    public static double Guerrero(ReadOnlySpan<double> values, int season = 1, double lower = -1, double upper = 2)
    {
        Check(values, season, lower, upper);
        int length = Math.Max(2, season);
        int parts = values.Length / length;
        int first = values.Length - (parts * length);
        var means = new List<double>(parts);
        var deviations = new List<double>(parts);
        double unit = Unit(values);
        for (int part = 0; part < parts; part++)
        {
            if (MomentsOf(values.Slice(first + (part * length), length), unit) is var (mean, deviation))
            {
                means.Add(mean);
                deviations.Add(deviation);
            }
        }

        // Levels of 0 or below have no power, and without spread any λ is as good.
        return means.Count < 2 || means.Exists(mean => mean <= 0) || deviations.TrueForAll(deviation => deviation == 0)
            ? 1
            : LineSearch.Minimum(lambda => Variation(means, deviations, lambda), lower, upper);
    }

    /// <summary>
    /// The λ under which the series, less its trend and season, is most like white noise of a normal distribution: the greatest
    /// profile log-likelihood −n/2·log σ²(λ) + (λ − 1)·Σ log y of a linear trend with a mean for each place in the season.
    /// </summary>
    /// <param name="values">The series, all values above 0; missing values, NaN, are left out.</param>
    /// <param name="season">Length of a season; 1 for none.</param>
    /// <param name="lower">Least λ.</param>
    /// <param name="upper">Greatest λ.</param>
    /// <returns>λ; 1 where the series is too short to say.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or a value is infinite or not above 0.</exception>
    public static double MaximumLikelihood(ReadOnlySpan<double> values, int season = 1, double lower = -1, double upper = 2)
    {
        Check(values, season, lower, upper);
        int[] known = [.. Enumerable.Range(0, values.Length).Where(Known(values))];
        double[] given = [.. values];
        ValueCheck.Require(values, RefuseForLikelihood, ValueCheck.Given);

        int means = known.Length >= 3 * season ? season : 1;
        if (known.Length < means + 3)
        {
            return 1;
        }

        double unit = Unit(values);
        double[] logs = [.. known.Select(i => Math.Log(given[i] / unit))];
        double sum = logs.Sum();
        return LineSearch.Minimum(
            lambda =>
            {
                double[] z = [.. logs.Select(log => Math.Abs(lambda) < 1e-9 ? log : (Math.Exp(lambda * log) - 1) / lambda)];
                double rest = SquaresAroundTrend(z, known, means);
                return (known.Length / 2.0 * Math.Log(Math.Max(rest, double.Epsilon) / known.Length)) - ((lambda - 1) * sum);
            },
            lower,
            upper);
    }

    /// <summary>Why a value has no likelihood; null where it has one.</summary>
    internal static string? RefuseForLikelihood(double value) => value > 0
        ? null
        : "The likelihood of λ needs values above 0. Add an offset to all, take λ by Guerrero's method, or give one above 0.";

    private static Func<int, bool> Known(ReadOnlySpan<double> values)
    {
        double[] copy = [.. values];
        return i => !double.IsNaN(copy[i]);
    }

    private static void Check(ReadOnlySpan<double> values, int season, double lower, double upper)
    {
        new OptionCheck(nameof(BoxCoxLambda))
            .Positive(nameof(season), season)
            .Finite(nameof(lower), lower)
            .Finite(nameof(upper), upper)
            .Require(lower < upper, FormattableString.Invariant($"lower must be below upper, but they are {lower} and {upper}"))
            .ThrowIfAny();
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsInfinity(values[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"Value {i} is {values[i]}: clip it."), nameof(values));
            }
        }
    }

    /// <summary>A power of two near the values: λ does not depend on the unit.</summary>
    private static double Unit(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, double.IsNaN(value) ? 0 : Math.Abs(value));
        }

        return largest > 0 ? Math.ScaleB(1, Math.Clamp(Math.ILogB(largest), -1022, 1023)) : 1;
    }

    private static (double Mean, double Deviation)? MomentsOf(ReadOnlySpan<double> part, double unit)
    {
        double sum = 0;
        int count = 0;
        foreach (double value in part)
        {
            sum += double.IsNaN(value) ? 0 : value / unit;
            count += double.IsNaN(value) ? 0 : 1;
        }

        if (count < 2)
        {
            return null;
        }

        double mean = sum / count;
        double squares = 0;
        foreach (double value in part)
        {
            squares += double.IsNaN(value) ? 0 : ((value / unit) - mean) * ((value / unit) - mean);
        }

        return (mean, Math.Sqrt(squares / (count - 1)));
    }

    private static double Variation(List<double> means, List<double> deviations, double lambda)
    {
        double[] ratios = [.. means.Select((mean, i) => deviations[i] / Math.Pow(mean, 1 - lambda))];
        double mean = ratios.Average();
        return Math.Sqrt(ratios.Sum(ratio => (ratio - mean) * (ratio - mean)) / (ratios.Length - 1)) / mean;
    }

    /// <summary>Sum of squares around a line with a level for each place in the season.</summary>
    private static double SquaresAroundTrend(double[] values, int[] places, int season)
    {
        // Centred within each place of the season, what is left of values and time needs one slope.
        var count = new double[season];
        var time = new double[season];
        var level = new double[season];
        for (int i = 0; i < values.Length; i++)
        {
            int place = places[i] % season;
            count[place]++;
            time[place] += places[i];
            level[place] += values[i];
        }

        (double yy, double ty, double tt) = (0, 0, 0);
        for (int i = 0; i < values.Length; i++)
        {
            int place = places[i] % season;
            double y = values[i] - (level[place] / count[place]);
            double t = places[i] - (time[place] / count[place]);
            (yy, ty, tt) = (yy + (y * y), ty + (t * y), tt + (t * t));
        }

        return tt > 0 ? yy - (ty * ty / tt) : yy;
    }
}
