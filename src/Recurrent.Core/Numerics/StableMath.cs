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

    /// <summary><c>1 / (1 + exp(−x))</c>.</summary>
    /// <param name="x">The argument.</param>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
