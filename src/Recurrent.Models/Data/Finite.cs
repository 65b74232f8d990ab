namespace Recurrent.Data;

/// <summary>Refuses numbers that nothing can be computed from.</summary>
internal static class Finite
{
    /// <summary>Throws where a value is NaN or infinite.</summary>
    /// <param name="values">The values.</param>
    /// <param name="parameter">Name of the caller's parameter.</param>
    /// <exception cref="ArgumentException">One is; the message names its place.</exception>
    internal static void Check(ReadOnlySpan<double> values, string parameter)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant(
                        $"Value {i} is {values[i]}: fill or leave out values that are missing or infinite."), parameter);
            }
        }
    }
}
