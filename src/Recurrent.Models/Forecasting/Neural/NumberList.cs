using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Numbers of a file in which NaN, a missing value, is null.</summary>
internal static class NumberList
{
    /// <summary>Numbers as plain data.</summary>
    public static object Write(double[] numbers) =>
        Array.ConvertAll(numbers, number => double.IsNaN(number) ? null : (object?)number);

    /// <summary>Reads lists that <see cref="Write"/> wrote.</summary>
    /// <param name="reader">The file's part.</param>
    /// <param name="key">Where they stand.</param>
    /// <param name="count">How many lists there must be.</param>
    /// <exception cref="ConfigException">They are others.</exception>
    public static double[][] ReadAll(ConfigReader reader, string key, int count)
    {
        if (reader.Raw(key) is not IReadOnlyList<object?> lists || lists.Count != count)
        {
            throw new ConfigException(FormattableString.Invariant($"'{key}' must be {count} lists of numbers.")) { Option = key };
        }

        return [.. lists.Select(list => list is IReadOnlyList<object?> numbers
            ? (double[])[.. numbers.Select(number => number switch
            {
                null => double.NaN,
                long whole => whole,
                double value when double.IsFinite(value) => value,
                _ => throw new ConfigException($"'{key}' must hold finite numbers, or null where one is missing.") { Option = key },
            })]
            : throw new ConfigException($"'{key}' must hold lists of numbers.") { Option = key })];
    }
}
