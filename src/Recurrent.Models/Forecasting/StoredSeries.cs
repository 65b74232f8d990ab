using System.Globalization;
using Recurrent.Data;
using Recurrent.Registration;

namespace Recurrent.Forecasting;

/// <summary>Short stretches of series inside a state.</summary>
internal static class StoredSeries
{
    private const string DateFormat = "yyyy-MM-ddTHH:mm:ss.fffffff";
    private const int MostVariables = 10_000;

    /// <summary>A series as a value; <see cref="Read"/> reads it.</summary>
    internal static Config Write(TimeSeries series) => new()
    {
        { "name", series.Name },
        { "variables", series.Variables.ToArray() },
        { "offset", series.Offset },
        { "dates", series.Dates?.Select(date => date.ToString(DateFormat, CultureInfo.InvariantCulture)).ToArray() },
        { "frequency", series.Frequency?.Name },
        {
            "values", StoredState.Pack(
                [.. Enumerable.Range(0, series.Variables.Count).SelectMany(variable => series.Variable(variable).ToArray())])
        },
    };

    /// <summary>A series of a file.</summary>
    /// <exception cref="ArgumentException">It is missing, or none.</exception>
    internal static TimeSeries Read(ConfigReader state, string key) => state.Nested(key, Read);

    private static TimeSeries Read(ConfigReader reader)
    {
        string[] variables = [.. reader.Strings("variables")];
        if (variables.Length is < 1 or > MostVariables)
        {
            throw new ConfigException("there must be variables.") { Option = "variables" };
        }

        double[] values = StoredState.Numbers(reader, "values", variables.Length, allowMissing: true);
        int steps = values.Length / variables.Length;
        if (steps * variables.Length != values.Length)
        {
            throw new ConfigException("values must be as many of each variable.") { Option = "values" };
        }

        int offset = reader.Int("offset", 0);
        DateTime[]? dates = reader.OptionalStrings("dates")?.Select(text =>
            DateTime.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
                ? date : throw new ConfigException($"'{text}' is no date of the form {DateFormat}.") { Option = "dates" })
            .ToArray();
        Frequency? frequency = null;
        if (reader.OptionalString("frequency") is { } name && !Frequency.TryParse(name, out frequency))
        {
            throw new ConfigException($"'{name}' is no frequency.") { Option = "frequency" };
        }

        string called = reader.OptionalString("name") ?? string.Empty;
        return TimeSeries.OfStored(called, variables,
            [.. variables.Select((_, place) => values[(place * steps)..((place + 1) * steps)])], dates, frequency, offset);
    }
}
