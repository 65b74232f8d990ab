namespace Recurrent.Data;

/// <summary>
/// Powers of two that bring numbers near 1, so that their sums and squares stay inside the range of a double. Multiplying by a
/// power of two rounds nothing.
/// </summary>
internal static class Magnitude
{
    /// <summary>The exponent e of the largest value, 2ᵉ ≤ |value| &lt; 2ᵉ⁺¹; 0 where all are 0.</summary>
    internal static int Exponent(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest > 0 ? Math.ILogB(largest) : 0;
    }

    /// <summary>(value − origin) / unit, where the difference may be larger than any double although the quotient is
    /// not.</summary>
    internal static double Quotient(double value, double origin, double unit)
    {
        double difference = value - origin;
        return double.IsFinite(difference) ? difference / unit : ((value / 2) - (origin / 2)) / unit * 2;
    }

    /// <summary>share · unit + origin, where the product may be larger than any double although the sum is not.</summary>
    internal static double Sum(double share, double unit, double origin)
    {
        double sum = (share * unit) + origin;
        return double.IsFinite(sum) ? sum : ((share * (unit / 4)) + (origin / 4)) * 4;
    }
}
