using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>A series brought near 1 and around 0, so that sums of squares stay in the range of a double.</summary>
internal static class Centred
{
    /// <summary>(y − ȳ) · 2⁻ᵉ, e the exponent of the largest value.</summary>
    /// <exception cref="ArgumentException">A value is missing or infinite, or there are none.</exception>
    internal static double[] Of(ReadOnlySpan<double> values, string parameter)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("There are no values.", parameter);
        }

        Finite.Check(values, parameter);
        int exponent = Magnitude.Exponent(values);
        var centred = new double[values.Length];
        double mean = 0;
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = Math.ScaleB(values[i], -exponent);
            mean += centred[i];
        }

        mean /= centred.Length;
        double largest = 0;
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] -= mean;
            largest = Math.Max(largest, Math.Abs(centred[i]));
        }

        // What rounding left of equal values is no variation. Values beside a level far from 0 are brought near 1 themselves.
        if (largest <= 1e-14)
        {
            Array.Clear(centred);
            return centred;
        }

        exponent = Math.ILogB(largest);
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = Math.ScaleB(centred[i], -exponent);
        }

        return centred;
    }
}
