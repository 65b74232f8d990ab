namespace Recurrent.Metrics;

/// <summary>Which of several outputs are the greatest.</summary>
internal static class Ranking
{
    /// <summary>The place of the greatest value, of equals the first.</summary>
    /// <param name="values">At least one value.</param>
    public static int Best(ReadOnlySpan<Real> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    /// <summary>Whether fewer than <paramref name="k"/> values are greater than one of them; equals all count as among the
    /// top.</summary>
    /// <param name="values">The values.</param>
    /// <param name="index">The place of the one; a place outside is never among the top.</param>
    /// <param name="k">How many there are at the top.</param>
    public static bool IsInTop(ReadOnlySpan<Real> values, int index, int k)
    {
        if (index < 0 || index >= values.Length || !Real.IsFinite(values[index]))
        {
            return false;
        }

        int greater = 0;
        foreach (Real value in values)
        {
            greater += value > values[index] ? 1 : 0;
        }

        return greater < k;
    }

    /// <summary>Whether a value is one of the <paramref name="k"/> greatest, of equals the first ones.</summary>
    /// <param name="values">The values.</param>
    /// <param name="index">The place of the value.</param>
    /// <param name="k">How many there are at the top.</param>
    public static bool IsAmong(ReadOnlySpan<Real> values, int index, int k)
    {
        int before = 0;
        for (int i = 0; i < values.Length; i++)
        {
            before += values[i] > values[index] || (values[i] == values[index] && i < index) ? 1 : 0;
        }

        return before < k;
    }
}
