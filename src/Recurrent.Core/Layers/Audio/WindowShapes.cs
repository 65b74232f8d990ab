namespace Recurrent.Layers;

/// <summary>Windows that are no sums of a few cosines: sample n of a symmetric window of N, at least 2, as SciPy has
/// them.</summary>
internal static class WindowShapes
{
    /// <summary>The windows by name.</summary>
    public static IReadOnlyDictionary<string, Func<int, int, double>> All { get; } =
        new Dictionary<string, Func<int, int, double>>(StringComparer.OrdinalIgnoreCase)
        {
            ["bartlett"] = (n, count) => 1 - Math.Abs(Place(n, count)),
            ["triang"] = (n, count) => 1 - (Math.Abs((2.0 * n) - (count - 1)) / (count + (count % 2))),
            ["barthann"] = (n, count) => Barthann(Place(n, count) / 2),
            ["bohman"] = (n, count) => n == 0 || n == count - 1 ? 0 : Bohman(Math.Abs(Place(n, count))),
            ["cosine"] = (n, count) => Math.Sin(Math.PI / count * (n + 0.5)),
            ["exponential"] = (n, count) => Math.Exp(-Math.Abs(n - ((count - 1) / 2.0))),
            ["lanczos"] = (n, count) => Sinc(Place(n, count)),
            ["parzen"] = Parzen,
            ["taylor"] = (n, count) => Taylor(n, count) / Taylor((count - 1) / 2.0, count),
            ["tukey"] = Tukey,
        };

    /// <summary>Where a sample stands between the ends, −1 and 1.</summary>
    private static double Place(int n, int count) => (2.0 * n / (count - 1)) - 1;

    private static double Barthann(double x) => 0.62 - (0.48 * Math.Abs(x)) + (0.38 * Math.Cos(2 * Math.PI * x));

    private static double Bohman(double x) => ((1 - x) * Math.Cos(Math.PI * x)) + (Math.Sin(Math.PI * x) / Math.PI);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double Parzen(int n, int count)
    {
        double x = Math.Abs(n - ((count - 1) / 2.0));
        double share = x / (count / 2.0);
        return x > (count - 1) / 4.0
            ? 2 * Math.Pow(1 - share, 3)
            : 1 - (6 * share * share) + (6 * share * share * share);
    }

    private static double Tukey(int n, int count)
    {
        // Half of the window falls off, a quarter at each end.
        const double Alpha = 0.5;
        double length = count - 1;
        int width = (int)Math.Floor(Alpha * length / 2);
        return n <= width ? 0.5 * (1 + Math.Cos(Math.PI * (-1 + (2 * n / Alpha / length))))
            : n < count - width - 1 ? 1
            : 0.5 * (1 + Math.Cos(Math.PI * ((-2 / Alpha) + 1 + (2 * n / Alpha / length))));
    }

    private static double Taylor(double n, int count)
    {
        const int Sidelobes = 4;
        double a = Math.Acosh(Math.Pow(10, 30 / 20.0)) / Math.PI;
        double spread = Sidelobes * Sidelobes / ((a * a) + Math.Pow(Sidelobes - 0.5, 2));
        double sum = 1;
        for (int m = 1; m < Sidelobes; m++)
        {
            double above = m % 2 == 1 ? 1 : -1;
            double below = 2;
            for (int k = 1; k < Sidelobes; k++)
            {
                above *= 1 - ((double)m * m / spread / ((a * a) + Math.Pow(k - 0.5, 2)));
                below *= k == m ? 1 : 1 - ((double)m * m / (k * k));
            }

            sum += 2 * above / below * Math.Cos(2 * Math.PI * m * (n - (count / 2.0) + 0.5) / count);
        }

        return sum;
    }
}
