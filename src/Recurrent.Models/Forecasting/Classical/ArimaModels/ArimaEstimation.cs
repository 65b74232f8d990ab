namespace Recurrent.Forecasting;

/// <summary>
/// Exact maximum likelihood of seasonal ARIMA models: a quasi-Newton search over the partial autocorrelations of φ, θ, Φ, Θ,
/// each kept within (−1, 1) by a hyperbolic tangent, so that every trial is stationary and invertible.
/// </summary>
internal static class ArimaEstimation
{
    /// <summary>Estimates a model; null where its likelihood has no value anywhere it was tried.</summary>
    /// <param name="problem">The series and its regressors.</param>
    /// <param name="order">The orders.</param>
    /// <param name="starts">Coefficients φ, θ, Φ, Θ to start from; the search starts from the likeliest of them.</param>
    /// <param name="tolerance">The search ends when a step promises less than this of log-likelihood.</param>
    /// <param name="every">Whether to search from every start and keep the best.</param>
    /// <param name="conditional">Whether the conditional sum of squares is enough.</param>
    /// <param name="radius">Where every start is searched from, the radius of the circle on or within which no root may lie: an
    /// optimum without such roots goes before one with them, however likely.</param>
    internal static ArimaEstimate? Estimate(
        ArimaProblem problem, ArimaOrder order, IReadOnlyList<double[]> starts, double tolerance, bool every = false,
        bool conditional = false, double radius = 0)
    {
        IArimaLikelihood likelihood = problem.Likelihood(order, conditional);
        var coefficients = new double[order.Coefficients];
        double Deviance(double[] free)
        {
            ToCoefficients(free, order, coefficients);
            return likelihood.Deviance(coefficients);
        }

        var search = new QuasiNewton(Deviance, coefficients.Length, tolerance, every ? 200 : 40);
        double[] best = new double[coefficients.Length];
        double least = double.PositiveInfinity;
        bool inside = true;
        IEnumerable<double[]> frees = starts.Select(start => ToFree(start, order)).Prepend(new double[coefficients.Length]);
        if (!every)
        {
            frees = [frees.MinBy(Deviance)!];
        }

        foreach (double[] start in frees)
        {
            search.Run(start, Math.Max(1, problem.Used));
            ToCoefficients(search.Point, order, coefficients);
            bool near = radius > 0 && NearUnitRoot(coefficients, order, radius);
            if (double.IsFinite(search.Value) && (near == inside ? search.Value < least : inside))
            {
                (least, best, inside) = (search.Value, search.Point, near);
            }

            if (coefficients.Length == 0)
            {
                break;
            }
        }

        if (!double.IsFinite(Deviance(best)))
        {
            return null;
        }

        return At(problem, order, likelihood, coefficients);
    }

    /// <summary>The model with given coefficients: only β and σ² are estimated.</summary>
    internal static ArimaEstimate? At(ArimaProblem problem, ArimaOrder order, double[] coefficients) =>
        At(problem, order, problem.Likelihood(order), coefficients);

    /// <summary>φ, θ, Φ, Θ of free numbers.</summary>
    internal static void ToCoefficients(ReadOnlySpan<double> free, ArimaOrder order, Span<double> coefficients)
    {
        for (int i = 0; i < free.Length; i++)
        {
            coefficients[i] = PartialCoefficients.Bounded(free[i]);
        }

        for (int block = 0; block < 4; block++)
        {
            Span<double> part = Block(coefficients, order, block);
            PartialCoefficients.ToCoefficients(part);
            Negate(part, block);
        }
    }

    /// <summary>φ, θ, Φ or Θ (0 to 3) of them all.</summary>
    internal static Span<double> Block(Span<double> coefficients, ArimaOrder order, int block) => block switch
    {
        0 => coefficients[..order.P],
        1 => coefficients.Slice(order.P, order.Q),
        2 => coefficients.Slice(order.P + order.Q, order.SeasonalP),
        _ => coefficients[(order.P + order.Q + order.SeasonalP)..],
    };

    /// <summary>Whether a root of a polynomial lies on or within a circle: a model on the edge of being stationary or
    /// invertible. Seasonal polynomials are looked at as polynomials of Bᵐ.</summary>
    /// <param name="estimate">The model.</param>
    /// <param name="radius">The circle's radius; 1 is that of the edge.</param>
    internal static bool NearUnitRoot(ArimaEstimate estimate, double radius) =>
        NearUnitRoot(estimate.Coefficients, estimate.Order, radius);

    private static bool NearUnitRoot(double[] of, ArimaOrder order, double radius)
    {
        double[] coefficients = (double[])of.Clone();
        for (int block = 0; block < 4; block++)
        {
            Span<double> part = Block(coefficients, order, block);
            Negate(part, block);
            if (!PartialCoefficients.RootsOutside(part, radius))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether coefficients are those of a stationary and invertible model.</summary>
    internal static bool IsStationary(ReadOnlySpan<double> coefficients, ArimaOrder order)
    {
        double[] copy = coefficients.ToArray();
        for (int block = 0; block < 4; block++)
        {
            Span<double> part = Block(copy, order, block);
            Negate(part, block);
            if (!PartialCoefficients.TryFromCoefficients(part))
            {
                return false;
            }
        }

        return true;
    }

    private static ArimaEstimate? At(
        ArimaProblem problem, ArimaOrder order, IArimaLikelihood likelihood, double[] coefficients)
    {
        double deviance = likelihood.Deviance(coefficients);
        if (!double.IsFinite(deviance))
        {
            return null;
        }

        double used = problem.Used;
        double logLikelihood = -deviance + (used / 2 * (Math.Log(used / (2 * Math.PI)) - 1));
        return new ArimaEstimate(
            order, (double[])coefficients.Clone(), likelihood.Regression.ToArray(), likelihood.SumOfSquares, logLikelihood,
            problem.Used);
    }

    private static double[] ToFree(double[] coefficients, ArimaOrder order)
    {
        double[] free = (double[])coefficients.Clone();
        for (int block = 0; block < 4; block++)
        {
            Span<double> part = Block(free, order, block);
            Negate(part, block);
            if (!PartialCoefficients.TryFromCoefficients(part))
            {
                part.Clear();
            }
        }

        for (int i = 0; i < free.Length; i++)
        {
            free[i] = PartialCoefficients.Free(free[i]);
        }

        return free;
    }

    // 1 + θ₁B + … is the polynomial of −θ.
    private static void Negate(Span<double> part, int block)
    {
        for (int i = 0; i < part.Length && block % 2 == 1; i++)
        {
            part[i] = -part[i];
        }
    }
}
