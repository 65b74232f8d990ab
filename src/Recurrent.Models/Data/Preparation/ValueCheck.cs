namespace Recurrent.Data;

/// <summary>Refuses values that a scale or a method has no place for, and says where they stand.</summary>
internal static class ValueCheck
{
    /// <summary>Refuses the first value that has no place.</summary>
    /// <param name="values">The values; a missing one, NaN, is passed over.</param>
    /// <param name="refuse">What is wrong with a value and what to do, in sentences; null where nothing is.</param>
    /// <param name="nameOf">Names the value of a place: <see cref="Row"/> or <see cref="Given"/>.</param>
    /// <exception cref="ArgumentException">A value has no place.</exception>
    public static void Require(ReadOnlySpan<double> values, Func<double, string?> refuse, Func<int, string> nameOf)
    {
        if (Problem(values, refuse, nameOf) is { } problem)
        {
            throw new ArgumentException(problem);
        }
    }

    /// <summary>What is wrong with the first value that has no place; null where all have one.</summary>
    public static string? Problem(ReadOnlySpan<double> values, Func<double, string?> refuse, Func<int, string> nameOf)
    {
        int first = -1;
        int count = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]) && refuse(values[i]) is not null)
            {
                first = count++ == 0 ? i : first;
            }
        }

        string more = count > 1 ? FormattableString.Invariant($", the first of {count} such values") : string.Empty;
        return first < 0 ? null
            : FormattableString.Invariant($"{nameOf(first)} is {values[first]}{more}. {refuse(values[first])}");
    }

    /// <summary>One of bare numbers.</summary>
    public static string Given(int place) => FormattableString.Invariant($"Of the values given, value {place}");

    /// <summary>A row of a variable, with its date where one is known: <c>row 7 (2015-08-01) of variable 'x'</c>.</summary>
    public static string Row(int row, DateTime? date, string variable) => FormattableString.Invariant(
        $"row {row}{(date is { } known ? $" ({EvenDates.Text(known)})" : string.Empty)} of variable '{variable}'");
}
