namespace Recurrent.Forecasting;

/// <summary>The likelihood of a series with gaps, by the Kalman filter.</summary>
internal sealed class GappedLikelihood : IArimaLikelihood
{
    private readonly ArimaProblem problem;
    private readonly ArmaPolynomials arma;
    private readonly double[] delta;
    private readonly double[][] innovations;
    private readonly InnovationRegression regression;

    internal GappedLikelihood(ArimaProblem problem, ArimaOrder order)
    {
        this.problem = problem;
        arma = new ArmaPolynomials(order);
        delta = Differencing.Polynomial(order);
        int seen = problem.Used + problem.UnknownStarts;
        innovations = [.. problem.Levels.Select(_ => new double[seen])];
        regression = new InnovationRegression(problem.Levels.Length - 1, seen);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Regression => regression.Coefficients.AsSpan(problem.UnknownStarts);

    /// <summary>The unknown starts, and β.</summary>
    internal double[] StartsAndRegression => regression.Coefficients;

    /// <summary>The covariance of the unknown starts in units of σ².</summary>
    internal double[,] StartCovariance() => regression.Covariance(problem.UnknownStarts);

    /// <inheritdoc/>
    public double SumOfSquares => regression.SumOfSquares;

    /// <inheritdoc/>
    public double Deviance(ReadOnlySpan<double> coefficients)
    {
        arma.Set(coefficients);
        double determinant = Run();
        if (!double.IsFinite(determinant) || regression.Solve(innovations) >= 0)
        {
            return double.PositiveInfinity;
        }

        double deviance = (((problem.Used * Math.Log(Math.Max(SumOfSquares, problem.Floor))) + determinant) / 2)
            + regression.HalfLogDeterminant(problem.UnknownStarts);
        return double.IsFinite(deviance) ? deviance : double.PositiveInfinity;
    }

    private double Run()
    {
        if (ArimaKalman.Start(arma, delta, problem.Levels) is not { } filter)
        {
            return double.NaN;
        }

        double determinant = 0;
        int seen = 0;
        Span<double> values = stackalloc double[problem.Levels.Length];
        for (int t = delta.Length; t < problem.Levels[0].Length; t++)
        {
            if (double.IsNaN(problem.Levels[0][t]))
            {
                filter.Skip();
                continue;
            }

            double scale = 1 / Math.Sqrt(filter.NextVariance());
            for (int c = 0; c < values.Length; c++)
            {
                values[c] = problem.Levels[c][t];
                innovations[c][seen] = (values[c] - filter.Expected(c)) * scale;
            }

            determinant += Math.Log(filter.NextVariance());
            seen++;
            if (!filter.Observe(values))
            {
                return double.NaN;
            }
        }

        return determinant;
    }
}
