namespace Recurrent.Layers;

/// <summary>What goes back through the largest or the smallest of several inputs.</summary>
internal static class Extreme
{
    /// <summary>
    /// The share of the gradient that an input gets: inputs are compared one after the other, the best so far with the next, and
    /// of two equal ones each gets half.
    /// </summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="index">Which input.</param>
    /// <param name="dy">Gradient of the output.</param>
    /// <param name="dx">Receives that of the input.</param>
    /// <param name="sign">1 for the largest, −1 for the smallest.</param>
    public static void CombineBack(IReadOnlyList<DenseMatrix> inputs, int index, ReadOnlySpan<Real> dy, Span<Real> dx, int sign)
    {
        for (int entry = 0; entry < dx.Length; entry++)
        {
            Real own = inputs[index].Values[entry] * sign;
            Real best = inputs[0].Values[entry] * sign;
            for (int i = 1; i < index; i++)
            {
                best = Real.Max(best, inputs[i].Values[entry] * sign);
            }

            Real share = index == 0 ? 1 : Share(own, best);
            best = Real.Max(best, own);
            for (int i = index + 1; i < inputs.Count && share > 0; i++)
            {
                Real next = inputs[i].Values[entry] * sign;
                share *= Share(best, next);
                best = Real.Max(best, next);
            }

            dx[entry] = share * dy[entry];
        }

        static Real Share(Real one, Real other) => one > other ? 1 : one == other ? (Real)0.5 : 0;
    }
}
