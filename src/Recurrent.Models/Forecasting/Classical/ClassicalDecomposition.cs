using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>
/// Classical seasonal decomposition: a centred moving average over a season as the trend, and the mean of what it leaves,
/// phase by phase, as the season. And the test whether there is one, as forecasting competitions have used it.
/// </summary>
public static class ClassicalDecomposition
{
    // The 95 % point of the normal distribution: a test of 10 %, both sides.
    private const double Critical = 1.6448536269514722;

    /// <summary>
    /// Whether the autocorrelation at the lag of a season m is larger than chance makes it in one of ten series without one:
    /// <c>|r_m| &gt; 1.645 √((1 + 2 Σ_{k&lt;m} r_k²) / n)</c>. A series shorter than three seasons is not called seasonal.
    /// </summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps.</param>
    public static bool IsSeasonal(ReadOnlySpan<double> values, int season) => IsSeasonal(values, season, 3 * (long)season);

    /// <summary>The same for a series that must have a least number of values.</summary>
    internal static bool IsSeasonal(ReadOnlySpan<double> values, int season, long least)
    {
        int n = values.Length;
        if (season < 2 || n < least)
        {
            return false;
        }

        double mean = 0;
        foreach (double value in values)
        {
            mean += value / n;
        }

        double squares = 1, total = Products(values, mean, 0), last = 0;
        if (!(total > 0) || !double.IsFinite(total))
        {
            return false;
        }

        for (int lag = 1; lag <= season; lag++)
        {
            last = Products(values, mean, lag) / total;
            squares += lag < season ? 2 * last * last : 0;
        }

        return Math.Abs(last) > Critical * Math.Sqrt(squares / n);
    }

    /// <summary>
    /// The season of every phase, beginning with the first value's: factors with mean 1 where they multiply, summands with mean 0
    /// where not.
    /// </summary>
    /// <param name="values">The series, oldest first, at least two seasons of it.</param>
    /// <param name="season">Length of a season in steps.</param>
    /// <param name="multiplicative">Whether the season multiplies.</param>
    /// <exception cref="ArgumentException">The series is shorter than two seasons; or its mean over one is not above 0
    /// and the season multiplies.</exception>
    public static double[] Seasons(ReadOnlySpan<double> values, int season, bool multiplicative)
    {
        SeasonCheck.Require(values.Length, season, season);
        int n = values.Length, half = season / 2;
        double ends = season % 2 == 0 ? 0.5 : 1;
        var sums = new double[season];
        var counts = new int[season];
        for (int t = half; t < n - half; t++)
        {
            double trend = ends * (values[t - half] + values[t + half]) / season;
            for (int k = t - half + 1; k < t + half; k++)
            {
                trend += values[k] / season;
            }

            trend = season == 1 ? values[t] : trend;
            if (multiplicative && !(trend > 0))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The mean of a season around value {t} is {trend}, but a season that multiplies needs a level above 0. ")
                    + "Add an offset to all values, or let the season be added.", nameof(values));
            }

            double left = multiplicative ? values[t] / trend : values[t] - trend;
            sums[t % season] += left;
            counts[t % season]++;
        }

        double mean = 0;
        for (int i = 0; i < season; i++)
        {
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : multiplicative ? 1 : 0;
            mean += sums[i] / season;
        }

        for (int i = 0; i < season; i++)
        {
            sums[i] = multiplicative ? sums[i] / mean : sums[i] - mean;
        }

        return sums;
    }

    /// <summary>
    /// Takes the season out of a series that the test calls seasonal: by division where every value is above 0, else by
    /// subtraction. Gives null, and leaves the series as it is, where there is none, or a factor is nearly 0.
    /// </summary>
    /// <param name="values">The series; receives it without its season.</param>
    /// <param name="season">Length of a season in steps.</param>
    /// <param name="least">How many values a series must have to be called seasonal.</param>
    internal static SeasonalPattern? TakeOut(Span<double> values, int season, long least)
    {
        if (!IsSeasonal(values, season, Math.Max(least, 2L * season)))
        {
            return null;
        }

        bool multiply = true;
        foreach (double value in values)
        {
            multiply &= value > 0;
        }

        var pattern = new SeasonalPattern(Seasons(values, season, multiply), multiply);
        if (multiply && !Array.TrueForAll(pattern.Phases, phase => phase >= 1e-4))
        {
            return null;
        }

        for (int t = 0; t < values.Length; t++)
        {
            values[t] = pattern.Without(values[t], t);
        }

        return pattern;
    }

    private static double Products(ReadOnlySpan<double> values, double mean, int lag)
    {
        double sum = 0;
        for (int t = lag; t < values.Length; t++)
        {
            sum += (values[t] - mean) * (values[t - lag] - mean);
        }

        return sum;
    }
}

/// <summary>The season of every phase, and how it enters.</summary>
/// <param name="Phases">Factors or summands, beginning with the first value's.</param>
/// <param name="Multiplies">Whether they multiply.</param>
internal sealed record SeasonalPattern(double[] Phases, bool Multiplies)
{
    /// <summary>A value without its season.</summary>
    internal double Without(double value, long time) =>
        Multiplies ? value / Phases[(int)(time % Phases.Length)] : value - Phases[(int)(time % Phases.Length)];

    /// <summary>A value with its season.</summary>
    internal double With(double value, long time) =>
        Multiplies ? value * Phases[(int)(time % Phases.Length)] : value + Phases[(int)(time % Phases.Length)];

    /// <summary>Writes a pattern, or that there is none, into a state.</summary>
    internal static void Write(SeasonalPattern? pattern, Config state)
    {
        state.Add("phases", pattern is null ? null : StoredState.Pack(pattern.Phases));
        state.Add("multiplies", pattern?.Multiplies);
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static SeasonalPattern? Read(ConfigReader reader)
    {
        bool multiplies = reader.Bool("multiplies", false);
        if (!reader.Has("phases"))
        {
            _ = reader.Raw("phases");
            return null;
        }

        var pattern = new SeasonalPattern(StoredState.Numbers(reader, "phases", 1), multiplies);
        EtsModel.Require(reader, "phases", !multiplies || Array.TrueForAll(pattern.Phases, phase => phase > 0));
        return pattern;
    }
}
