namespace Recurrent.Numerics;

/// <summary>Functions of one number that keep their accuracy where the obvious formula cancels or overflows.</summary>
/// <remarks>Computed in double precision and rounded once, whatever <c>Real</c> is.</remarks>
internal static class StableMath
{
    /// <summary><c>exp(x) − 1</c>, accurate also for small arguments.</summary>
    /// <param name="x">The argument.</param>
    public static double ExpM1(double x)
    {
        if (x > 1)
        {
            return Math.Exp(x) - 1;
        }

        // With t = tanh(x/2): exp(x) = (1 + t)/(1 − t), and nothing cancels while t stays away from 1.
        double t = Math.Tanh(0.5 * x);
        return 2 * t / (1 - t);
    }

    /// <summary><c>log(1 + x)</c>, accurate also for small arguments.</summary>
    /// <param name="x">The argument, above −1.</param>
    public static double Log1P(double x)
    {
        // Kahan: the rounding error of 1 + x enters the logarithm and the divisor alike, and so drops out.
        double sum = 1 + x;
        return sum == 1 ? x : double.IsPositiveInfinity(sum) ? sum : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary><c>log(1 + exp(x))</c>, without overflow.</summary>
    /// <param name="x">The argument.</param>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    /// <summary><c>log(exp(a) + exp(b))</c>; −∞ stands for log 0.</summary>
    /// <param name="a">The one logarithm.</param>
    /// <param name="b">The other one.</param>
    public static double LogSum(double a, double b)
    {
        double most = Math.Max(a, b);
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(Math.Exp(a - most) + Math.Exp(b - most));
    }

    /// <summary><c>log Σ exp(x)</c>, of finite numbers.</summary>
    /// <param name="values">The logarithms x, at least one.</param>
    public static double LogSum(ReadOnlySpan<double> values)
    {
        double most = double.NegativeInfinity;
        foreach (double value in values)
        {
            most = Math.Max(most, value);
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += Math.Exp(value - most);
        }

        return most + Math.Log(sum);
    }

    /// <summary><c>1 / (1 + exp(−x))</c>.</summary>
    /// <param name="x">The argument.</param>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
