namespace Recurrent.Forecasting;

/// <summary>A function to be made small inside a box, with its slopes and an approximation of its curvature.</summary>
internal interface IBoxProblem
{
    /// <summary>Lower bounds.</summary>
    ReadOnlySpan<double> Low { get; }

    /// <summary>Upper bounds.</summary>
    ReadOnlySpan<double> High { get; }

    /// <summary>The function; infinite where it is not defined.</summary>
    double Value(ReadOnlySpan<double> x);

    /// <summary>The function, its gradient, and a positive semidefinite curvature, row by row.</summary>
    double Linearise(ReadOnlySpan<double> x, Span<double> gradient, Span<double> curvature);
}

/// <summary>
/// Gauss–Newton steps damped as Levenberg and Marquardt do, inside a box: variables at a bound that the slope holds there are
/// left out, and those that a step would carry outside stop at the bound while the others are solved again.
/// </summary>
internal sealed class BoxGaussNewton
{
    private readonly double[] gradient;
    private readonly double[] curvature;
    private readonly double[] factor;
    private readonly double[] step;
    private readonly double[] right;
    private readonly double[] trial;
    private readonly bool[] held;
    private readonly int[] free;

    internal BoxGaussNewton(int count)
    {
        gradient = new double[count];
        curvature = new double[count * count];
        factor = new double[count * count];
        step = new double[count];
        right = new double[count];
        trial = new double[count];
        held = new bool[count];
        free = new int[count];
    }

    /// <summary>Moves x to a place where the function is least, and gives the function there; infinite where it was so at the
    /// start.</summary>
    internal double Minimise(IBoxProblem problem, Span<double> x, int iterations, double tolerance)
    {
        ReadOnlySpan<double> low = problem.Low, high = problem.High;
        double value = problem.Linearise(x, gradient, curvature);
        double damping = 1e-3;
        for (int iteration = 0; iteration < iterations && double.IsFinite(value); iteration++)
        {
            bool moved = false;
            while (damping < 1e12)
            {
                double promised = Step(problem, x, damping);
                if (!(promised > tolerance))
                {
                    return value;
                }

                for (int i = 0; i < trial.Length; i++)
                {
                    trial[i] = Math.Clamp(x[i] + step[i], low[i], high[i]);
                }

                double reached = problem.Value(trial);
                double kept = (value - reached) / promised;
                if (kept > 1e-3)
                {
                    damping = kept > 0.75 ? Math.Max(damping / 6, 1e-12) : kept < 0.25 ? damping * 3 : damping;
                    moved = true;
                    break;
                }

                damping *= 8;
            }

            if (!moved)
            {
                return value;
            }

            trial.CopyTo(x);
            value = problem.Linearise(x, gradient, curvature);
        }

        return value;
    }

    /// <summary>Solves for a step, and gives the decrease it promises.</summary>
    private double Step(IBoxProblem problem, ReadOnlySpan<double> x, double damping)
    {
        ReadOnlySpan<double> low = problem.Low, high = problem.High;
        int n = x.Length;
        double largest = 0;
        for (int i = 0; i < n; i++)
        {
            held[i] = (x[i] <= low[i] && gradient[i] >= 0) || (x[i] >= high[i] && gradient[i] <= 0);
            step[i] = 0;
            largest = Math.Max(largest, curvature[(i * n) + i]);
        }

        bool outside = true;
        while (outside)
        {
            Solve(damping, largest);
            outside = false;
            for (int i = 0; i < n; i++)
            {
                double to = x[i] + step[i];
                if (!held[i] && (to < low[i] || to > high[i]))
                {
                    step[i] = (to < low[i] ? low[i] : high[i]) - x[i];
                    held[i] = true;
                    outside = true;
                }
            }
        }

        double promised = 0;
        for (int i = 0; i < n; i++)
        {
            double bend = 0;
            for (int j = 0; j < n; j++)
            {
                bend += curvature[(i * n) + j] * step[j];
            }

            promised -= step[i] * (gradient[i] + (0.5 * bend));
        }

        return promised;
    }

    /// <summary>Solves (C + damping) · step = −gradient for the variables that are not held, the held ones' steps
    /// given.</summary>
    private void Solve(double damping, double largest)
    {
        int n = step.Length, count = 0;
        for (int i = 0; i < n; i++)
        {
            if (!held[i])
            {
                free[count++] = i;
            }
        }

        for (int a = 0; a < count; a++)
        {
            int i = free[a];
            double sum = -gradient[i];
            for (int j = 0; j < n; j++)
            {
                sum -= held[j] ? curvature[(i * n) + j] * step[j] : 0;
            }

            right[a] = sum;
            for (int b = 0; b <= a; b++)
            {
                factor[(a * n) + b] = curvature[(i * n) + free[b]];
            }

            factor[(a * n) + a] += (damping * (factor[(a * n) + a] + (1e-9 * largest))) + double.Epsilon;
        }

        for (int a = 0; a < count; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double sum = factor[(a * n) + b];
                for (int k = 0; k < b; k++)
                {
                    sum -= factor[(a * n) + k] * factor[(b * n) + k];
                }

                // A direction without curvature is left alone.
                factor[(a * n) + b] = a == b
                    ? (sum > 1e-14 * factor[(a * n) + a] ? Math.Sqrt(sum) : double.PositiveInfinity)
                    : sum / factor[(b * n) + b];
            }

            double value = right[a];
            for (int k = 0; k < a; k++)
            {
                value -= factor[(a * n) + k] * right[k];
            }

            right[a] = value / factor[(a * n) + a];
        }

        for (int a = count - 1; a >= 0; a--)
        {
            double value = right[a];
            for (int k = a + 1; k < count; k++)
            {
                value -= factor[(k * n) + a] * right[k];
            }

            right[a] = value / factor[(a * n) + a];
            step[free[a]] = right[a];
        }
    }
}
