namespace Recurrent.Forecasting;

/// <summary>Roots of covariances, which may be of any rank.</summary>
internal static class SemiDefinite
{
    /// <summary>L with L Lᵀ = the covariance, by Cholesky's method with the largest pivot first; as many columns as its
    /// rank.</summary>
    internal static double[,] Root(double[,] covariance)
    {
        int size = covariance.GetLength(0);
        double[,] rest = (double[,])covariance.Clone();
        var columns = new List<double[]>();
        double largest = 0;
        for (int i = 0; i < size; i++)
        {
            largest = Math.Max(largest, rest[i, i]);
        }

        for (int rank = 0; rank < size; rank++)
        {
            int pivot = 0;
            for (int i = 1; i < size; i++)
            {
                pivot = rest[i, i] > rest[pivot, pivot] ? i : pivot;
            }

            if (!(rest[pivot, pivot] > 1e-12 * largest))
            {
                break;
            }

            double root = Math.Sqrt(rest[pivot, pivot]);
            var column = new double[size];
            for (int i = 0; i < size; i++)
            {
                column[i] = rest[i, pivot] / root;
            }

            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                {
                    rest[i, j] -= column[i] * column[j];
                }
            }

            columns.Add(column);
        }

        var result = new double[size, columns.Count];
        for (int j = 0; j < columns.Count; j++)
        {
            for (int i = 0; i < size; i++)
            {
                result[i, j] = columns[j][i];
            }
        }

        return result;
    }
}
