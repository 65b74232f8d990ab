using MathNet.Numerics.LinearAlgebra;

namespace Recurrent.Forecasting;

/// <summary>
/// What each forecast counts in each reconciled one at the bottom: G = (Sᵀ W⁻¹ S)⁻¹ Sᵀ W⁻¹, W the covariance of the errors of
/// forecasts as the method has it.
/// </summary>
internal static class ReconciliationWeights
{
    private const int LeastErrors = 3;

    /// <summary>The matrix G.</summary>
    /// <exception cref="ArgumentException">Errors are needed and are not there, or are too few.</exception>
    internal static double[,] Of(double[,] sums, Reconciliation method, IReadOnlyList<string> names,
        IReadOnlyDictionary<string, double[]>? residuals)
    {
        int count = names.Count;
        int bottom = sums.GetLength(1);
        if (method == Reconciliation.BottomUp)
        {
            var only = new double[bottom, count];
            for (int leaf = 0; leaf < bottom; leaf++)
            {
                only[leaf, count - bottom + leaf] = 1;
            }

            return only;
        }

        Matrix<double> s = Matrix<double>.Build.DenseOfArray(sums);
        Matrix<double> w = method switch
        {
            Reconciliation.LeastSquares => Matrix<double>.Build.DenseIdentity(count),
            Reconciliation.Structure => Matrix<double>.Build.DenseOfDiagonalVector(s.RowSums()),
            Reconciliation.Variances => Diagonal(Covariance(names, residuals)),
            Reconciliation.MinTrace => Shrunk(names, residuals),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such reconciliation."),
        };
        Matrix<double> weighted = w.Cholesky().Solve(s);
        return (s.TransposeThisAndMultiply(weighted)).Cholesky().Solve(weighted.Transpose()).ToArray();
    }

    private static Matrix<double> Diagonal(Matrix<double> covariance) =>
        Matrix<double>.Build.DenseOfDiagonalVector(covariance.Diagonal());

    /// <summary>The covariance with its correlations shrunk towards 0 by the share that costs least (Schäfer and Strimmer,
    /// 2005).</summary>
    private static Matrix<double> Shrunk(IReadOnlyList<string> names, IReadOnlyDictionary<string, double[]>? residuals)
    {
        Matrix<double> covariance = Covariance(names, residuals);
        double[][] errors = Errors(names, residuals);
        int n = errors[0].Length;
        double[] deviations = [.. covariance.Diagonal().Select(Math.Sqrt)];
        double variances = 0;
        double squares = 0;
        for (int i = 0; i < errors.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double mean = 0;
                for (int t = 0; t < n; t++)
                {
                    mean += errors[i][t] / deviations[i] * (errors[j][t] / deviations[j]) / n;
                }

                double spread = 0;
                for (int t = 0; t < n; t++)
                {
                    double beyond = (errors[i][t] / deviations[i] * (errors[j][t] / deviations[j])) - mean;
                    spread += beyond * beyond;
                }

                variances += 2 * spread * n / Math.Pow(n - 1, 3);
                squares += 2 * mean * mean;
            }
        }

        double share = squares > 0 ? Math.Clamp(variances / squares, 0, 1) : 1;

        // A little is always taken: where there are fewer errors than series, the covariance alone has no inverse.
        share = Math.Max(share, 1e-6);
        return (covariance * (1 - share)) + (Diagonal(covariance) * share);
    }

    /// <summary>The mean products of the errors, about 0.</summary>
    private static Matrix<double> Covariance(IReadOnlyList<string> names, IReadOnlyDictionary<string, double[]>? residuals)
    {
        double[][] errors = Errors(names, residuals);
        Matrix<double> matrix = Matrix<double>.Build.Dense(errors.Length, errors.Length, (i, j) =>
        {
            double sum = 0;
            for (int t = 0; t < errors[i].Length; t++)
            {
                sum += errors[i][t] * errors[j][t];
            }

            return sum / errors[i].Length;
        });

        // A series without errors is still not known for certain.
        double least = matrix.Diagonal().Where(variance => variance > 0).DefaultIfEmpty(1).Min() * 1e-6;
        for (int i = 0; i < errors.Length; i++)
        {
            matrix[i, i] = Math.Max(matrix[i, i], least);
        }

        return matrix;
    }

    /// <summary>The errors at those steps at which all are known.</summary>
    private static double[][] Errors(IReadOnlyList<string> names, IReadOnlyDictionary<string, double[]>? residuals)
    {
        double[][] all = [.. names.Select(name => residuals is not null && residuals.TryGetValue(name, out double[]? own) ? own
            : throw new ArgumentException($"The errors of the forecasts of series '{name}' are needed.", nameof(residuals)))];
        if (all.Any(own => own.Length != all[0].Length))
        {
            throw new ArgumentException("There must be as many errors of each series.", nameof(residuals));
        }

        int[] known = [.. Enumerable.Range(0, all[0].Length).Where(t => all.All(own => double.IsFinite(own[t])))];
        return known.Length >= LeastErrors
            ? [.. all.Select(own => known.Select(t => own[t]).ToArray())]
            : throw new ArgumentException(FormattableString.Invariant(
                $"The errors of all series are known at {known.Length} steps, and at least {LeastErrors} are needed. A method ")
                + "read from a file knows none: fit it, or choose another reconciliation.", nameof(residuals));
    }
}
