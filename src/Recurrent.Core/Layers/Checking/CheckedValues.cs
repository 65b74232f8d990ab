using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>Numbers that the loss depends on, with the gradient that the layer computed for them.</summary>
internal sealed record CheckedValues(string Name, Real[] Values, Real[] Gradient, Parameter? Parameter)
{
    /// <summary>How exactly a slope must be known to count as measured, relative to the slopes around it.</summary>
    private const double Sharpness = 0.05;

    private SlopeLadder[] ladders = [];

    public double GradientSquares => Gradient.Sum(g => double.IsFinite(g) ? (double)g * g : 0);

    public double SquareSum => Gradient.Zip(ladders).Sum(pair => Math.Pow(Size(pair.First, pair.Second), 2));

    public void Climb(double loss, double noise, Func<CheckedValues, int, double, (double Displacement, double Loss)> move) =>
        ladders = [.. Values.Select((value, i) => new SlopeLadder(value, loss, noise, by => move(this, i, by)))];

    /// <summary>The largest distance of other gradients from so many times these.</summary>
    public double Distance(ReadOnlySpan<Real> others, int times)
    {
        double largest = others.Length == Gradient.Length ? 0 : double.PositiveInfinity;
        for (int i = 0; i < Math.Min(others.Length, Gradient.Length); i++)
        {
            largest = Math.Max(largest, Math.Abs(others[i] - (times * (double)Gradient[i])) / times);
        }

        return largest;
    }

    public GradientError Compare(double tolerance, double floor)
    {
        double around = Math.Max(floor, Math.Sqrt(SquareSum / Math.Max(1, Values.Length)));
        int worst = 0;
        int unmeasured = 0;
        double largest = -1;
        for (int i = 0; i < ladders.Length; i++)
        {
            double scale = Math.Max(around, Size(Gradient[i], ladders[i]));
            double error = Error(i, scale, tolerance, ref unmeasured);
            if (error > largest)
            {
                (worst, largest) = (i, error);
            }
        }

        return ladders.Length == 0
            ? new(Name, 0, 0, 0, 0)
            : new(Name, Math.Max(0, largest), worst, Gradient[worst], ladders[worst].Slope)
            {
                Uncertainty = ladders[worst].Uncertainty,
                Places = ladders.Length,
                Unmeasured = unmeasured,
            };
    }

    private static double Size(Real gradient, SlopeLadder ladder) => Math.Max(
        double.IsFinite(gradient) ? Math.Abs((double)gradient) : 0,
        double.IsFinite(ladder.Uncertainty) ? Math.Abs(ladder.Slope) : 0);

    private double Error(int i, double scale, double tolerance, ref int unmeasured)
    {
        if (!Real.IsFinite(Gradient[i]))
        {
            return double.PositiveInfinity;
        }

        SlopeLadder ladder = ladders[i];
        bool refuted = ladder.Refutes(Gradient[i], tolerance * scale);
        double distance = Math.Abs(Gradient[i] - ladder.Slope);
        if (refuted)
        {
            return (distance - ladder.Uncertainty) / scale;
        }

        if (ladder.Uncertainty > Sharpness * scale)
        {
            unmeasured++;
            return 0;
        }

        return Math.Min(distance / scale, tolerance);
    }
}
