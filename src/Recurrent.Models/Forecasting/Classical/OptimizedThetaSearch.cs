using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>What makes the squared errors of the optimised Theta model least.</summary>
/// <param name="Squares">The sum of squares from the third value on.</param>
/// <param name="Alpha">α.</param>
/// <param name="Share">1 − 1/θ.</param>
/// <param name="First">ℓ₀.</param>
internal readonly record struct OptimizedThetaSearch(double Squares, double Alpha, double Share, double First)
{
    private const double LeastAlpha = 0.1, MostAlpha = 0.99;

    /// <summary>Searches for it.</summary>
    internal static OptimizedThetaSearch Of(double[] adjusted)
    {
        // Coarse, then finer around the best: the sum of squares may have several valleys.
        var best = new OptimizedThetaSearch(double.PositiveInfinity, 0.5, 0, adjusted[0]);
        double low = LeastAlpha, high = MostAlpha;
        for (int round = 0; round < 4; round++)
        {
            const int Cells = 12;
            double width = (high - low) / Cells;
            for (int i = 0; i <= Cells; i++)
            {
                OptimizedThetaSearch solution = Solve(adjusted, low + (i * width));
                best = solution.Squares < best.Squares ? solution : best;
            }

            (low, high) = (Math.Max(LeastAlpha, best.Alpha - width), Math.Min(MostAlpha, best.Alpha + width));
        }

        return best;
    }

    private static OptimizedThetaSearch Solve(double[] adjusted, double alpha)
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

            line = line.After(adjusted[t]);
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
}

/// <summary>Level and straight line after the values so far.</summary>
internal readonly record struct ThetaLine
{
    internal ThetaLine(double alpha, double first)
    {
        Alpha = alpha;
        Level = first;
        Fading = 1;
    }

    internal double Alpha { get; }

    internal double Level { get; private init; }

    /// <summary>Number of values.</summary>
    internal long Count { get; private init; }

    /// <summary>What θ weighs in the next step.</summary>
    internal double Ahead => (Fading * (Mean - ((Count + 1) / 2.0 * Slope))) + ((1 - (Fading * (1 - Alpha))) / Alpha * Slope);

    private double Mean { get; init; }

    private double Slope { get; init; }

    /// <summary>(1 − α)ᵗ.</summary>
    private double Fading { get; init; }

    /// <summary>The same after one more value.</summary>
    internal ThetaLine After(double value)
    {
        double count = Count + 1;
        return this with
        {
            Count = Count + 1,
            Level = Level + (Alpha * (value - Level)),
            Slope = Count == 0 ? 0 : (((count - 2) * Slope) + (6 / count * (value - Mean))) / (count + 1),
            Mean = Mean + ((value - Mean) / count),
            Fading = Fading * (1 - Alpha),
        };
    }

    internal void Write(Config state)
    {
        state.Add("alpha", Alpha);
        state.Add("level", Level);
        state.Add("count", Count);
        state.Add("mean", Mean);
        state.Add("slope", Slope);
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="ConfigException">It is something else.</exception>
    internal static ThetaLine Read(ConfigReader reader)
    {
        double alpha = reader.Double("alpha");
        EtsModel.Require(reader, "alpha", alpha is > 0 and < 1);
        long count = LocalFits.Counted(reader, "count");
        return new(alpha, reader.Double("level"))
        {
            Count = count,
            Mean = reader.Double("mean"),
            Slope = reader.Double("slope"),
            Fading = Math.Pow(1 - alpha, count),
        };
    }
}
