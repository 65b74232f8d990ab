namespace Recurrent.Forecasting;

/// <summary>The likelihood of a series without gaps: that of the ARMA model of its differences.</summary>
internal sealed class CompleteLikelihood : IArimaLikelihood
{
    private readonly ArimaProblem problem;
    private readonly ArmaPolynomials arma;
    private readonly ArmaFilter filter;
    private readonly InnovationRegression regression;
    private readonly int memory;
    private readonly bool conditional;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="problem">The series and its regressors.</param>
    /// <param name="order">The orders.</param>
    /// <param name="conditional">Whether innovations before the first are taken as 0 (Box and Jenkins's conditional sum of
    /// squares), which is many times as fast where seasons are long and the series too. The sum is that of all values, by its
    /// share.</param>
    internal CompleteLikelihood(ArimaProblem problem, ArimaOrder order, bool conditional = false)
    {
        this.conditional = conditional;
        memory = conditional ? Math.Min(order.AutoregressiveLags, problem.Used / 2) : 0;
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
        if (conditional)
        {
            filter.RunConditional(memory);
        }
        else if (!filter.TryRun())
        {
            return double.PositiveInfinity;
        }

        if (regression.Solve(filter.Innovations) >= 0)
        {
            return double.PositiveInfinity;
        }

        double sum = SumOfSquares * problem.Used / (problem.Used - memory);
        double deviance = ((problem.Used * Math.Log(Math.Max(sum, problem.Floor))) + filter.LogDeterminant) / 2;
        return double.IsFinite(deviance) ? deviance : double.PositiveInfinity;
    }
}
