using MathNet.Numerics.LinearAlgebra;

namespace Recurrent.Data;

/// <summary>
/// A first guess of missing values of a seasonal series: a polynomial in time and a few harmonics of each season, by least
/// squares over the known values, as R's <c>na.interp</c> begins.
/// </summary>
internal static class HarmonicStart
{
    private const int MostHarmonics = 5;
    private const int MostHarmonicsOfSeveral = 20;
    private const int MostDegree = 6;

    /// <summary>The series with guesses in place of missing values; null where the known ones are too few.</summary>
    internal static double[]? Fill(ReadOnlySpan<double> values, IReadOnlyList<int> seasons)
    {
        double[] given = [.. values];
        int[] known = [.. Enumerable.Range(0, given.Length).Where(i => !double.IsNaN(given[i]))];
        int degree = Math.Clamp(given.Length / 10, 1, MostDegree);
        int columns = 1 + degree + seasons.Sum(season => Harmonics(season, seasons.Count).Count);
        if (known.Length <= columns)
        {
            return null;
        }

        // In units of the largest value, so that sums stay in range.
        int exponent = Magnitude.Exponent([.. known.Select(i => given[i])]);
        Matrix<double> products = Matrix<double>.Build.Dense(columns, columns);
        Vector<double> sums = Vector<double>.Build.Dense(columns);
        var row = new double[columns];
        foreach (int place in known)
        {
            Basis(row, place, given.Length, degree, seasons);
            double value = Math.ScaleB(given[place], -exponent);
            for (int i = 0; i < columns; i++)
            {
                sums[i] += row[i] * value;
                for (int j = 0; j <= i; j++)
                {
                    products[i, j] += row[i] * row[j];
                }
            }
        }

        // A trace of ridge: gaps may leave columns that cannot be told apart.
        for (int i = 0; i < columns; i++)
        {
            products[i, i] += 1e-9 * known.Length;
            for (int j = i + 1; j < columns; j++)
            {
                products[i, j] = products[j, i];
            }
        }

        Vector<double> solved = products.Cholesky().Solve(sums);
        for (int place = 0; place < given.Length; place++)
        {
            if (double.IsNaN(given[place]))
            {
                Basis(row, place, given.Length, degree, seasons);
                double sum = 0;
                for (int i = 0; i < columns; i++)
                {
                    sum += row[i] * solved[i];
                }

                given[place] = Math.ScaleB(sum, exponent);
            }
        }

        return Array.TrueForAll(given, double.IsFinite) ? given : null;
    }

    /// <summary>1, Legendre polynomials of time, and sines and cosines of each season.</summary>
    private static void Basis(double[] row, int place, int count, int degree, IReadOnlyList<int> seasons)
    {
        double time = count > 1 ? (2.0 * place / (count - 1)) - 1 : 0;
        row[0] = 1;
        row[1] = time;
        for (int power = 2; power <= degree; power++)
        {
            row[power] = ((((2 * power) - 1) * time * row[power - 1]) - ((power - 1) * row[power - 2])) / power;
        }

        int column = degree + 1;
        foreach (int season in seasons)
        {
            foreach ((int order, bool isSine) in Harmonics(season, seasons.Count))
            {
                double angle = 2 * Math.PI * ((long)order * place % season) / season;
                row[column++] = isSine ? Math.Sin(angle) : Math.Cos(angle);
            }
        }
    }

    private static List<(int Order, bool IsSine)> Harmonics(int season, int seasons)
    {
        int most = Math.Min(season / 2, seasons == 1 ? MostHarmonics : MostHarmonicsOfSeveral);
        var harmonics = new List<(int, bool)>();
        for (int order = 1; order <= most; order++)
        {
            if (2 * order != season)
            {
                harmonics.Add((order, true));
            }

            harmonics.Add((order, false));
        }

        return harmonics;
    }
}
