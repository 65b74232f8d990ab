namespace Recurrent.Forecasting;

/// <summary>Minimises a smooth function of a few numbers by the method of Broyden, Fletcher, Goldfarb and Shanno, with slopes
/// from differences of the function.</summary>
internal sealed class QuasiNewton
{
    private const double Nearby = 1e-5;

    private readonly Func<double[], double> function;
    private readonly int size;
    private readonly double[,] inverse;
    private readonly double tolerance;
    private readonly int most;

    /// <summary>Creates the search.</summary>
    /// <param name="function">The function; infinite where it has no value.</param>
    /// <param name="size">How many numbers it is of.</param>
    /// <param name="tolerance">It ends when a step promises less than this.</param>
    /// <param name="most">At most so many steps.</param>
    internal QuasiNewton(Func<double[], double> function, int size, double tolerance, int most = 200)
    {
        (this.function, this.size, this.tolerance, this.most) = (function, size, tolerance, most);
        inverse = new double[size, size];
        Point = new double[size];
    }

    /// <summary>Where the search is.</summary>
    internal double[] Point { get; private set; }

    /// <summary>The function there.</summary>
    internal double Value { get; private set; }

    /// <summary>Searches from a point.</summary>
    /// <param name="start">The point.</param>
    /// <param name="curvature">A guess of the second derivatives.</param>
    internal void Run(ReadOnlySpan<double> start, double curvature)
    {
        Point = start.ToArray();
        Value = function(Point);
        if (size == 0 || !double.IsFinite(Value))
        {
            return;
        }

        Reset(curvature);
        double[] slope = Slope();
        bool fresh = true;
        for (int step = 0; step < most; step++)
        {
            double[] direction = Direction(slope);
            double promise = Dot(direction, slope);
            if (!(promise < 0))
            {
                if (fresh)
                {
                    return;
                }

                Reset(curvature);
                fresh = true;
                continue;
            }

            if (-promise < tolerance)
            {
                return;
            }

            double before = Value;
            double[] moved = Descend(direction, promise);
            double gained = before - Value;
            if (gained <= 0)
            {
                if (fresh)
                {
                    return;
                }

                Reset(curvature);
                fresh = true;
                continue;
            }

            double[] next = Slope();
            Update(moved, slope, next);
            slope = next;
            fresh = false;
        }
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

    private void Reset(double curvature)
    {
        Array.Clear(inverse);
        for (int i = 0; i < size; i++)
        {
            inverse[i, i] = 1 / curvature;
        }
    }

    private double[] Direction(double[] slope)
    {
        var direction = new double[size];
        double longest = 0;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                direction[i] -= inverse[i, j] * slope[j];
            }

            longest = Math.Max(longest, Math.Abs(direction[i]));
        }

        // Parameters are of the order of 1: no step is longer than that.
        for (int i = 0; i < size && longest > 1; i++)
        {
            direction[i] /= longest;
        }

        return direction;
    }

    // Halves the step until the function falls by a part of what its slope promises.
    private double[] Descend(double[] direction, double promise)
    {
        double[] origin = Point;
        for (double length = 1; length > 1e-6; length *= 0.4)
        {
            var trial = new double[size];
            for (int i = 0; i < size; i++)
            {
                trial[i] = origin[i] + (length * direction[i]);
            }

            double value = function(trial);
            if (value <= Value + (1e-4 * length * promise))
            {
                Point = trial;
                Value = value;
                break;
            }
        }

        var moved = new double[size];
        for (int i = 0; i < size; i++)
        {
            moved[i] = Point[i] - origin[i];
        }

        return moved;
    }

    private double[] Slope()
    {
        var slope = new double[size];
        double[] trial = (double[])Point.Clone();
        for (int i = 0; i < size; i++)
        {
            trial[i] = Point[i] + Nearby;
            double above = function(trial);
            double difference = (above - Value) / Nearby;
            if (!double.IsFinite(difference))
            {
                trial[i] = Point[i] - Nearby;
                difference = (Value - function(trial)) / Nearby;
            }

            slope[i] = double.IsFinite(difference) ? difference : 0;
            trial[i] = Point[i];
        }

        return slope;
    }

    private void Update(double[] moved, double[] slope, double[] next)
    {
        var change = new double[size];
        for (int i = 0; i < size; i++)
        {
            change[i] = next[i] - slope[i];
        }

        double curvature = Dot(moved, change);
        if (!(curvature > 1e-12))
        {
            return;
        }

        var image = new double[size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                image[i] += inverse[i, j] * change[j];
            }
        }

        double factor = (1 + (Dot(change, image) / curvature)) / curvature;
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                inverse[i, j] += (factor * moved[i] * moved[j]) - (((image[i] * moved[j]) + (moved[i] * image[j])) / curvature);
            }
        }
    }
}
