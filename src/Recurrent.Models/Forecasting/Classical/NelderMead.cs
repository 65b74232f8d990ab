namespace Recurrent.Forecasting;

/// <summary>
/// The downhill simplex of Nelder and Mead (1965), for functions of few variables without slopes. It draws nothing at random.
/// </summary>
internal static class NelderMead
{
    /// <summary>Moves x to a place where the function is less, and gives the function there.</summary>
    /// <param name="function">The function; infinite where it is not defined.</param>
    /// <param name="x">Where the search begins; receives the best place.</param>
    /// <param name="step">How far the other corners of the first simplex are.</param>
    /// <param name="evaluations">How often the function may be computed.</param>
    /// <param name="tolerance">Ends the search when the corners' values are as close, as a share of the least.</param>
    internal static double Minimise(Func<double[], double> function, double[] x, double step, int evaluations, double tolerance)
    {
        int n = x.Length;
        var corners = new (double Value, double[] Place)[n + 1];
        for (int i = 0; i <= n; i++)
        {
            double[] place = (double[])x.Clone();
            if (i > 0)
            {
                place[i - 1] += step;
            }

            corners[i] = (function(place), place);
        }

        int count = n + 1;
        while (count < evaluations)
        {
            Order(corners);
            if (corners[n].Value - corners[0].Value <= tolerance * Math.Abs(corners[0].Value))
            {
                break;
            }

            (double Value, double[] Place) reflected = Along(function, corners, 1);
            count++;
            if (reflected.Value < corners[0].Value)
            {
                (double Value, double[] Place) far = Along(function, corners, 2);
                count++;
                corners[n] = far.Value < reflected.Value ? far : reflected;
            }
            else if (reflected.Value < corners[n - 1].Value || (n == 1 && reflected.Value < corners[n].Value))
            {
                corners[n] = reflected;
            }
            else
            {
                (double Value, double[] Place) near = Along(function, corners, reflected.Value < corners[n].Value ? 0.5 : -0.5);
                count++;
                if (near.Value < Math.Min(reflected.Value, corners[n].Value))
                {
                    corners[n] = near;
                }
                else
                {
                    for (int i = 1; i <= n; i++)
                    {
                        for (int j = 0; j < n; j++)
                        {
                            corners[i].Place[j] = 0.5 * (corners[i].Place[j] + corners[0].Place[j]);
                        }

                        corners[i].Value = function(corners[i].Place);
                    }

                    count += n;
                }
            }
        }

        Order(corners);
        corners[0].Place.CopyTo(x, 0);
        return corners[0].Value;
    }

    /// <summary>The place beyond the others' mean by a multiple of the worst corner's distance from it.</summary>
    private static (double Value, double[] Place) Along(
        Func<double[], double> function, (double Value, double[] Place)[] corners, double distance)
    {
        int n = corners.Length - 1;
        var place = new double[n];
        for (int j = 0; j < n; j++)
        {
            double mean = 0;
            for (int i = 0; i < n; i++)
            {
                mean += corners[i].Place[j] / n;
            }

            place[j] = mean + (distance * (mean - corners[n].Place[j]));
        }

        return (function(place), place);
    }

    /// <summary>Best first; equals stay in their order.</summary>
    private static void Order((double Value, double[] Place)[] corners)
    {
        for (int i = 1; i < corners.Length; i++)
        {
            for (int k = i; k > 0 && corners[k].Value < corners[k - 1].Value; k--)
            {
                (corners[k], corners[k - 1]) = (corners[k - 1], corners[k]);
            }
        }
    }
}
