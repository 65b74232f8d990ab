using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>
/// The dynamic optimised Theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, "Models for optimising the theta
/// method and their relationship to state space models", 2016), of the seasonally adjusted series:
/// <c>μ_t = ℓ_{t−1} + (1 − 1/θ)·((1 − α)^{t−1} A_{t−1} + (1 − (1 − α)^t)/α · B_{t−1})</c>, ℓ_t = αy_t + (1 − α)ℓ_{t−1}, with A and B
/// the intercept and slope of the straight line through the values so far.
/// </summary>
/// <remarks>
/// ℓ₀, α in [0.1, 0.99] and θ ≥ 1 make the sum of squares from the third value on least. For a given α the forecasts are linear in
/// ℓ₀ and 1 − 1/θ, which are solved for; α is searched for.
/// </remarks>
public sealed class OptimizedThetaModel
{
    private const double LeastAlpha = 0.1, MostAlpha = 0.99;

    private readonly double[] adjusted;
    private readonly SeasonalPattern? pattern;
    private readonly int exponent;
    private readonly double share;
    private readonly double first;

    private OptimizedThetaModel(double[] adjusted, SeasonalPattern? pattern, int exponent, Solution solution)
    {
        this.adjusted = adjusted;
        this.pattern = pattern;
        this.exponent = exponent;
        (Alpha, share, first) = (solution.Alpha, solution.Share, solution.First);
        Variance = solution.Squares / Math.Max(1, adjusted.Length - 3);
    }

    /// <summary>α: how much of the newest value the level takes.</summary>
    public double Alpha { get; }

    /// <summary>θ: 1 leaves no trend, 2 half of the line's, and the greater the more of it; may be infinite.</summary>
    public double Theta => 1 / (1 - share);

    /// <summary>The level ℓ₀ before the first value.</summary>
    public double InitialLevel => Math.ScaleB(first, exponent);

    /// <summary>Whether a season was taken out.</summary>
    public bool IsSeasonal => pattern is not null;

    private double Variance { get; }

    /// <summary>What was forecast for each value from those before it; the first is its own.</summary>
    public double[] Fitted
    {
        get
        {
            var fitted = new double[adjusted.Length];
            var line = new ThetaLine(Alpha, first);
            for (int t = 0; t < fitted.Length; t++)
            {
                double forecast = t == 0 ? adjusted[0] : line.Level + (share * line.Ahead);
                fitted[t] = Restored(forecast, t);
                line.Learn(adjusted[t]);
            }

            return fitted;
        }
    }

    /// <summary>Fits the model.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none. It is taken out, by classical decomposition, where
    /// the autocorrelation at its lag is significant and the series is longer than two of them.</param>
    /// <exception cref="ArgumentException">A value is missing.</exception>
    public static OptimizedThetaModel Fit(ReadOnlySpan<double> values, int season = 1)
    {
        EtsModel.Check(values, season);
        int exponent = Magnitude.Exponent(values);
        double[] adjusted = EtsModel.Scaled(values, exponent);
        SeasonalPattern? pattern = ClassicalDecomposition.TakeOut(adjusted, season, (2L * season) + 1);
        return new(adjusted, pattern, exponent, Search(adjusted));
    }

    /// <summary>Forecasts the steps after the last value; each is taken for a value by the next.</summary>
    /// <param name="horizon">Number of steps.</param>
    public double[] Forecast(int horizon)
    {
        double[] forecast = Path(horizon, -1, 0);
        for (int h = 0; h < horizon; h++)
        {
            forecast[h] = Restored(forecast[h], adjusted.Length + h);
        }

        return forecast;
    }

    /// <summary>
    /// Quantiles of every step to come, one row for each: normal, because forecasts are linear in the errors; how far an error
    /// carries into later steps is followed through the recursion. A season that multiplies widens them where it is high.
    /// </summary>
    /// <param name="horizon">Number of steps.</param>
    /// <param name="levels">Probabilities, above 0 and below 1.</param>
    public double[][] Quantiles(int horizon, ReadOnlySpan<double> levels)
    {
        double[] center = Path(horizon, -1, 0);
        var spread = new double[horizon];
        for (int k = 0; k < horizon; k++)
        {
            double[] moved = Path(horizon, k, 1);
            for (int h = k; h < horizon; h++)
            {
                double effect = h == k ? 1 : moved[h] - center[h];
                spread[h] += effect * effect * Variance;
            }
        }

        var rows = new double[horizon][];
        for (int h = 0; h < horizon; h++)
        {
            rows[h] = new double[levels.Length];
            for (int i = 0; i < levels.Length; i++)
            {
                rows[h][i] = Restored(center[h] + (Math.Sqrt(spread[h]) * NormalCurve.Quantile(levels[i])),
                    adjusted.Length + h);
            }
        }

        return rows;
    }

    private static Solution Search(double[] adjusted)
    {
        // Coarse, then finer around the best: the sum of squares may have several valleys.
        var best = new Solution(double.PositiveInfinity, 0.5, 0, adjusted[0]);
        double low = LeastAlpha, high = MostAlpha;
        for (int round = 0; round < 4; round++)
        {
            const int Cells = 12;
            double width = (high - low) / Cells;
            for (int i = 0; i <= Cells; i++)
            {
                Solution solution = Solve(adjusted, low + (i * width));
                best = solution.Squares < best.Squares ? solution : best;
            }

            (low, high) = (Math.Max(LeastAlpha, best.Alpha - width), Math.Min(MostAlpha, best.Alpha + width));
        }

        return best;
    }

    private static Solution Solve(double[] adjusted, double alpha)
    {
        var line = new ThetaLine(alpha, 0);
        double fading = 1, aa = 0, ab = 0, bb = 0, ay = 0, by = 0, yy = 0;
        for (int t = 0; t < adjusted.Length; t++)
        {
            // y = level without ℓ₀ + fading · ℓ₀ + share · ahead.
            if (t >= 2)
            {
                double left = adjusted[t] - line.Level, ahead = line.Ahead;
                (aa, ab, bb) = (aa + (fading * fading), ab + (fading * ahead), bb + (ahead * ahead));
                (ay, by, yy) = (ay + (fading * left), by + (ahead * left), yy + (left * left));
            }

            line.Learn(adjusted[t]);
            fading *= 1 - alpha;
        }

        double best = double.PositiveInfinity, share = 0, first = adjusted[0];
        double determinant = (aa * bb) - (ab * ab);
        Span<double> shares = [0, 1, determinant > 1e-12 * aa * bb ? ((aa * by) - (ab * ay)) / determinant : 0];
        foreach (double candidate in shares)
        {
            if (candidate is < 0 or > 1)
            {
                continue;
            }

            double level = aa > 0 ? (ay - (candidate * ab)) / aa : adjusted[0];
            double squares = yy + (level * level * aa) + (candidate * candidate * bb)
                - (2 * ((level * ay) + (candidate * by) - (level * candidate * ab)));
            if (squares < best - 1e-15)
            {
                (best, share, first) = (Math.Max(0, squares), candidate, level);
            }
        }

        return new(best, alpha, share, first);
    }

    /// <summary>The forecasts' path, an error added to one of them before it is taken for a value.</summary>
    private double[] Path(int horizon, int place, double error)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        var line = new ThetaLine(Alpha, first);
        foreach (double value in adjusted)
        {
            line.Learn(value);
        }

        var path = new double[horizon];
        for (int h = 0; h < horizon; h++)
        {
            path[h] = line.Level + (share * line.Ahead);
            line.Learn(path[h] + (h == place ? error : 0));
        }

        return path;
    }

    private double Restored(double value, int time) =>
        EtsModel.Bounded(Math.ScaleB(pattern?.With(value, time) ?? value, exponent));

    private readonly record struct Solution(double Squares, double Alpha, double Share, double First);

    /// <summary>Level and straight line after the values so far.</summary>
    private struct ThetaLine(double alpha, double first)
    {
        private double count;
        private double mean;
        private double intercept;
        private double slope;
        private double fading = 1;

        internal double Level { get; private set; } = first;

        /// <summary>What θ weighs in the next step.</summary>
        internal readonly double Ahead =>
            (fading * intercept) + ((1 - (fading * (1 - alpha))) / alpha * slope);

        internal void Learn(double value)
        {
            count++;
            Level += alpha * (value - Level);
            slope = count == 1 ? 0 : (((count - 2) * slope) + (6 / count * (value - mean))) / (count + 1);
            mean += (value - mean) / count;
            intercept = mean - ((count + 1) / 2 * slope);
            fading *= 1 - alpha;
        }
    }
}
