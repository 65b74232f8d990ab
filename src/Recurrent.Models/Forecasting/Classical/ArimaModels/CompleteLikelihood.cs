namespace Recurrent.Forecasting;

/// <summary>The likelihood of a series without gaps: that of the ARMA model of its differences.</summary>
internal sealed class CompleteLikelihood : IArimaLikelihood
{
    private readonly ArimaProblem problem;
    private readonly ArmaPolynomials arma;
    private readonly ArmaFilter filter;
    private readonly InnovationRegression regression;

    internal CompleteLikelihood(ArimaProblem problem, ArimaOrder order)
    {
        this.problem = problem;
        arma = new ArmaPolynomials(order);
        filter = new ArmaFilter(arma, problem.Differenced);
        regression = new InnovationRegression(problem.Regressors, problem.Used);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<double> Regression => regression.Coefficients;

    /// <inheritdoc/>
    public double SumOfSquares => regression.SumOfSquares;

    /// <inheritdoc/>
    public double Deviance(ReadOnlySpan<double> coefficients)
    {
        arma.Set(coefficients);
        if (!filter.TryRun() || regression.Solve(filter.Innovations) >= 0)
        {
            return double.PositiveInfinity;
        }

        double deviance = ((problem.Used * Math.Log(Math.Max(SumOfSquares, problem.Floor))) + filter.LogDeterminant) / 2;
        return double.IsFinite(deviance) ? deviance : double.PositiveInfinity;
    }
}
