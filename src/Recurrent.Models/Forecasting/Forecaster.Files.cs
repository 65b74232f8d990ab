using System.Globalization;
using Recurrent.Data;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Forecasting;

/// <content>Fitted forecasters as files.</content>
public abstract partial class Forecaster
{
    private const string DateFormat = "yyyy-MM-ddTHH:mm:ss.fffffff";

    /// <summary>
    /// Writes the fitted forecaster as one JSON file: options, preparation, what was fitted, calibration, networks. One read from
    /// it forecasts the same bits and takes in what comes.
    /// </summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted, or no reader could take the file.</exception>
    /// <exception cref="ArgumentException">The name ends as those of another format do.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        ConfigFile.Save(path, FileFormat.Forecaster, Content());

    /// <summary>Writes the fitted forecaster to a stream, as <see cref="Save(string)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted, or no reader could take the file.</exception>
    public void Save(Stream stream) =>
        ConfigFile.Save(stream, FileFormat.Forecaster, Content());

    /// <summary>Reads a forecaster that <see cref="Save(string)"/> has written, whichever method it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a forecaster; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Forecaster Load(string path, ReadLimits? limits = null) =>
        ConfigFile.Load(path, FileFormat.Forecaster, limits, null, ReadFitted);

    /// <summary>Reads a forecaster to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a forecaster; the message says where.</exception>
    public static Forecaster Load(Stream stream, ReadLimits? limits = null) =>
        ConfigFile.Load(stream, FileFormat.Forecaster, limits, null, ReadFitted);

    /// <summary>A forecaster of its own, fitted to the same: to be updated, for instance, while this one stays.</summary>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted.</exception>
    public virtual Forecaster Copy() => ReadFitted(new ConfigReader("the forecaster", Content()));

    /// <summary>The forecaster as plain data.</summary>
    internal Config Content() => new()
    {
        { "method", ComponentConfig.Of(this) },
        { "roles", WriteRoles(Roles) },
        { "series", fitted.Select(series => (object)WriteSeries(series)).ToArray() },
        { "left_out", leftOut.Select(series => (object)new Config { { "series", series.Series }, { "reason", series.Reason } })
            .ToArray() },
        { "notes", notes },
        { "state", GetState() },
    };

    /// <summary>A forecaster of plain data.</summary>
    /// <exception cref="ConfigException">The data are not those of one.</exception>
    internal static Forecaster ReadFitted(ConfigReader reader)
    {
        Forecaster forecaster = reader.Component("method", Forecasters.Registry);
        forecaster.roles = reader.Nested("roles", ReadRoles);
        forecaster.fitted = reader.NestedList("series", ReadSeries);
        forecaster.leftOut = reader.NestedList("left_out", ReadLeftOut);
        forecaster.notes = [.. reader.Strings("notes")];
        if (forecaster.fitted.Length == 0
            || forecaster.fitted.DistinctBy(one => one.Name).Count() != forecaster.fitted.Length)
        {
            throw new ConfigException("there must be series, and no name twice.") { Option = "series" };
        }

        reader.Nested("state", forecaster.SetState);
        return forecaster;
    }

    private static Config WriteRoles(SeriesRoles roles) => new()
    {
        { "targets", roles.Targets },
        { "past", roles.Past },
        { "future", roles.Future },
        { "static", roles.Static },
    };

    private static SeriesRoles ReadRoles(ConfigReader reader)
    {
        var roles = new SeriesRoles(
            reader.Strings("targets"), reader.Strings("past"), reader.Strings("future"), reader.Strings("static"));
        string[] all = [.. roles.Targets!, .. roles.Past!, .. roles.Future!];
        return roles.Targets!.Count > 0 && all.Distinct().Count() == all.Length
            ? roles
            : throw new ConfigException("there must be targets, and no variable twice.") { Option = "roles" };
    }

    private static Config WriteSeries(FittedSeries series) => new()
    {
        { "name", series.Name },
        { "count", series.Count },
        { "end", series.End?.ToString(DateFormat, CultureInfo.InvariantCulture) },
        { "frequency", series.Frequency?.Name },
    };

    private static FittedSeries ReadSeries(ConfigReader reader)
    {
        DateTime? end = null;
        if (reader.OptionalString("end") is { } text)
        {
            end = DateTime.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date)
                ? date : throw new ConfigException($"'{text}' is no date of the form {DateFormat}.") { Option = "end" };
        }

        long count = reader.Raw("count") is long and >= 0 and var whole ? whole
            : throw new ConfigException("the count must be a whole number of at least 0.") { Option = "count" };
        Frequency? frequency = null;
        return reader.OptionalString("frequency") is { } name && !Frequency.TryParse(name, out frequency)
            ? throw new ConfigException($"'{name}' is no frequency.") { Option = "frequency" }
            : new(reader.String("name"), count, end, frequency);
    }

    private static LeftOutSeries ReadLeftOut(ConfigReader reader) => new(reader.String("series"), reader.String("reason"));
}
