using System.Globalization;
using Recurrent.Data;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Forecasting;

/// <content>Fitted forecasters as files.</content>
public abstract partial class Forecaster
{
    private const string Format = "recurrent-forecaster";
    private const long Version = 1;
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
    public void Save(string path)
    {
        FileKinds.RequireJson(path);
        Config content = Content();
        AtomicFile.Write(path, stream => ConfigFile.Write(stream, Format, Version, content));
    }

    /// <summary>Writes the fitted forecaster to a stream, as <see cref="Save(string)"/> does to a file.</summary>
    /// <param name="stream">Receives it; it stays open.</param>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted, or no reader could take the file.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ConfigFile.Write(stream, Format, Version, Content());
    }

    /// <summary>Reads a forecaster that <see cref="Save(string)"/> has written, whichever method it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content of the file is not that of a forecaster; the message says
    /// where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Forecaster Load(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return Load(stream, limits);
    }

    /// <summary>Reads a forecaster to the end of a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="limits">How large it may be; null for <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="ModelFormatException">The content is not that of a forecaster; the message says where.</exception>
    public static Forecaster Load(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Config content = ConfigFile.Read(stream, Format, Version, limits ?? ReadLimits.Default);
        try
        {
            return Read(content);
        }
        catch (ConfigException exception)
        {
            throw new ModelFormatException(exception.Option ?? string.Empty, exception.Message, exception);
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            throw new ModelFormatException("state", exception.Message, exception);
        }
    }

    /// <summary>A forecaster of its own, fitted to the same: to be updated, for instance, while this one stays.</summary>
    /// <exception cref="InvalidOperationException">The forecaster is not fitted.</exception>
    public virtual Forecaster Copy() => Read(Content());

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
    internal static Forecaster Read(Config content)
    {
        var reader = new ConfigReader("forecaster", content);
        Forecaster forecaster = reader.OptionalComponent("method", Forecasters.Registry)
            ?? throw new ConfigException("the method is missing.") { Option = "method" };
        SeriesRoles roles = ReadRoles(new ConfigReader("roles", Nested(reader, "roles")));
        Config[] series = NestedList(reader, "series");
        forecaster.fitted = [.. series.Select((config, i) =>
            At(FormattableString.Invariant($"series[{i}]"), config, ReadSeries))];
        forecaster.leftOut = [.. NestedList(reader, "left_out").Select((config, i) =>
            At(FormattableString.Invariant($"left_out[{i}]"), config, ReadLeftOut))];
        forecaster.notes = Texts(reader, "notes");
        forecaster.roles = roles;
        if (series.Length == 0 || forecaster.fitted.DistinctBy(one => one.Name).Count() != series.Length)
        {
            throw new ConfigException("there must be series, and no name twice.") { Option = "series" };
        }

        Config state = Nested(reader, "state");
        reader.RefuseUnreadKeys();
        At("state", state, inner =>
        {
            forecaster.SetState(inner);
            return true;
        });
        return forecaster;
    }

    /// <summary>Forecasters inside another one's state, as <see cref="Content"/> has written them; null where there is
    /// none.</summary>
    private protected static Forecaster?[] ReadMembers(ConfigReader state, string key) =>
        state.Raw(key) is IReadOnlyList<object?> list && list.All(item => item is null or Config)
            ? [.. list.Select((item, i) => item is null ? null
                : ReadMember((Config)item, FormattableString.Invariant($"{key}[{i}]")))]
            : throw new ConfigException($"{state.Owner}: {key} must be a list of forecasters.") { Option = key };

    /// <summary>A forecaster inside another one's state.</summary>
    private protected static Forecaster ReadMember(Config content, string place)
    {
        try
        {
            return Read(content);
        }
        catch (ConfigException exception)
        {
            throw new ConfigException(exception.Message, exception)
            {
                Option = exception.Option is { } option ? $"{place}.{option}" : place,
            };
        }
    }

    /// <summary>A config inside another one.</summary>
    /// <exception cref="ConfigException">There is none under the key.</exception>
    private protected static Config Nested(ConfigReader reader, string key) => reader.Raw(key) as Config
        ?? throw new ConfigException($"{reader.Owner}: {key} must be an object.") { Option = key };

    /// <summary>A list of configs inside another one.</summary>
    /// <exception cref="ConfigException">There is none under the key.</exception>
    private protected static Config[] NestedList(ConfigReader reader, string key) =>
        reader.Raw(key) is IReadOnlyList<object?> list && list.All(item => item is Config)
            ? [.. list.Cast<Config>()]
            : throw new ConfigException($"{reader.Owner}: {key} must be a list of objects.") { Option = key };

    /// <summary>Reads a config inside another one, and says of what is wrong with it where it stands.</summary>
    private protected static T At<T>(string place, Config config, Func<ConfigReader, T> read)
    {
        try
        {
            var reader = new ConfigReader(place, config);
            T result = read(reader);
            reader.RefuseUnreadKeys();
            return result;
        }
        catch (Exception exception) when (exception is ArgumentException or ArithmeticException or InvalidOperationException)
        {
            string? option = (exception as ConfigException)?.Option;
            throw new ConfigException(exception.Message, exception) { Option = option is null ? place : $"{place}.{option}" };
        }
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
            Texts(reader, "targets"), Texts(reader, "past"), Texts(reader, "future"), Texts(reader, "static"));
        reader.RefuseUnreadKeys();
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
            : new(Text(reader, "name"), count, end, frequency);
    }

    private static LeftOutSeries ReadLeftOut(ConfigReader reader) => new(Text(reader, "series"), Text(reader, "reason"));

    private static string Text(ConfigReader reader, string key) => reader.OptionalString(key)
        ?? throw new ConfigException($"{reader.Owner} needs '{key}', which is missing.") { Option = key };

    private static string[] Texts(ConfigReader reader, string key) =>
        reader.Raw(key) is IReadOnlyList<object?> list && list.All(item => item is string)
            ? [.. list.Cast<string>()]
            : throw new ConfigException($"{reader.Owner}: {key} must be a list of texts.") { Option = key };
}
