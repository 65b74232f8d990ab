namespace Recurrent.Forecasting;

/// <summary>
/// Least squares of filtered series on filtered regressors (generalised least squares of the unfiltered ones), by
/// modified Gram–Schmidt.
/// </summary>
internal sealed class InnovationRegression
{
    // A regressor that keeps less than this of its length beside those before it tells nothing of its own.
    private const double Dependent = 1e-9;

    private readonly double[][] basis;
    private readonly double[,] triangle;
    private readonly double[] projections;
    private readonly double[] rest;

    internal InnovationRegression(int regressors, int count)
    {
        basis = new double[regressors][];
        for (int i = 0; i < regressors; i++)
        {
            basis[i] = new double[count];
        }

        triangle = new double[regressors, regressors];
        projections = new double[regressors];
        rest = new double[count];
        Coefficients = new double[regressors];
    }

    /// <summary>β, one for each regressor.</summary>
    internal double[] Coefficients { get; }

    /// <summary>What is left of the series.</summary>
    internal ReadOnlySpan<double> Rest => rest;

    /// <summary>The sum of the squares of what is left.</summary>
    internal double SumOfSquares { get; private set; }

    /// <summary>½ log det of XᵀX of the first regressors.</summary>
    internal double HalfLogDeterminant(int regressors)
    {
        double sum = 0;
        for (int i = 0; i < regressors; i++)
        {
            sum += Math.Log(Math.Abs(triangle[i, i]));
        }

        return sum;
    }

    /// <summary>(XᵀX)⁻¹ of the first regressors.</summary>
    internal double[,] Covariance(int regressors)
    {
        var inverse = new double[regressors, regressors];
        for (int j = 0; j < regressors; j++)
        {
            for (int i = j; i >= 0; i--)
            {
                double sum = i == j ? 1 : 0;
                for (int k = i + 1; k <= j; k++)
                {
                    sum -= triangle[i, k] * inverse[k, j];
                }

                inverse[i, j] = sum / triangle[i, i];
            }
        }

        var covariance = new double[regressors, regressors];
        for (int i = 0; i < regressors; i++)
        {
            for (int j = 0; j < regressors; j++)
            {
                for (int k = Math.Max(i, j); k < regressors; k++)
                {
                    covariance[i, j] += inverse[i, k] * inverse[j, k];
                }
            }
        }

        return covariance;
    }

    /// <summary>Regresses columns[0] on the others.</summary>
    /// <param name="columns">The series and its regressors.</param>
    /// <returns>−1, or the place of the first regressor that depends on those before it.</returns>
    internal int Solve(double[][] columns)
    {
        columns[0].CopyTo(rest, 0);
        for (int i = 0; i < basis.Length; i++)
        {
            columns[i + 1].CopyTo(basis[i], 0);
            double length = Math.Sqrt(Dot(basis[i], basis[i]));
            for (int k = 0; k < i; k++)
            {
                triangle[k, i] = Dot(basis[k], basis[i]);
                Subtract(basis[i], basis[k], triangle[k, i]);
            }

            double left = Math.Sqrt(Dot(basis[i], basis[i]));
            if (!(left > Dependent * length))
            {
                return i;
            }

            triangle[i, i] = left;
            Scale(basis[i], 1 / left);
            projections[i] = Dot(basis[i], rest);
            Subtract(rest, basis[i], projections[i]);
        }

        for (int i = basis.Length - 1; i >= 0; i--)
        {
            double sum = projections[i];
            for (int k = i + 1; k < basis.Length; k++)
            {
                sum -= triangle[i, k] * Coefficients[k];
            }

            Coefficients[i] = sum / triangle[i, i];
        }

        SumOfSquares = Dot(rest, rest);
        return -1;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Subtract(double[] from, double[] what, double times)
    {
        for (int i = 0; i < from.Length; i++)
        {
            from[i] -= times * what[i];
        }
    }

    private static void Scale(double[] values, double factor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }
}
