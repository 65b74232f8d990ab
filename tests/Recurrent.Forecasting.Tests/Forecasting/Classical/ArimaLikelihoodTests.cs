using MathNet.Numerics.LinearAlgebra;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Forecasting;

/// <summary>The filters' likelihoods against the density of the multivariate normal distribution, written out with dense
/// matrices.</summary>
[TestFixture]
public sealed class ArimaLikelihoodTests
{
    private static IEnumerable<TestCaseData> Models()
    {
        (ArimaOrder Order, double[] Coefficients)[] models =
        [
            (new(0, 0, 0), []),
            (new(1, 0, 0), [0.7]),
            (new(1, 0, 0), [0.999]),
            (new(0, 0, 1), [-0.4]),
            (new(0, 0, 1), [-0.9999]),
            (new(2, 0, 1), [1.2, -0.5, 0.6]),
            (new(1, 0, 3), [-0.8, 0.9, 0.4, 0.2]),
            (new(5, 0, 0), [0.3, 0.1, -0.2, 0.1, 0.3]),
            (new(0, 1, 1), [-0.6]),
            (new(1, 2, 1), [0.4, -0.7]),
            (new(0, 0, 0, 1, 0, 0, 4), [0.8]),
            (new(0, 0, 0, 0, 0, 1, 4), [-0.95]),
            (new(1, 0, 1, 1, 0, 1, 4), [0.6, 0.3, 0.5, -0.4]),
            (new(0, 1, 1, 0, 1, 1, 4), [-0.5, -0.6]),
            (new(2, 1, 2, 1, 1, 1, 3), [0.5, -0.3, 0.4, 0.3, 0.6, -0.8]),
            (new(1, 1, 0, 0, 1, 0, 6), [-0.4]),
            (new(0, 0, 2, 2, 0, 0, 5), [0.5, 0.2, 0.4, 0.3]),
        ];
        foreach ((ArimaOrder order, double[] coefficients) in models)
        {
            foreach (int regressors in new[] { 0, 2 })
            {
                yield return new TestCaseData(order, coefficients, regressors, Array.Empty<int>())
                    .SetArgDisplayNames($"{order}, {regressors} regressors, complete");
                yield return new TestCaseData(order, coefficients, regressors, new[] { 9, 14, 15, 16, 27 })
                    .SetArgDisplayNames($"{order}, {regressors} regressors, gaps");
                if (order.Lost > 1)
                {
                    yield return new TestCaseData(order, coefficients, regressors, new[] { 1, 12, 13, 20 })
                        .SetArgDisplayNames($"{order}, {regressors} regressors, gaps at the start");
                }
            }
        }
    }

    [TestCaseSource(nameof(Models))]
    public void Likelihood_is_that_of_the_normal_density(ArimaOrder order, double[] coefficients, int regressors, int[] gaps)
    {
        (double[] values, double[][] columns) = Series(36, regressors);
        (double expected, double[] beta, double variance) = Dense(order, coefficients, values, columns, gaps);
        foreach (int gap in gaps)
        {
            values[gap] = double.NaN;
        }

        var problem = ArimaProblem.Of(values, columns, Differences(order));
        ArimaEstimate? estimate = ArimaEstimation.At(problem, order, coefficients);
        Assert.That(estimate, Is.Not.Null);
        Assert.Multiple(() =>
        {
            Assert.That(estimate!.LogLikelihood, Is.EqualTo(expected).Within(1e-7 * Math.Max(1, Math.Abs(expected))));
            Assert.That(estimate.Regression, Is.EqualTo(beta).Within(1e-6));
            Assert.That(estimate.SumOfSquares / estimate.Used, Is.EqualTo(variance).Within(1e-7).Percent);
        });
    }

    [Test]
    public void The_two_filters_agree_on_long_series([Values(400, 1000)] int count)
    {
        (double[] values, double[][] columns) = Series(count, 1);
        var order = new ArimaOrder(2, 1, 1, 1, 1, 1, 12);
        double[] coefficients = [0.4, 0.2, -0.5, 0.3, -0.7];
        var problem = ArimaProblem.Of(values, columns, Differences(order));
        double complete = new CompleteLikelihood(problem, order).Deviance(coefficients);
        double kalman = new GappedLikelihood(problem, order).Deviance(coefficients);
        Assert.That(kalman, Is.EqualTo(complete).Within(1e-8 * Math.Abs(complete)));
    }

    internal static ArimaOrder Differences(ArimaOrder order) => new(0, order.D, 0, 0, order.SeasonalD, 0, order.Season);

    private static (double[] Values, double[][] Columns) Series(int count, int regressors)
    {
        var random = new Random.SeededRandom(7);
        var values = new double[count];
        for (int t = 0; t < count; t++)
        {
            values[t] = (0.02 * t) + Math.Sin(t) + (0.5 * random.NextNormal());
        }

        double[][] columns = [.. Enumerable.Range(0, regressors).Select(c =>
            Enumerable.Range(0, count).Select(t => Math.Cos((c + 1) * 0.7 * t) + (0.1 * random.NextNormal())).ToArray())];
        return (values, columns);
    }

    // The density of the differences, integrated over what is missing, greatest over β and σ².
    private static (double LogLikelihood, double[] Beta, double Variance) Dense(
        ArimaOrder order, double[] coefficients, double[] values, double[][] columns, int[] gaps)
    {
        int n = values.Length;
        int rows = n - order.Lost;
        var arma = new ArmaPolynomials(order);
        arma.Set(coefficients);
        double[] psi = Weights(arma, 25000);
        double[] gamma = [.. Enumerable.Range(0, rows).Select(h =>
            Enumerable.Range(0, psi.Length - h).Sum(k => psi[k] * psi[k + h]))];
        Matrix<double> covariance = Matrix<double>.Build.Dense(rows, rows, (i, j) => gamma[Math.Abs(i - j)]);
        double[] W(double[] column) => Differencing.Of(column, order);
        double[][] missing = [.. gaps.Select(gap => W([.. Enumerable.Range(0, n).Select(t => t == gap ? 1.0 : 0)]))];
        double[][] all = [.. missing, .. columns.Select(W)];
        var cholesky = covariance.Cholesky();
        Matrix<double> root = cholesky.Factor;
        Vector<double> y = root.Solve(Vector<double>.Build.DenseOfArray(W(values)));
        double sum;
        double[] beta = [];
        double missingDeterminant = 0;
        if (all.Length > 0)
        {
            Matrix<double> x = root.Solve(Matrix<double>.Build.DenseOfColumnArrays(all));
            Vector<double> solution = x.QR().Solve(y);
            beta = [.. solution.Skip(gaps.Length)];
            sum = (y - (x * solution)).DotProduct(y - (x * solution));
            if (gaps.Length > 0)
            {
                Matrix<double> part = x.SubMatrix(0, rows, 0, gaps.Length);
                missingDeterminant = (part.Transpose() * part).Cholesky().DeterminantLn;
            }
        }
        else
        {
            sum = y.DotProduct(y);
        }

        double used = rows - gaps.Length;
        double log = -((used * (Math.Log(2 * Math.PI * sum / used) + 1)) + cholesky.DeterminantLn + missingDeterminant) / 2;
        return (log, beta, sum / used);
    }

    private static double[] Weights(ArmaPolynomials arma, int count)
    {
        var psi = new double[count];
        for (int k = 0; k < count; k++)
        {
            psi[k] = k == 0 ? 1 : k <= arma.Theta.Length ? arma.Theta[k - 1] : 0;
            for (int j = 1; j <= Math.Min(k, arma.Phi.Length); j++)
            {
                psi[k] += arma.Phi[j - 1] * psi[k - j];
            }
        }

        return psi;
    }
}
