namespace Recurrent.Regularizers;

/// <summary>The gradient of a sum of magnitudes.</summary>
internal static class SignGradient
{
    /// <summary>gradient += factor · sign(values), where the sign of 0 is 0.</summary>
    /// <param name="values">The values.</param>
    /// <param name="gradient">Receives the gradient by addition.</param>
    /// <param name="factor">The factor.</param>
    public static void Add(ReadOnlySpan<Real> values, Span<Real> gradient, Real factor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            gradient[i] += values[i] > 0 ? factor : values[i] < 0 ? -factor : 0;
        }
    }
}
