namespace Recurrent.Tests;

/// <summary>Derivatives by five-point central differences, to hold hand-derived gradients to.</summary>
public static class FivePoint
{
    /// <summary>
    /// The derivative of a function at 0: <c>(f(−2h) − 8 f(−h) + 8 f(h) − f(2h)) / 12h</c>, with an error of order h⁴.
    /// </summary>
    /// <param name="function">The function of a displacement, smooth within two steps of 0.</param>
    /// <param name="step">The step h. The default balances the error of the formula and rounding for numbers around 1.</param>
    public static double Derivative(Func<double, double> function, double step = 1e-3) =>
        (function(-2 * step) - (8 * function(-step)) + (8 * function(step)) - function(2 * step)) / (12 * step);

    /// <summary>The derivatives with respect to every entry of an array, which is moved and put back again.</summary>
    /// <param name="values">The entries.</param>
    /// <param name="function">The function, which reads the entries.</param>
    /// <param name="step">The step.</param>
    public static double[] Gradient(Real[] values, Func<double> function, double step = 1e-3)
    {
        double[] gradient = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Real value = values[i];
            gradient[i] = Derivative(
                displacement =>
                {
                    values[i] = (Real)(value + displacement);
                    return function();
                },
                step);
            values[i] = value;
        }

        return gradient;
    }
}
